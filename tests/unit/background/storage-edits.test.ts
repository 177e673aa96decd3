// Changes to a page's cookies and storage, as the background makes them: through the browser for cookies that it listed,
// otherwise in the page.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createWatching } from '@/lib/browser/watching';
import type { AgentCommand } from '@/lib/page/wire';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import type { CookieChange } from '@/lib/protocol/view-message';
import type { SeenCookie } from '@/lib/web/cookies';
import type { FakeAgent } from '../fakes/agent';
import { browser, type FakeCookie, fake, grant } from '../fakes/browser';
import { ORIGIN } from '../fakes/make';
import { begin, flush, tab, type View, view } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));

type Kept = FakeCookie & { readonly value: string };
interface Details {
  readonly url: string;
  readonly name: string;
  readonly value: string;
  readonly storeId: string;
  readonly path?: string;
  readonly domain?: string;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly expirationDate?: number;
}
/** Writing cookies, which the shared browser fake lacks. */
const set = vi.fn<(details: Details) => Promise<object | null>>();
const remove = vi.fn<(details: Details) => Promise<object | null>>();

beforeEach(() => {
  const end = begin();
  fake.permissions.add('cookies');
  Object.assign(browser.cookies as object, { set, remove });
  const isOf =
    ({ url, name, storeId }: Details) =>
    (one: FakeCookie) =>
      one.name === name && one.storeId === storeId && one.domain.replace(/^\./, '') === new URL(url).hostname;
  set.mockReset().mockImplementation(async (details) => {
    const { value, domain, secure = false, httpOnly = false, path = '/' } = details;
    const made: Kept = {
      name: details.name,
      value,
      domain: domain ?? new URL(details.url).hostname,
      hostOnly: domain === undefined,
      storeId: details.storeId,
      path,
      httpOnly,
      secure,
      ...(details.expirationDate !== undefined && { expirationDate: details.expirationDate }),
    };
    fake.cookies = [...fake.cookies.filter((one) => !isOf(details)(one)), made];
    return made;
  });
  remove.mockReset().mockImplementation(async (details) => {
    const gone = fake.cookies.find(isOf(details)) ?? null;
    fake.cookies = fake.cookies.filter((one) => one !== gone);
    return gone;
  });
  return end;
});

const cookie = (over: Partial<SeenCookie> = {}): SeenCookie => ({
  name: '_snrs_uuid',
  value: 'old',
  domain: 'shop.example',
  path: '/',
  httpOnly: false,
  secure: true,
  expiresAt: null,
  ...over,
});

describe("a cookie in the browser's jar", () => {
  const watching = () => createWatching({ changed: () => undefined, cookie: () => undefined });
  beforeEach(() => {
    fake.tabs.set(7, { incognito: false, url: `${ORIGIN}/` });
    fake.tabs.set(8, { incognito: true, url: `${ORIGIN}/` });
  });

  it('gets a new value and keeps all its other attributes', async () => {
    const whole = cookie({
      domain: '.shop.example',
      path: '/pl',
      httpOnly: true,
      sameSite: 'no_restriction',
      expiresAt: 1_900_000_000_500,
    });
    expect(await watching().setCookie(7, whole, 'new')).toBe(true);
    expect(set.mock.calls).toEqual([
      [
        {
          url: 'https://shop.example/pl',
          name: '_snrs_uuid',
          value: 'new',
          storeId: '0',
          domain: '.shop.example',
          path: '/pl',
          secure: true,
          httpOnly: true,
          sameSite: 'no_restriction',
          expirationDate: 1_900_000_000.5,
        },
      ],
    ]);
    expect(remove).not.toHaveBeenCalled();
  });

  it('stays host-only, session-only, http and incognito', async () => {
    expect(await watching().setCookie(8, cookie({ secure: false }), '')).toBe(true);
    const [[given] = []] = set.mock.calls;
    expect(given).toMatchObject({ url: 'http://shop.example/', storeId: '1', value: '', secure: false, httpOnly: false });
    for (const absent of ['domain', 'expirationDate', 'sameSite']) expect(given).not.toHaveProperty(absent);
  });

  it('is removed by its own path and store', async () => {
    fake.cookies = [{ ...cookie(), domain: '.shop.example', hostOnly: false, storeId: '0' } as Kept];
    expect(await watching().setCookie(7, cookie({ domain: '.shop.example', path: '/pl' }), null)).toBe(true);
    expect(remove.mock.calls).toEqual([[{ url: 'https://shop.example/pl', name: '_snrs_uuid', storeId: '0' }]]);
    expect(set).not.toHaveBeenCalled();
  });

  it.each<[string, string | null]>([
    ['changed', 'new'],
    ['removed', null],
  ])('that the browser refuses to change is not %s', async (_name, value) => {
    set.mockResolvedValue(null);
    expect(await watching().setCookie(7, cookie(), value)).toBe(false);
  });

  it('is left alone without the permission, or if the tab has no store', async () => {
    expect(await watching().setCookie(9, cookie(), 'new')).toBe(false);
    fake.permissions.delete('cookies');
    expect(await watching().setCookie(7, cookie(), 'new')).toBe(false);
    expect(set).not.toHaveBeenCalled();
  });
});

describe('a view’s changes', () => {
  const kept = (of: View) =>
    of.messages.filter((message): message is Extract<BackgroundMessage, { type: 'storage-edited' }> => message.type === 'storage-edited');
  const keeps = (agent: FakeAgent) =>
    agent.commands.filter((command): command is Extract<AgentCommand, { kind: 'edit' }> => command.kind === 'edit');
  const inPage = (name: string, value: string | null = 'new'): CookieChange => ({ area: 'local', name, value });
  const byBrowser = (value: string | null, over: Partial<SeenCookie> = {}): CookieChange => {
    const seen = cookie(over);
    return { area: 'cookie', name: seen.name, value, cookie: seen };
  };
  const keep = (of: View, changes: readonly CookieChange[], origin = ORIGIN) =>
    of.say({ type: 'edit-storage', id: 'edit-1', origin, changes });

  /** A tab of a watched site, shown by a panel, whose page carries out edit commands. */
  async function shown() {
    fake.hosts.add(`${ORIGIN}/*`);
    const agent = tab(7, {
      says: [
        {
          kind: 'page',
          clients: [{ ref: 1, dialect: 'web', place: 'SR', version: null, state: 'ready', missing: [], unobserved: [] }],
          absent: false,
          load: 'loaded',
          strays: [],
          frames: 0,
          entered: '/',
          by: 'navigate',
          loaded: 0,
        },
        { kind: 'sample', client: 1, uuid: 'uuid-1', signedIn: null, simpleAuth: null, trouble: null, facts: {}, cookies: [], stored: [] },
      ],
    });
    agent.onCommand = (command) => {
      if (command.kind !== 'edit') return;
      const undo = command.changes.map(({ area, name }) => ({ area, name, value: 'old', at: [] }));
      agent.say({ kind: 'edited', id: command.id, undo, failed: [] });
    };
    fake.cookies = [{ ...cookie(), hostOnly: true, storeId: '0' } as Kept];
    const panel = view(7, { lends: true });
    await flush();
    return { agent, panel };
  }

  it('go to the page once, and every view of the tab gets what undoes them', async () => {
    const { agent, panel } = await shown();
    const popup = view(7);
    const elsewhere = view(8);
    await flush();
    keep(panel, [inPage('snr'), { area: 'cookie', name: '_snrs_a', value: null }]);
    await flush();
    const changes = [inPage('snr'), { area: 'cookie', name: '_snrs_a', value: null }];
    expect(keeps(agent)).toEqual([{ kind: 'edit', id: 'edit-1', origin: ORIGIN, changes }]);
    const undo = [
      { area: 'local', name: 'snr', value: 'old', at: [] },
      { area: 'cookie', name: '_snrs_a', value: 'old', at: [] },
    ];
    for (const one of [panel, popup]) expect(kept(one)).toEqual([{ type: 'storage-edited', id: 'edit-1', undo, failed: [] }]);
    expect(kept(elsewhere)).toEqual([]);
    expect(set).not.toHaveBeenCalled();
  });

  it('of a listed cookie go through the browser, are read back, and can be undone', async () => {
    const { agent, panel } = await shown();
    expect(panel.session().visit.jar).toMatchObject([{ name: '_snrs_uuid', value: 'old' }]);
    keep(panel, [byBrowser('new')]);
    await flush();
    expect(kept(panel)).toEqual([{ type: 'storage-edited', id: 'edit-1', undo: [byBrowser('old')], failed: [] }]);
    expect(panel.session().visit.jar).toMatchObject([{ value: 'new' }]);
    keep(panel, kept(panel)[0]?.undo ?? []);
    await flush();
    expect(panel.session().visit.jar).toMatchObject([{ value: 'old' }]);
    // Removed, and restored.
    keep(panel, [byBrowser(null)]);
    await flush();
    expect(panel.session().visit.jar).toEqual([]);
    keep(panel, kept(panel).at(-1)?.undo ?? []);
    await flush();
    expect(panel.session().visit.jar).toMatchObject([{ value: 'old' }]);
    expect(keeps(agent)).toEqual([]);
  });

  it('of both kinds get one answer each from browser and page', async () => {
    const { agent, panel } = await shown();
    set.mockRejectedValueOnce(new Error('refused'));
    keep(panel, [byBrowser('1', { name: '_snrs_a' }), inPage('snr'), byBrowser('2')]);
    await flush();
    expect(kept(panel)).toEqual([
      { type: 'storage-edited', id: 'edit-1', undo: [byBrowser('old')], failed: ['_snrs_a'] },
      { type: 'storage-edited', id: 'edit-1', undo: [{ area: 'local', name: 'snr', value: 'old', at: [] }], failed: [] },
    ]);
    expect(keeps(agent)).toMatchObject([{ changes: [{ area: 'local', name: 'snr' }] }]);
  });

  it('with no entries are answered too', async () => {
    const { panel } = await shown();
    keep(panel, []);
    await flush();
    expect(kept(panel)).toEqual([{ type: 'storage-edited', id: 'edit-1', undo: [], failed: [] }]);
  });

  it('meant for another site are not made', async () => {
    const { agent, panel } = await shown();
    keep(panel, [byBrowser('new'), inPage('snr')], 'https://other.example');
    await flush();
    expect(panel.messages.at(-1)).toMatchObject({ type: 'answer', id: 'edit-1', problem: { kind: 'gone' } });
    expect([kept(panel), keeps(agent), set.mock.calls]).toEqual([[], [], []]);
  });

  it('are not made if the page was left: the next one may belong to another site', async () => {
    const { agent, panel } = await shown();
    agent.navigate('doc-next', 'https://other.example');
    keep(panel, [inPage('snr')]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(keeps(agent)).toEqual([]);
  });
});

describe('the cookies permission', () => {
  it('is checked for each change: a grant while the worker runs takes effect', async () => {
    fake.permissions.delete('cookies');
    const watching = createWatching({ changed: () => undefined, cookie: () => undefined });
    fake.tabs.set(7, { incognito: false, url: `${ORIGIN}/` });
    expect(await watching.setCookie(7, cookie(), 'new')).toBe(false);
    fake.permissions.add('cookies');
    grant(`${ORIGIN}/*`);
    expect(await watching.setCookie(7, cookie(), 'new')).toBe(true);
  });
});
