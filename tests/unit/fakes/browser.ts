/** The little of `browser` that the background uses, in memory: `vi.mock('wxt/browser', () => import('../fakes/browser'))`. */

export interface Injection {
  readonly target: { readonly tabId: number };
  readonly world: string;
  readonly func?: unknown;
  readonly args?: readonly unknown[];
  readonly files?: readonly string[];
}

const begin = () => ({
  storage: new Map<string, unknown>(),
  /** How long a write takes to be there; `null` for at once. */
  beforeSet: null as (() => Promise<void>) | null,
  alarms: new Map<string, number>(),
  badges: new Map<number, { text?: string; color?: string }>(),
  badgeFails: false,
  tabs: new Map<number, { readonly incognito: boolean }>(),
  injections: [] as Injection[],
  /** What `executeScript` gives back as the top frame's result. */
  execute: (_injection: Injection): Promise<unknown> => Promise.reject(new Error('nothing was programmed')),
  /** All that was done, in order. */
  log: [] as string[],
});

/** The state behind the fake, for tests to set and look at. */
export const fake = begin();

/** Puts all back to the beginning. */
export const resetBrowser = (): void => void Object.assign(fake, begin());

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
      return [{ frameId: 0, result: await fake.execute(injection) }];
    },
  },
};
