// What a document reveals about its SDK: the script that loads it, what inline scripts pass to init(), and snippets that did not run.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Markup, readMarkup } from '@/lib/page/markup';
import { parseMarkup } from '@/lib/protocol/agent';

const ORIGIN = 'https://shop.example';
interface Script {
  readonly text?: string;
  readonly type?: string;
  readonly src?: string;
}
const timings: Record<string, { startTime: number; duration: number }> = {};

function inPage(scripts: readonly Script[], { namespace, templates = [], cookie = '' }: Partial<Given> = {}): Markup {
  const whole = ({ text = '', type = '', src = '' }: Script) => ({ text, type, src });
  vi.stubGlobal('window', namespace === undefined ? {} : { SyneriseObjectNamespace: namespace });
  vi.stubGlobal('location', { href: `${ORIGIN}/cart`, origin: ORIGIN });
  vi.stubGlobal('performance', { getEntriesByName: (name: string) => (timings[name] ? [timings[name]] : []) });
  vi.stubGlobal('document', {
    scripts: scripts.map(whole),
    querySelectorAll: () => templates.map((one) => ({ content: { querySelectorAll: () => [whole(one)] } })),
    cookie,
  });
  const told = readMarkup();
  // The background accepts it after the transfer.
  expect(parseMarkup(JSON.parse(JSON.stringify(told)))).toEqual(told);
  return told;
}
interface Given {
  readonly namespace: string;
  readonly templates: readonly Script[];
  readonly cookie: string;
}
afterEach(() => {
  vi.unstubAllGlobals();
  for (const name of Object.keys(timings)) delete timings[name];
});

const KEY = '0c5a1e0d-1111-4222-8333-444455556666';
const SNIPPET = `(function(w,d,src){w.SyneriseObjectNamespace='SR';w.SR=w.SR||[]})(window,document,'//web.snrbox.com/synerise-javascript-sdk.min.js')`;

describe('options passed to init()', () => {
  const initsOf = (text: string, namespace = 'SR') => inPage([{ text }], { namespace }).inits;
  it.each<[what: string, text: string, inits: Markup['inits']]>([
    ['a key', `SR.init({ trackerKey: '${KEY}' })`, [{ of: 'SR', options: { trackerKey: KEY } }]],
    ['a key in quotes', `SR.init({"trackerKey":"${KEY}"})`, [{ of: 'SR', options: { trackerKey: KEY } }]],
    [
      'options, including nested ones',
      `window.SR.init({ trackerKey: "${KEY}", domain: '.shop.example', cookieExpiration: 60, disableWebPush: true, dynamicContent: { virtualPage: true } });`,
      [{ of: 'SR', options: { trackerKey: KEY, domain: '.shop.example', cookieExpiration: 60, disableWebPush: true, virtualPage: true } }],
    ],
    [
      'two namespaces with their own options',
      `SR.init({trackerKey:'one'}); Other.init({trackerKey:'two',domain:'.o.example'})`,
      [
        { of: 'SR', options: { trackerKey: 'one' } },
        { of: 'Other', options: { trackerKey: 'two', domain: '.o.example' } },
      ],
    ],
    ['the old loader’s call', `SR.auth.apiKey("${KEY}"); SR.init();`, [{ of: 'SR', options: { trackerKey: KEY } }]],
    ['no key, on the chosen namespace', 'SR.init({ customPageVisit: true })', [{ of: 'SR', options: { customPageVisit: true } }]],
    [
      'a comment: nothing',
      `// SR.init({ trackerKey: 'old' })\n/* SR.init({ trackerKey: 'older' }) */ SR.init({ trackerKey: 'new' }); // 'end'`,
      [{ of: 'SR', options: { trackerKey: 'new' } }],
    ],
    [
      'a URL, whose // is not a comment',
      `var a = 'https://x.example'; SR.init({ trackerKey: 'new' })`,
      [{ of: 'SR', options: { trackerKey: 'new' } }],
    ],
    [
      'a URL with a password',
      `Synerise.Initializer().withBaseUrl('https://me:pass@api.example/x?key=1').init()`,
      [{ of: '', options: { baseUrl: 'https://api.example/x' } }],
    ],
    ['variables: nothing', 'SR.init({ trackerKey: key, domain })', []],
    ['a call of another library: nothing', `Sentry.init({ dsn: 'https://x@y', debug: true })`, []],
    [
      'a string of an unknown option: nothing, because it may be secret',
      `SR.init({ trackerKey: '${KEY}', password: 'hunter2' })`,
      [{ of: 'SR', options: { trackerKey: KEY } }],
    ],
    [
      'the builder of the other SDKs',
      `Synerise.Initializer().withApiKey('secret').withBaseUrl("https://api.example").withInitialDoNotTrack(true).init()`,
      [{ of: '', options: { baseUrl: 'https://api.example', initialDoNotTrack: true } }],
    ],
    [
      'code after the object: nothing',
      `SR.init({ trackerKey: 'a' }); var x = { debug: true };`,
      [{ of: 'SR', options: { trackerKey: 'a' } }],
    ],
  ])('%s', (_what, text, inits) => {
    expect(initsOf(text)).toEqual(inits);
  });

  it('are read only from scripts that run', () => {
    expect(inPage([{ text: `SR.init({trackerKey:'a'})`, type: 'text/plain' }])).toMatchObject({ inits: [], keys: [] });
    expect(inPage([], { templates: [{ text: `SR.init({trackerKey:'a'})` }] }).inits).toEqual([]);
  });

  it('are limited, whatever the page contains', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ text: `SR.init({ trackerKey: 'key-${index}' });`.repeat(30) }));
    expect(inPage(many, { namespace: 'SR' }).inits).toHaveLength(20);
    expect(inPage([{ text: `SR.init({${'{'.repeat(100_000)}` }], { namespace: 'SR' }).inits).toEqual([]);
    expect(inPage([{ text: '/* SR.init({ '.repeat(10_000) }], { namespace: 'SR' }).inits).toEqual([]);
  });
});

describe('the script', () => {
  const ADDRESS = 'https://web.snrbox.com/synerise-javascript-sdk.min.js';
  it('is recognized by its name, or by the address in the snippet', () => {
    const none = { from: null, took: null };
    expect(inPage([{ src: `${ADDRESS}?v=3` }]).scripts).toEqual([{ address: ADDRESS, ...none }]);
    expect(inPage([{ text: SNIPPET }], { namespace: 'SR' }).scripts).toEqual([{ address: ADDRESS, ...none }]);
    // A tracking domain need not contain the vendor's name (facts §3.6).
    const own = SNIPPET.replace(/\/\/web[^']*/, '/own.js');
    expect(inPage([{ text: own }, { src: `${ORIGIN}/own.js` }], { namespace: 'SR' }).scripts).toEqual([
      { address: `${ORIGIN}/own.js`, ...none },
    ]);
    expect(
      inPage([
        { src: 'https://shop.synerise.example/app.js?synerise' },
        { src: `${ORIGIN}/app.js` },
        { src: 'data:text/javascript,synerise' },
        { src: 'http://[synerise' },
      ]).scripts,
    ).toEqual([]);
  });
  it('is reported with the timing of its request', () => {
    timings[ADDRESS] = { startTime: 100_000_000, duration: 1 };
    // A start time more than a day after the page's start is left out; the rest is kept.
    expect(inPage([{ src: ADDRESS }]).scripts).toEqual([{ address: ADDRESS, from: null, took: 1 }]);
    timings[ADDRESS] = { startTime: 120.4, duration: 79.6 };
    expect(inPage([{ src: ADDRESS }]).scripts).toEqual([{ address: ADDRESS, from: 120, took: 80 }]);
  });
  it('is found when the page has replaced performance', () => {
    const told = inPage([{ src: ADDRESS }]);
    vi.stubGlobal('performance', {});
    expect(readMarkup().scripts).toEqual(told.scripts);
  });
});

it('reports snippets that did not run, and the cookies present', () => {
  const of = (script: Script, given: Partial<Given> = {}) => inPage([script], given).idle;
  expect(of({ text: SNIPPET, type: 'text/plain' })).toEqual([{ why: 'type', type: 'text/plain' }]);
  expect(of({ text: SNIPPET, type: 'text/partytown' })).toEqual([{ why: 'worker', type: 'text/partytown' }]);
  expect(of({ text: SNIPPET })).toEqual([{ why: 'blocked', type: '' }]);
  expect(of({ text: SNIPPET }, { namespace: 'SR' })).toEqual([]);
  expect(inPage([], { templates: [{ text: SNIPPET }] }).idle).toEqual([{ why: 'template', type: '' }]);
  expect(inPage([], { cookie: '_snrs_uuid=1; other=2; _snrs_p=a:b' }).cookies).toEqual(['_snrs_uuid=1', '_snrs_p=a:b']);
});

it('reports the tracker keys of all inline scripts once each, ignoring comments', () => {
  const texts = [
    'SR.init({ "trackerKey": "one-1" })',
    '',
    "x({trackerKey:'two-2'}); y({ trackerKey : 'one-1' })",
    '/* trackerKey: "three" */ // trackerKey: "four"',
  ];
  expect(inPage(texts.map((text) => ({ text }))).keys).toEqual(['one-1', 'two-2']);
});
