/**
 * The little of `browser` that the background uses, in memory: `vi.mock('wxt/browser', () => import('../fakes/browser'))`.
 * It stands as `globalThis.browser` too. Each call that gives a promise is counted, and a worker can die at any of them.
 */
import { fakeEvent } from './ports';

export interface Injection {
  readonly target: { readonly tabId: number; readonly frameIds?: readonly number[]; readonly allFrames?: boolean };
  /** Absent: beside the page. */
  readonly world?: string;
  readonly func?: unknown;
  readonly args?: readonly unknown[];
  readonly files?: readonly string[];
}

/** A content script as it is registered. */
export interface Registered {
  readonly id: string;
  readonly js: readonly string[];
  readonly matches: readonly string[];
  readonly world: string;
  readonly allFrames: boolean;
  readonly runAt: string;
}

export interface FakeTab {
  readonly incognito: boolean;
  readonly url?: string;
  readonly discarded?: boolean;
  readonly frozen?: boolean;
}

export interface FakeCookie {
  readonly name: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly storeId: string;
  readonly path: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly expirationDate?: number;
}

type Changes = Record<string, { readonly newValue?: unknown }>;
type Sender = { readonly id?: string; readonly tab?: { readonly id: number }; readonly documentLifecycle?: string };
type Permissions = { readonly origins?: readonly string[]; readonly permissions?: readonly string[] };

/** What the browser raises, and who listens. */
const events = () => ({
  changed: fakeEvent<[Changes]>(),
  permitted: fakeEvent<[Permissions?]>(),
  dropped: fakeEvent<[Permissions?]>(),
  cookieChanged: fakeEvent<[{ cookie: FakeCookie; removed: boolean; cause: string }]>(),
  connected: fakeEvent<[unknown]>(),
  messaged: fakeEvent<[unknown, Sender]>(),
  installed: fakeEvent<[]>(),
  startup: fakeEvent<[]>(),
  rang: fakeEvent<[{ name: string }]>(),
  updated: fakeEvent<[number, { status?: string; discarded?: boolean; frozen?: boolean }]>(),
  replaced: fakeEvent<[number, number]>(),
  removed: fakeEvent<[number]>(),
  commanded: fakeEvent<[string, { id?: number }?]>(),
  clicked: fakeEvent<[string]>(),
  beforeRequest: fakeEvent<[object]>(),
  sendHeaders: fakeEvent<[object]>(),
  completed: fakeEvent<[object]>(),
  failed: fakeEvent<[object]>(),
});

const begin = () => ({
  ...events(),
  storage: new Map<string, unknown>(),
  /** Bytes that `storage.session` takes, by the length of keys and JSON; `null` for no limit. */
  quota: null as number | null,
  local: new Map<string, unknown>(),
  localFails: false,
  /** How long a write takes to be there; `null` for at once. */
  beforeSet: null as (() => Promise<void>) | null,
  alarms: new Map<string, number>(),
  /** When each alarm was made: a browser rings none earlier than half a minute after. */
  alarmsMade: new Map<string, number>(),
  badges: new Map<number, { text?: string; color?: string }>(),
  badgeFails: false,
  /** Host permissions, as match patterns. */
  hosts: new Set<string>(),
  /** Other optional permissions. */
  permissions: new Set<string>(),
  tabs: new Map<number, FakeTab>(),
  /** Frames of a tab beside the top frame. */
  frames: new Map<number, readonly number[]>(),
  injections: [] as Injection[],
  registered: new Map<string, Registered>(),
  registrations: 0,
  cookies: [] as FakeCookie[],
  notifications: new Map<string, { readonly title: string; readonly message: string }>(),
  /** What was told to content scripts; those of a tab that has none there fail. */
  messages: [] as { readonly tab: number; readonly message: unknown; readonly frameId?: number }[],
  relays: new Set<number>(),
  /** What a tab's relay does with a message. */
  told: (_tab: number, _message: unknown): void => undefined,
  popups: 0,
  /** What `executeScript` gives back as the result in one frame. */
  execute: (_injection: Injection, _frameId: number): Promise<unknown> => Promise.reject(new Error('nothing was programmed')),
  /** All that was done, in order. */
  log: [] as string[],
  /** Names of the calls that the worker made, while `counting`. */
  calls: [] as string[],
  counting: false,
  /** The worker dies at its call of this number (from 1), before the browser hears of it or after it did all of it. */
  dies: null as { readonly at: number; readonly when: 'before' | 'after' } | null,
  dead: false,
  /** Called as the worker dies. */
  died: (): void => undefined,
  /** Which worker lives: what one asked that died is never answered. */
  worker: 0,
});

/** The state behind the fake, for tests to set and look at. */
export const fake = begin();

/** Puts all back to the beginning. */
export const resetBrowser = (): void => void Object.assign(fake, begin());

const never = <T>() => new Promise<T>(() => undefined);

/** The worker is dead from now on: nothing that it does is heard, and nothing that it asked is answered. */
export function killWorker(): void {
  fake.dead = true;
  fake.worker += 1;
  fake.died();
  for (const event of Object.keys(events()) as (keyof ReturnType<typeof events>)[]) fake[event].clear();
}

/** The worker asks something of somebody else: when it dies by that, if it does. `before`: nobody heard it. */
export function cross(name: string): 'before' | 'after' | null {
  if (!fake.counting) return null;
  fake.calls.push(name);
  const dies = fake.dies?.at === fake.calls.length ? fake.dies.when : null;
  if (dies === 'before') killWorker();
  return dies;
}

/** A function of the browser's API that gives a promise. */
function api<Args extends unknown[], T>(name: string, work: (...args: Args) => Promise<T> | T): (...args: Args) => Promise<T> {
  return async (...args) => {
    if (fake.dead) return never();
    const asking = fake.worker;
    const dies = cross(name);
    if (dies === 'before') return never();
    const working = (async () => work(...args))();
    if (dies === 'after') {
      // What throws is nobody's any more.
      working.catch(() => undefined);
      killWorker();
      return never();
    }
    try {
      const result = await working;
      return fake.worker === asking ? result : never<T>();
    } catch (error) {
      if (fake.worker !== asking) return never<T>();
      throw error;
    }
  };
}

/** The alarms that ring now, as the browser would ring them: each once. */
export function ringDue(): void {
  for (const [name] of [...fake.alarms].filter(([name]) => alarmDue(name) <= Date.now()).sort((a, b) => a[1] - b[1])) {
    fake.alarms.delete(name);
    fake.rang.raise({ name });
  }
}

/** When an alarm rings. */
export const alarmDue = (name: string): number => Math.max(fake.alarms.get(name) ?? 0, (fake.alarmsMade.get(name) ?? 0) + 30_000);

/** Puts something into `storage.local`, as the settings page does. */
export function setLocal(key: string, value: unknown): void {
  fake.local.set(key, value);
  fake.changed.raise({ [key]: { newValue: value } });
}

/** A person gives hosts, or takes them back. */
export function grant(...origins: readonly string[]): void {
  for (const origin of origins) fake.hosts.add(origin);
  fake.permitted.raise({ origins });
}
export function takeBack(...origins: readonly string[]): void {
  for (const origin of origins) fake.hosts.delete(origin);
  fake.dropped.raise({ origins });
}

const badgeOf = (tabId: number) => {
  if (fake.badgeFails) throw new Error(`No tab with id: ${tabId}.`);
  const badge = fake.badges.get(tabId) ?? {};
  fake.badges.set(tabId, badge);
  return badge;
};

const sizeOf = (entries: Iterable<[string, unknown]>) => [...entries].reduce((sum, [, value]) => sum + String(value).length, 0);

/** Keeps a value in `storage.session` as the background does. */
export const keep = (key: string, value: unknown): void => void fake.storage.set(key, JSON.stringify(value));
/** A value that the background keeps in `storage.session`. */
export const kept = (key: string): unknown => JSON.parse(String(fake.storage.get(key) ?? 'null')) ?? undefined;

const copyOf = (all: ReadonlyMap<string, unknown>, keys: null | string | readonly string[]) => {
  const wanted = keys === null ? [...all.keys()] : [keys].flat();
  return structuredClone(Object.fromEntries(wanted.filter((key) => all.has(key)).map((key) => [key, all.get(key)])));
};

const matches = (pattern: string, url: string) => {
  const [scheme, rest = ''] = pattern.split('://');
  const { protocol, hostname } = new URL(url);
  return (scheme === '*' || `${scheme}:` === protocol) && rest === `${hostname}/*`;
};

type Listening<Args extends unknown[]> = Record<'addListener' | 'removeListener', (listener: (...args: Args) => void) => void>;
const listens = <Args extends unknown[]>(pick: () => Listening<Args>): Listening<Args> => ({
  addListener: (listener) => pick().addListener(listener),
  removeListener: (listener) => pick().removeListener(listener),
});

const RELAY_GONE = 'Could not establish connection. Receiving end does not exist.';

const cookiesApi = {
  onChanged: listens(() => fake.cookieChanged),
  getAllCookieStores: api('cookies.getAllCookieStores', () => [
    { id: '0', tabIds: [...fake.tabs].flatMap(([id, tab]) => (tab.incognito ? [] : [id])) },
    { id: '1', tabIds: [...fake.tabs].flatMap(([id, tab]) => (tab.incognito ? [id] : [])) },
  ]),
  getAll: api('cookies.getAll', ({ url, domain, storeId }: { url?: string; domain?: string; storeId: string }) =>
    fake.cookies.filter((one) => one.storeId === storeId && one.domain === (domain ?? new URL(String(url)).hostname)),
  ),
};

const webRequestApi = {
  ResourceType: { XMLHTTPREQUEST: 'xmlhttprequest', PING: 'ping', IMAGE: 'image' },
  onBeforeRequest: listens(() => fake.beforeRequest),
  onSendHeaders: listens(() => fake.sendHeaders),
  onCompleted: listens(() => fake.completed),
  onErrorOccurred: listens(() => fake.failed),
};

const notificationsApi = {
  onClicked: listens(() => fake.clicked),
  create: api('notifications.create', (id: string, { title, message }: { title: string; message: string }) => {
    fake.notifications.set(id, { title, message });
    return id;
  }),
  clear: api('notifications.clear', (id: string) => fake.notifications.delete(id)),
};

export const browser = {
  runtime: {
    id: 'abcdefgh',
    getURL: (path: string) => `chrome-extension://abcdefgh${path}`,
    onConnect: listens(() => fake.connected),
    onMessage: listens(() => fake.messaged),
    onInstalled: listens(() => fake.installed),
    onStartup: listens(() => fake.startup),
  },
  storage: {
    session: {
      get: api('storage.session.get', (keys: null | string | readonly string[]) => {
        fake.log.push('read');
        return copyOf(fake.storage, keys);
      }),
      set: api('storage.session.set', async (items: Record<string, unknown>) => {
        const copy = structuredClone(items);
        await fake.beforeSet?.();
        if (fake.quota !== null && sizeOf(new Map([...fake.storage, ...Object.entries(copy)])) > fake.quota)
          throw new Error('QUOTA_BYTES quota exceeded');
        for (const [key, value] of Object.entries(copy)) fake.storage.set(key, value);
        fake.log.push('stored');
      }),
      remove: api('storage.session.remove', (keys: string | readonly string[]) => {
        for (const key of [keys].flat()) fake.storage.delete(key);
      }),
      clear: api('storage.session.clear', () => fake.storage.clear()),
    },
    local: {
      get: api('storage.local.get', (key: string) => {
        if (fake.localFails) throw new Error('corrupted');
        return copyOf(fake.local, key);
      }),
      set: api('storage.local.set', (items: Record<string, unknown>) => {
        for (const [key, value] of Object.entries(structuredClone(items))) setLocal(key, value);
      }),
      onChanged: listens(() => fake.changed),
    },
  },
  permissions: {
    contains: api('permissions.contains', ({ origins }: { origins: readonly string[] }) =>
      origins.every((origin) => fake.hosts.has(origin)),
    ),
    getAll: api('permissions.getAll', () => ({ origins: [...fake.hosts], permissions: ['storage', ...fake.permissions] })),
    onAdded: listens(() => fake.permitted),
    onRemoved: listens(() => fake.dropped),
  },
  alarms: {
    create: api('alarms.create', (name: string, { when }: { when: number }) => {
      fake.log.push('alarm');
      fake.alarms.set(name, when);
      fake.alarmsMade.set(name, Date.now());
    }),
    getAll: api('alarms.getAll', () => [...fake.alarms].map(([name, scheduledTime]) => ({ name, scheduledTime }))),
    clear: api('alarms.clear', (name: string) => fake.alarms.delete(name)),
    clearAll: api('alarms.clearAll', () => fake.alarms.clear()),
    onAlarm: listens(() => fake.rang),
  },
  action: {
    setBadgeText: api('action.setBadgeText', ({ tabId, text }: { tabId: number; text: string }) => {
      badgeOf(tabId).text = text;
    }),
    setBadgeBackgroundColor: api('action.setBadgeBackgroundColor', ({ tabId, color }: { tabId: number; color: string }) => {
      badgeOf(tabId).color = color;
    }),
    openPopup: api('action.openPopup', () => {
      fake.popups += 1;
    }),
  },
  commands: { onCommand: listens(() => fake.commanded) },
  tabs: {
    get: api('tabs.get', (tabId: number) => {
      const tab = fake.tabs.get(tabId);
      if (!tab) throw new Error(`No tab with id: ${tabId}.`);
      return { id: tabId, discarded: false, ...tab };
    }),
    query: api('tabs.query', ({ url: patterns }: { url?: readonly string[] }) =>
      [...fake.tabs]
        .filter(([, { url }]) => !patterns || (url !== undefined && patterns.some((pattern) => matches(pattern, url))))
        .map(([id, tab]) => ({ id, discarded: false, ...tab })),
    ),
    sendMessage: api('tabs.sendMessage', (tab: number, message: unknown, options?: { frameId?: number }) => {
      fake.messages.push({ tab, message: structuredClone(message), ...(options?.frameId !== undefined && { frameId: options.frameId }) });
      if (!fake.relays.has(tab)) throw new Error(RELAY_GONE);
      fake.told(tab, message);
    }),
    update: api('tabs.update', () => ({ windowId: 1 })),
    onUpdated: listens(() => fake.updated),
    onReplaced: listens(() => fake.replaced),
    onRemoved: listens(() => fake.removed),
  },
  windows: { WINDOW_ID_CURRENT: -2, update: api('windows.update', () => undefined) },
  get webRequest() {
    return fake.permissions.has('webRequest') ? webRequestApi : undefined;
  },
  get cookies() {
    return fake.permissions.has('cookies') ? cookiesApi : undefined;
  },
  get notifications() {
    return fake.permissions.has('notifications') ? notificationsApi : undefined;
  },
  scripting: {
    getRegisteredContentScripts: api('scripting.getRegisteredContentScripts', ({ ids }: { ids?: readonly string[] } = {}) =>
      structuredClone([...fake.registered.values()].filter(({ id }) => !ids || ids.includes(id))),
    ),
    registerContentScripts: api('scripting.registerContentScripts', (scripts: readonly Registered[]) => {
      for (const { id } of scripts) if (fake.registered.has(id)) throw new Error(`Duplicate script ID '${id}'`);
      // All or none, as in the browser.
      for (const script of scripts) fake.registered.set(script.id, structuredClone(script));
      fake.registrations += 1;
    }),
    unregisterContentScripts: api('scripting.unregisterContentScripts', ({ ids }: { ids: readonly string[] }) => {
      for (const id of ids) if (!fake.registered.has(id)) throw new Error(`Nonexistent script ID '${id}'`);
      for (const id of ids) fake.registered.delete(id);
    }),
    executeScript: api('scripting.executeScript', async (injection: Injection) => {
      fake.injections.push(injection);
      const { tabId, frameIds, allFrames } = injection.target;
      const all = [0, ...(fake.frames.get(tabId) ?? [])];
      const gone = frameIds?.find((id) => !all.includes(id));
      if (gone !== undefined) throw new Error(`No frame with id ${gone} in tab with id ${tabId}.`);
      const run = async (frameId: number) => [{ frameId, result: await fake.execute(injection, frameId) }];
      if (!allFrames) return (await Promise.all((frameIds ?? [0]).map(run))).flat();
      // Frames that the extension may not look into are left out, unless the top frame is one.
      const others = await Promise.all(all.slice(1).map((id) => run(id).catch(() => [])));
      return [...(await run(0)), ...others.flat()];
    }),
  },
};

(globalThis as unknown as { browser: unknown }).browser = browser;
