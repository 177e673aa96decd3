/** Stores sessions and their histories in `storage.session`: in memory, inaccessible to pages, and lost when the browser closes. */
import type { HistoryEntry } from '../session/history/history';
import type { Session } from '../session/session';
import { createTurns } from '../tasks/turns';
import type { Area } from './platform';
import { weightOf } from './weight';

/** Increment when the shape of `Session` or the history changes: data stored by another version is discarded. */
const STORE_VERSION = 12;
/** Key of the list of tabs that have a session, so that a starting worker reads their states but no histories. */
const INDEX = 'sessions';
const stateKey = (tab: number) => `session:${tab}`;
const historyKey = (tab: number) => `history:${tab}`;
const chunkKey = (tab: number, n: number) => `history:${tab}:${n}`;

/** The most entries in a chunk: each new entry writes its whole chunk, and the list of chunks. */
const CHUNK = 40;
/** The most bytes of history per tab. */
const HISTORY_LIMIT = 2_000_000;

/** The stored chunks of a tab's history. */
interface HistoryIndex {
  readonly chunks: readonly { readonly n: number; readonly bytes: number; readonly count: number; readonly from: number }[];
  /** How many entries were dropped to make room. */
  readonly dropped: number;
}

export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly dropped: number;
}

const bytesOf = ({ chunks }: Pick<HistoryIndex, 'chunks'>): number => chunks.reduce((sum, { bytes }) => sum + bytes, 0);

const NO_HISTORY: HistoryIndex = { chunks: [], dropped: 0 };

export interface Store {
  load(): Promise<Session[]>;
  /**
   * Stores a session and the new entries of its history in one write. If there is no room, drops the oldest entries of the
   * tab with the largest history. Resolves to how many entries of this tab have been dropped. @throws if there is no room at all
   */
  save(session: Session, grown: readonly HistoryEntry[]): Promise<number>;
  history(tab: number): Promise<History>;
  remove(tab: number): Promise<void>;
}

/** The worker's only store, in `area`. */
export function createStore(area: Area): Store {
  const tabs = new Set<number>();
  const indexes = new Map<number, HistoryIndex>();
  /** Entries of the newest chunk, by tab. */
  const last = new Map<number, readonly HistoryEntry[]>();

  /** Writes run one at a time, because making room changes other tabs' histories. */
  const inTurn = createTurns();

  async function indexOf(tab: number): Promise<HistoryIndex> {
    const known = indexes.get(tab);
    if (known) return known;
    const key = historyKey(tab);
    const index = ((await area.get(key))[key] as HistoryIndex | undefined) ?? NO_HISTORY;
    indexes.set(tab, index);
    return index;
  }

  async function chunk(tab: number, n: number): Promise<readonly HistoryEntry[]> {
    const key = chunkKey(tab, n);
    return ((await area.get(key))[key] as readonly HistoryEntry[] | undefined) ?? [];
  }

  /** The items to write and the keys to remove so that a tab's history grows by `grown`. */
  async function grow(tab: number, grown: readonly HistoryEntry[]) {
    const index = await indexOf(tab);
    const items: Record<string, unknown> = {};
    let { chunks } = index;
    let entries = last.get(tab) ?? (await chunk(tab, chunks.at(-1)?.n ?? 0));
    for (const entry of grown) {
      const open = chunks.at(-1);
      const fresh = !open || open.count >= CHUNK;
      const n = (open?.n ?? -1) + (fresh ? 1 : 0);
      entries = fresh ? [entry] : [...entries, entry];
      const bytes = (fresh ? 0 : open.bytes) + weightOf([entry]);
      const made = { n, bytes, count: entries.length, from: entries[0]?.at ?? 0 };
      chunks = [...(fresh ? chunks : chunks.slice(0, -1)), made];
      items[chunkKey(tab, n)] = entries;
    }
    const gone: string[] = [];
    let { dropped } = index;
    while (chunks.length > 1 && bytesOf({ chunks }) > HISTORY_LIMIT) {
      const [first, ...rest] = chunks;
      chunks = rest;
      dropped += first?.count ?? 0;
      gone.push(chunkKey(tab, first?.n ?? 0));
    }
    const next: HistoryIndex = { chunks, dropped };
    return { items: { ...items, [historyKey(tab)]: next }, gone, next, entries };
  }

  /** Drops the oldest chunk of the tab with the largest history. Resolves to false if no tab has any. */
  async function makeRoom(): Promise<boolean> {
    const all = await Promise.all([...tabs].map(async (tab) => ({ tab, index: await indexOf(tab) })));
    const [largest] = all
      .flatMap(({ tab, index }) => index.chunks.slice(0, 1).map((first) => ({ tab, index, first })))
      .sort((a, b) => bytesOf(b.index) - bytesOf(a.index));
    if (!largest) return false;
    const { tab, index, first } = largest;
    const next = { chunks: index.chunks.slice(1), dropped: index.dropped + first.count };
    // Remove the chunk before its index entry: if the worker dies in between, the next one finds an empty chunk.
    await area.remove(chunkKey(tab, first.n));
    if (!next.chunks.length) last.delete(tab);
    indexes.set(tab, next);
    await area.set({ [historyKey(tab)]: next }).catch(() => undefined);
    return true;
  }

  return {
    async load() {
      const stored = (await area.get(INDEX))[INDEX] as { version: number; tabs: number[] } | undefined;
      if (stored?.version !== STORE_VERSION) {
        if (stored) await area.clear();
        return [];
      }
      const states = await area.get(stored.tabs.map(stateKey));
      const sessions = Object.values(states) as Session[];
      for (const { tab } of sessions) tabs.add(tab.id);
      return sessions;
    },
    save: (session, grown) =>
      inTurn(async () => {
        const { id: tab } = session.tab;
        const isNew = !tabs.has(tab);
        tabs.add(tab);
        let entries = grown;
        for (;;) {
          const growth = entries.length ? await grow(tab, entries) : null;
          try {
            await area.set({
              [stateKey(tab)]: session,
              ...(isNew && { [INDEX]: { version: STORE_VERSION, tabs: [...tabs] } }),
              ...growth?.items,
            });
            if (growth) {
              indexes.set(tab, growth.next);
              last.set(tab, growth.entries);
              if (growth.gone.length) await area.remove(growth.gone);
            }
            return (await indexOf(tab)).dropped;
          } catch (error) {
            if (/quota/i.test(String(error))) {
              if (await makeRoom()) continue;
              // Store at least the state if there is no room for any of the history.
              if (entries.length) {
                const { chunks, dropped } = await indexOf(tab);
                indexes.set(tab, { chunks, dropped: dropped + entries.length });
                entries = [];
                continue;
              }
            }
            if (isNew) tabs.delete(tab);
            throw error;
          }
        }
      }),
    history: (tab) =>
      inTurn(async () => {
        const { chunks, dropped } = await indexOf(tab);
        const all = await area.get(chunks.map(({ n }) => chunkKey(tab, n)));
        return { entries: chunks.flatMap(({ n }) => (all[chunkKey(tab, n)] as readonly HistoryEntry[] | undefined) ?? []), dropped };
      }),
    remove: (tab) =>
      inTurn(async () => {
        const { chunks } = await indexOf(tab);
        tabs.delete(tab);
        indexes.delete(tab);
        last.delete(tab);
        await area.remove([stateKey(tab), historyKey(tab), ...chunks.map(({ n }) => chunkKey(tab, n))]);
        await area.set({ [INDEX]: { version: STORE_VERSION, tabs: [...tabs] } });
      }),
  };
}
