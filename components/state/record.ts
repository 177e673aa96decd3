/** A view's copy of a tab's history: the entries, and their details, which are stored nowhere else. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { CaseDetail } from '@/lib/diagnostics/case';
import type { Captured, RequestRecord } from '@/lib/network/request';
import { VEILED } from '@/lib/page/plain';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import type { ViewMessage } from '@/lib/protocol/view-message';
import type { ArgumentValues } from '@/lib/sdk/operation';
import { SECRET_ARGUMENTS } from '@/lib/sdk/secrets';
import type { HistoryEntry } from '@/lib/session/history/history';

/** The entries of a tab, oldest first. */
export interface Held {
  /** Grows in place; `epoch` changes when earlier entries are replaced or removed. */
  readonly entries: readonly HistoryEntry[];
  readonly epoch: number;
  /** How many older entries were dropped for lack of room. */
  readonly dropped: number;
}

/** The data source of the timeline and the network view: a live tab, or a file. */
export interface Source {
  /** More entries may come, so it can be paused and cleared. */
  readonly live: boolean;
  readonly history: ReadonlySignal<Held>;
  /** Raised with each new detail. */
  readonly detailed: ReadonlySignal<number>;
  /** `null` if there are no details: no panel was open at the time, or there was no room. */
  detailOf(key: string): CaseDetail | null;
}

/** The record of a live tab, over its view's port. */
export interface TabRecord extends Source {
  /** Handles a message of the background; returns false if the message isn't for the record. */
  take(message: BackgroundMessage): boolean;
  /** Adds requests that this view saw: their details at once, their history entries once the background has them. */
  capture(records: readonly RequestRecord[], requests: readonly Captured[], send: (message: ViewMessage) => void): void;
  /** Adds the arguments of this view's operation, without secrets. */
  ran(id: string, args: ArgumentValues): void;
  /** Messages that the background hasn't confirmed yet, to send again after a reconnect. */
  unsaid(): readonly ViewMessage[];
}

/** The most requests per message. */
const AT_ONCE = 200;

/** The most entries that a view keeps, and how many it drops at once. */
const MOST = 200_000;
const GO = 20_000;
/** The most characters of details that a view keeps. */
const ROOM = 30_000_000;

/** @param frame runs its callback in the next frame, so that changes are rendered together */
export function createRecord(frame: (work: () => void) => void): TabRecord {
  let entries: HistoryEntry[] = [];
  let told = 0;
  let epoch = 0;
  let waits = false;
  const history = signal<Held>({ entries, epoch, dropped: 0 });
  const detailed = signal(0);
  const details = new Map<string, CaseDetail>();
  const sizes = new Map<string, number>();
  const aliases = new Map<string, string>();
  let room = ROOM;
  const unsaid = new Map<string, ViewMessage>();

  const show = () => {
    if (waits) return;
    waits = true;
    frame(() => {
      waits = false;
      // `seq` counts from 1, so the first one shows how many entries are missing before it.
      const first = entries[0]?.seq ?? told + 1;
      history.value = { entries, epoch, dropped: Math.min(told, first - 1) };
    });
  };

  function grow(grown: readonly HistoryEntry[]): void {
    for (const entry of grown) entries.push(entry);
    if (entries.length <= MOST) return;
    entries = entries.slice(GO);
    told = Math.max(told, (entries[0]?.seq ?? 1) - 1);
    epoch += 1;
  }

  /** Takes the background's whole history; if it continues this view's, older entries of the view stay. */
  function begin(whole: readonly HistoryEntry[]): void {
    const [first] = whole;
    const at = first ? entries.findIndex(({ seq }) => seq === first.seq) : -1;
    const isSame = at >= 0 && JSON.stringify(entries[at]) === JSON.stringify(first);
    const last = entries.at(-1)?.seq ?? 0;
    if (isSame && (whole.at(-1)?.seq ?? 0) >= last) grow(whole.filter(({ seq }) => seq > last));
    else {
      entries = [...whole];
      epoch += 1;
    }
  }

  function put(key: string, detail: CaseDetail): void {
    const merged = { ...details.get(key), ...detail, call: { ...details.get(key)?.call, ...detail.call } };
    const size = JSON.stringify(merged).length;
    room += (sizes.get(key) ?? 0) - size;
    details.delete(key);
    details.set(key, merged);
    sizes.set(key, size);
    for (const oldest of details.keys()) {
      if (room >= 0 || oldest === key) break;
      room += sizes.get(oldest) ?? 0;
      details.delete(oldest);
      sizes.delete(oldest);
    }
    detailed.value += 1;
  }

  return {
    live: true,
    history,
    detailed,
    detailOf(key) {
      const own = details.get(key);
      const other = details.get(aliases.get(key) ?? '');
      // If both sources saw the request, prefer DevTools, which also has the response body.
      return (other?.request?.via === 'devtools' ? other : own) ?? other ?? null;
    },
    capture(records, requests, send) {
      for (const one of records) put(one.key, { request: one });
      for (let from = 0; from < requests.length; from += AT_ONCE) {
        const message = { type: 'captured', id: crypto.randomUUID(), requests: requests.slice(from, from + AT_ONCE) } as const;
        unsaid.set(message.id, message);
        send(message);
      }
    },
    ran(id, args) {
      const isHidden = (name: string) => (SECRET_ARGUMENTS as readonly string[]).includes(name);
      const safe = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, isHidden(name) ? VEILED : (value ?? null)]));
      put(id, { call: { args: safe } });
    },
    unsaid: () => [...unsaid.values()],
    take(message) {
      switch (message.type) {
        case 'history':
          told = message.dropped;
          if (message.whole) begin(message.entries);
          else grow(message.entries);
          show();
          return true;
        case 'detail':
          put(message.key, message.detail);
          return true;
        case 'same':
          aliases.set(message.as, message.key);
          aliases.set(message.key, message.as);
          detailed.value += 1;
          return true;
        case 'answer':
          return unsaid.delete(message.id);
        default:
          return false;
      }
    },
  };
}
