// Changes to a page's cookies and Web Storage, and how they are undone.
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Change, cookiesOf, type Kept, makeChange, putCookie, storedOf, takeCookie, type Undo } from '@/lib/page/cookie-jar';
import { closePage, fakeSdk, only, openPage, startAgent } from '../page/page';

interface Cookie {
  readonly name: string;
  readonly value: string;
  /** With a leading dot for a domain cookie, without one for a host-only cookie, as browsers report it. */
  readonly domain: string;
  readonly path: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: string;
  readonly age: number;
  /** Position in the order of creation. */
  readonly nth: number;
}

/** A browser's cookie jar, read and written through `document.cookie` of the page at `address` (RFC 6265bis §5.6, §5.7). */
function openJar(address: string) {
  let url = new URL(address);
  let jar: Cookie[] = [];
  let count = 0;
  let writes = 0;
  const open = () => {
    vi.stubGlobal('location', { hostname: url.hostname, pathname: url.pathname, protocol: url.protocol });
  };
  const domainFits = (domain: string) => (domain[0] === '.' ? `.${url.hostname}`.endsWith(domain) : domain === url.hostname);
  const pathFits = (path: string) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
  const isSame = (one: Cookie, other: Cookie) => one.name === other.name && one.domain === other.domain && one.path === other.path;
  const visible = () =>
    jar
      .filter((one) => domainFits(one.domain) && pathFits(one.path) && !one.httpOnly && (!one.secure || url.protocol === 'https:'))
      .sort((a, b) => b.path.length - a.path.length || a.nth - b.nth);
  const put = (cookie: Omit<Cookie, 'nth'>) => {
    const before = jar.find((one) => isSame(one, cookie as Cookie));
    jar = jar.filter((one) => one !== before);
    if (cookie.age > 0) jar.push({ ...cookie, nth: before?.nth ?? count++ });
  };
  const write = (text: string) => {
    writes += 1;
    // A line break or NUL cuts off the rest.
    const [pair = '', ...rest] = (text.split(/[\0\r\n]/)[0] ?? '').split(';');
    const attributes = new Map(
      rest.map((one): [string, string] => [one.split('=')[0]?.trim() ?? '', one.split('=').slice(1).join('=').trim()]),
    );
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (name.length + value.length > 4096) return;
    const wanted = attributes.get('domain') ?? '';
    // No cookie may be set for a public suffix.
    if (wanted && (!wanted.includes('.') || !domainFits(`.${wanted}`))) return;
    const given = attributes.get('path') ?? '';
    const path = given[0] === '/' ? given : url.pathname.slice(0, url.pathname.lastIndexOf('/')) || '/';
    const cookie = {
      name,
      value,
      domain: wanted ? `.${wanted}` : url.hostname,
      path,
      httpOnly: false,
      secure: attributes.has('secure'),
      sameSite: attributes.get('samesite') ?? '',
      age: Number(attributes.get('max-age')),
    };
    if (cookie.secure && url.protocol !== 'https:') return;
    // Script cannot change an HttpOnly cookie.
    if (jar.some((one) => isSame(one, cookie as Cookie) && one.httpOnly)) return;
    put(cookie);
  };
  open();
  vi.stubGlobal('document', {
    get cookie() {
      return visible()
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
    },
    set cookie(text: string) {
      write(text);
    },
  });
  return {
    /** Sets a cookie as the server or another page would. */
    has: (name: string, value: string, over: Partial<Cookie> = {}) =>
      put({ name, value, domain: url.hostname, path: '/', httpOnly: false, secure: false, sameSite: '', age: 1000, ...over }),
    goTo(next: string) {
      url = new URL(next);
      open();
    },
    shown: () => document.cookie,
    all: () => jar.map(({ name, value, domain, path }) => `${name}=${value} ${domain}${path}`).sort(),
    one: (name: string) => jar.find((cookie) => cookie.name === name),
    writes: () => writes,
  };
}

const PAGE = 'https://www.shop.example/pl/cart';
const cookie = (name: string, value: string | null, at?: Change['at']): Change => ({ area: 'cookie', name, value, ...(at && { at }) });
const made = (change: Change): Undo => {
  const undo = makeChange(change);
  if (!undo) throw new Error(`not made: ${change.name}`);
  return undo;
};

afterEach(() => vi.unstubAllGlobals());

/** The domains and paths of cookies that `PAGE` can see, as browsers report them. */
const DOMAINS = ['www.shop.example', '.www.shop.example', '.shop.example'];
const PATHS = ['/', '/pl', '/pl/', '/pl/cart'];
const PLACES = DOMAINS.flatMap((domain) => PATHS.map((path) => ({ domain, path })));

describe('setting and removing cookies', () => {
  it('sets a long-lived cookie with its domain and path and SameSite=Lax', () => {
    const jar = openJar(PAGE);
    putCookie({ name: '_snrs_a', value: 'x=y', domain: 'shop.example', path: '/pl' });
    expect(jar.one('_snrs_a')).toMatchObject({ value: 'x=y', domain: '.shop.example', path: '/pl', secure: true, sameSite: 'lax' });
    expect(jar.one('_snrs_a')?.age).toBe(400 * 86_400);
    jar.goTo('http://www.shop.example/');
    putCookie({ name: '_snrs_b', value: '1', domain: '', path: '/' });
    expect(jar.one('_snrs_b')).toMatchObject({ domain: 'www.shop.example', secure: false });
  });

  it.each(PLACES)('removes one from $domain$path and returns its place, so that it can be restored', ({ domain, path }) => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', '1', { domain, path });
    jar.has('other', '2', { domain, path });
    const before = jar.all();
    const taken = takeCookie('_snrs_a');
    expect(taken).toMatchObject([{ name: '_snrs_a', value: '1' }]);
    expect(jar.all()).toEqual([`other=2 ${domain}${path}`]);
    for (const one of taken) putCookie(one);
    expect(jar.all()).toEqual(before);
  });

  it('removes all cookies of a name, each with its own value, and none whose name only contains it', () => {
    const jar = openJar(PAGE);
    PLACES.forEach((place, index) => {
      jar.has('_snrs_a', `v${index}`, place);
    });
    jar.has('_snrs_ab', 'stays');
    jar.has('a_snrs_a', 'stays');
    const taken = takeCookie('_snrs_a');
    expect(taken.map(({ value }) => value).sort()).toEqual(PLACES.map((_, index) => `v${index}`).sort());
    expect(jar.all()).toEqual(['_snrs_ab=stays www.shop.example/', 'a_snrs_a=stays www.shop.example/']);
  });

  it('distinguishes two cookies with the same value', () => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', 'same');
    jar.has('_snrs_a', 'same', { domain: '.shop.example', path: '/pl' });
    const before = jar.all();
    const taken: Kept[] = takeCookie('_snrs_a');
    expect(taken).toHaveLength(2);
    for (const one of taken) putCookie(one);
    expect(jar.all()).toEqual(before);
  });

  it('writes nothing when the page cannot see the cookie', () => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', '1', { domain: 'shop.example' });
    expect(takeCookie('_snrs_a')).toEqual([]);
    expect(jar.writes()).toBe(0);
  });
});

describe('a cookie change', () => {
  it.each(PLACES)('on $domain$path keeps its place, and is undone', (place) => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', 'old', place);
    const before = jar.all();
    const undo = made(cookie('_snrs_a', 'new=1'));
    expect(jar.all()).toEqual([`_snrs_a=new=1 ${place.domain}${place.path}`]);
    made(undo);
    expect(jar.all()).toEqual(before);
  });

  it.each(PLACES)('that removes it from $domain$path is undone, including value and place', (place) => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', 'old', place);
    const before = jar.all();
    const undo = made(cookie('_snrs_a', null));
    expect(jar.all()).toEqual([]);
    expect(made(undo)).toMatchObject({ value: null });
    expect(jar.all()).toEqual(before);
  });

  it('of one with two places changes both, and is undone in both', () => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', 'host');
    jar.has('_snrs_a', 'domain', { domain: '.shop.example', path: '/pl' });
    const before = jar.all();
    const undo = made(cookie('_snrs_a', 'new'));
    expect(jar.all()).toEqual(['_snrs_a=new .shop.example/pl', '_snrs_a=new www.shop.example/']);
    expect(undo.at.map(({ value }) => value).sort()).toEqual(['domain', 'host']);
    made(undo);
    expect(jar.all()).toEqual(before);
    // Removed from both.
    made(made(cookie('_snrs_a', null)));
    expect(jar.all()).toEqual(before);
  });

  it('that creates one sets it for this host at /, and is undone by removing it', () => {
    const jar = openJar(PAGE);
    const undo = made(cookie('_snrs_a', 'new'));
    expect(jar.all()).toEqual(['_snrs_a=new www.shop.example/']);
    expect(undo).toEqual({ area: 'cookie', name: '_snrs_a', value: null, at: [] });
    made(undo);
    expect(jar.all()).toEqual([]);
  });

  it('with a given place sets it there, whatever exists elsewhere', () => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', 'old', { path: '/pl' });
    made(cookie('_snrs_a', null, [{ domain: 'shop.example', path: '/', value: 'told' }]));
    expect(jar.all()).toEqual(['_snrs_a=told .shop.example/']);
  });

  it.each(['a;b', 'a; domain=shop.example', 'a\nb', 'a\r'])('to %j is refused without writing anything', (value) => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', 'old');
    expect(makeChange(cookie('_snrs_a', value))).toBeNull();
    expect(jar.writes()).toBe(0);
    expect(jar.shown()).toBe('_snrs_a=old');
  });

  it('is not made when the existing cookie is HttpOnly', () => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', 'old', { httpOnly: true });
    expect(makeChange(cookie('_snrs_a', 'new'))).toBeNull();
    expect(jar.all()).toEqual(['_snrs_a=old www.shop.example/']);
  });

  it('to a value too long for a browser is not made, and the old cookies are restored', () => {
    const jar = openJar(PAGE);
    jar.has('_snrs_a', 'host', { path: '/pl/' });
    jar.has('_snrs_a', 'domain', { domain: '.shop.example' });
    const before = jar.all();
    expect(makeChange(cookie('_snrs_a', 'x'.repeat(4096)))).toBeNull();
    expect(jar.all()).toEqual(before);
  });

  it('to a place out of reach is not made', () => {
    const jar = openJar(PAGE);
    expect(makeChange(cookie('_snrs_a', null, [{ domain: 'other.example', path: '/', value: '1' }]))).toBeNull();
    expect(jar.all()).toEqual([]);
  });

  it('of any kind in any places is undone completely', () => {
    const place = fc.constantFrom(...PLACES);
    const value = fc.stringMatching(/^[a-z0-9=&:%]{0,8}$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, value), { maxLength: 4 }),
        fc.option(value, { nil: null }),
        fc.constantFrom(PAGE, 'http://www.shop.example/pl/cart'),
        (cookies, to, page) => {
          vi.unstubAllGlobals();
          const jar = openJar(page);
          for (const [at, text] of cookies) jar.has('_snrs_a', text, at);
          jar.has('_snrs_b', 'untouched', { path: '/pl' });
          const before = jar.all();
          const undo = makeChange(cookie('_snrs_a', to));
          fc.pre(undo !== null);
          const names = to === null ? [] : (before.length > 1 ? cookies : [0]).map(() => `_snrs_a=${to}`);
          expect(new Set(cookiesOf('_snrs_a'))).toEqual(new Set(names));
          makeChange(undo as Undo);
          expect(jar.all()).toEqual(before);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** A fake Web Storage of `quota` characters. Like a browser's, its keys are own properties. */
function openStore(area: 'local' | 'session', quota = Infinity) {
  const store: Record<string, string> = {};
  const methods = {
    getItem: (key: string) => store[key] ?? null,
    setItem(key: string, value: string) {
      const others = Object.entries(store).filter(([name]) => name !== key);
      if (others.reduce((sum, pair) => sum + pair.join('').length, key.length + value.length) > quota)
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      store[key] = value;
    },
    removeItem: (key: string) => void delete store[key],
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(store, name, { value });
  vi.stubGlobal(`${area}Storage`, store);
  return store;
}

describe('a Web Storage change', () => {
  it.each(['local', 'session'] as const)('in %s can write and remove, and both can be undone', (area) => {
    const store = openStore(area);
    openStore(area === 'local' ? 'session' : 'local');
    const undoNew = made({ area, name: 'snr-a', value: '1;2\n' });
    expect(storedOf(['snr'])).toEqual([`${area}:snr-a=1;2\n`]);
    expect(undoNew).toEqual({ area, name: 'snr-a', value: null, at: [] });
    const undoEdit = made({ area, name: 'snr-a', value: '' });
    expect({ ...store }).toEqual({ 'snr-a': '' });
    made(undoEdit);
    expect({ ...store }).toEqual({ 'snr-a': '1;2\n' });
    const undoGone = made({ area, name: 'snr-a', value: null });
    expect({ ...store }).toEqual({});
    made(undoGone);
    made(undoNew);
    expect({ ...store }).toEqual({});
  });

  it('that exceeds the quota throws and leaves the old value', () => {
    const store = openStore('local', 20);
    made({ area: 'local', name: 'snr', value: 'fits' });
    expect(() => makeChange({ area: 'local', name: 'snr', value: 'x'.repeat(21) })).toThrow('quota');
    expect({ ...store }).toEqual({ snr: 'fits' });
  });

  it('throws without a store, and is not made when the store ignores it', () => {
    vi.stubGlobal('localStorage', undefined);
    expect(() => makeChange({ area: 'local', name: 'snr', value: '1' })).toThrow();
    vi.stubGlobal('localStorage', { getItem: () => 'fixed', setItem: () => undefined, removeItem: () => undefined });
    expect(makeChange({ area: 'local', name: 'snr', value: '1' })).toBeNull();
    expect(makeChange({ area: 'local', name: 'snr', value: null })).toBeNull();
  });

  it('stored keys are matched in any case in both stores, truncated, and limited to sixty', () => {
    const [local, session] = [openStore('local'), openStore('session')];
    Object.assign(local, { SNRS_one: '1', cart: '2', long_synerise: 'x'.repeat(900) });
    Object.assign(session, { 'my-snr': '3' });
    const told = storedOf(['snr', 'synerise']);
    expect(told.map((one) => one.slice(0, 20))).toEqual(['local:SNRS_one=1', 'local:long_synerise=', 'session:my-snr=3']);
    expect(told[1]?.length).toBeLessThan(540);
    Object.assign(local, Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`snr-${n}`, ''])));
    expect(storedOf(['snr'])).toHaveLength(60);
  });
});

describe('the agent', () => {
  async function asked(origin: string, quota?: number) {
    openPage();
    onTestFinished(closePage);
    vi.stubGlobal('Synerise', fakeSdk().synerise);
    const stores = { local: openStore('local', quota), session: openStore('session') };
    const agent = await startAgent();
    await agent.pass(1000);
    const changes: Change[] = [
      { area: 'local', name: 'snr', value: 'longer than fits' },
      { area: 'session', name: 'snr', value: '1' },
    ];
    const command = { kind: 'edit', id: 'edit-1', origin, changes } as const;
    return { agent, stores, kept: () => only(agent.ask({ command }), 'edited') };
  }

  it('makes each change it can, reports how to undo it, and runs a command once', async () => {
    const { stores, kept } = await asked('https://shop.example', 10);
    const undo = [{ area: 'session', name: 'snr', value: null, at: [] }];
    expect(kept()).toMatchObject([{ id: 'edit-1', undo, failed: ['snr'] }]);
    expect([{ ...stores.local }, { ...stores.session }]).toEqual([{}, { snr: '1' }]);
    expect(kept()).toEqual([]);
  });

  it('changes nothing on a different site from the intended one', async () => {
    const { stores, kept } = await asked('https://other.example');
    expect(kept()).toMatchObject([{ id: 'edit-1', undo: [], failed: ['snr', 'snr'] }]);
    expect([{ ...stores.local }, { ...stores.session }]).toEqual([{}, {}]);
  });
});
