/** The little of `browser` that the background uses, in memory: `vi.mock('wxt/browser', () => import('../fakes/browser'))`. */
import { fakeEvent } from './ports';

export interface Injection {
  readonly target: { readonly tabId: number; readonly frameIds?: readonly number[]; readonly allFrames?: boolean };
  /** Absent: beside the page. */
  readonly world?: string;
  readonly func?: unknown;
  readonly args?: readonly unknown[];
  readonly files?: readonly string[];
}

type Changes = Record<string, { readonly newValue?: unknown }>;

const begin = () => ({
  storage: new Map<string, unknown>(),
  local: new Map<string, unknown>(),
  localFails: false,
  changed: fakeEvent<[Changes, string]>(),
  /** How long a write takes to be there; `null` for at once. */
  beforeSet: null as (() => Promise<void>) | null,
  alarms: new Map<string, number>(),
  badges: new Map<number, { text?: string; color?: string }>(),
  badgeFails: false,
  /** Host permissions, as match patterns. */
  hosts: new Set<string>(),
  permitted: fakeEvent<[]>(),
  dropped: fakeEvent<[]>(),
  tabs: new Map<number, { readonly incognito: boolean; readonly url?: string }>(),
  /** Frames of a tab beside the top frame. */
  frames: new Map<number, readonly number[]>(),
  injections: [] as Injection[],
  /** What `executeScript` gives back as the result in one frame. */
  execute: (_injection: Injection, _frameId: number): Promise<unknown> => Promise.reject(new Error('nothing was programmed')),
  /** All that was done, in order. */
  log: [] as string[],
});

/** The state behind the fake, for tests to set and look at. */
export const fake = begin();

/** Puts all back to the beginning. */
export const resetBrowser = (): void => void Object.assign(fake, begin());

/** Puts something into `storage.local`, as the settings page does. */
export function setLocal(key: string, value: unknown): void {
  fake.local.set(key, value);
  fake.changed.raise({ [key]: { newValue: value } }, 'local');
}

const badgeOf = (tabId: number) => {
  if (fake.badgeFails) throw new Error(`No tab with id: ${tabId}.`);
  const badge = fake.badges.get(tabId) ?? {};
  fake.badges.set(tabId, badge);
  return badge;
};

export const browser = {
  storage: {
    session: {
      get: async (_keys: null) => structuredClone(Object.fromEntries(fake.storage)),
      set: async (items: Record<string, unknown>) => {
        const copy = structuredClone(items);
        await fake.beforeSet?.();
        for (const [key, value] of Object.entries(copy)) fake.storage.set(key, value);
        fake.log.push('stored');
      },
      remove: async (key: string) => void fake.storage.delete(key),
    },
    local: {
      get: async (key: string) => {
        if (fake.localFails) throw new Error('corrupted');
        return structuredClone(fake.local.has(key) ? { [key]: fake.local.get(key) } : {});
      },
    },
    onChanged: { addListener: (listener: (changes: Changes, area: string) => void) => fake.changed.addListener(listener) },
  },
  permissions: {
    contains: async ({ origins }: { origins: readonly string[] }) => origins.every((origin) => fake.hosts.has(origin)),
    onAdded: { addListener: (listener: () => void) => fake.permitted.addListener(listener) },
    onRemoved: { addListener: (listener: () => void) => fake.dropped.addListener(listener) },
  },
  alarms: {
    create: async (name: string, { when }: { when: number }) => {
      fake.log.push('alarm');
      fake.alarms.set(name, when);
    },
    clear: async (name: string) => fake.alarms.delete(name),
  },
  action: {
    setBadgeText: async ({ tabId, text }: { tabId: number; text: string }) => {
      badgeOf(tabId).text = text;
    },
    setBadgeBackgroundColor: async ({ tabId, color }: { tabId: number; color: string }) => {
      badgeOf(tabId).color = color;
    },
  },
  tabs: {
    get: async (tabId: number) => {
      const tab = fake.tabs.get(tabId);
      if (!tab) throw new Error(`No tab with id: ${tabId}.`);
      return tab;
    },
  },
  scripting: {
    executeScript: async (injection: Injection) => {
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
    },
  },
};
