/** What a view holds of a tab's history: the entries, and their details, which are kept nowhere else. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Captured, RequestRecord } from '@/lib/network/request';
import { VEILED } from '@/lib/page/plain';
import type { CallDetail } from '@/lib/page/wire';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import type { ViewMessage } from '@/lib/protocol/view-message';
import type { ArgumentValues } from '@/lib/sdk/operation';
import { SECRET_ARGUMENTS } from '@/lib/sdk/secrets';
import type { HistoryEntry } from '@/lib/session/history/history';

/** The entries of a tab, oldest first. */
export interface Held {
  /** Grows in place; `epoch` changes where what was there before is not there any more. */
  readonly entries: readonly HistoryEntry[];
  readonly epoch: number;
  /** How many older ones there was no room for. */
  readonly dropped: number;
}

/** More of an entry. */
export interface Detail {
  readonly call?: CallDetail;
  readonly request?: RequestRecord;
}

/** Where the timeline and the network get what they show from: a live tab, or a file. */
export interface Source {
  /** More may come: it can be waited for, and what came put aside. */
  readonly live: boolean;
  readonly history: ReadonlySignal<Held>;
  /** Raised with each detail. */
  readonly detailed: ReadonlySignal<number>;
  /** `null` where nothing more is known: it happened while no panel was open, or there was no room. */
  detailOf(key: string): Detail | null;
}

/** The record of a live tab, over the port of its view. */
export interface TabRecord extends Source {
  /** Takes what the background tells. False where the message is another's. */
  take(message: BackgroundMessage): boolean;
  /** Takes requests that this view saw itself: shown at once in detail, and in the history once the background has them. */
  capture(records: readonly RequestRecord[], requests: readonly Captured[], send: (message: ViewMessage) => void): void;
  /** Takes what an operation of this view is given, without what is secret in it. */
  ran(id: string, args: ArgumentValues): void;
  /** What the background did not take up yet: said again after a reconnect. */
  unsaid(): readonly ViewMessage[];
}

/** How many requests are told in one message. */
const AT_ONCE = 200;

/** The most entries that a view holds, and how many go at once. */
const MOST = 200_000;
const GO = 20_000;
/** The most characters of details. */
const ROOM = 30_000_000;

/** @param frame does the work at the next frame: what comes together is drawn together */
export function createRecord(frame: (work: () => void) => void): TabRecord {
  let entries: HistoryEntry[] = [];
  let told = 0;
  let epoch = 0;
  let waits = false;
  const history = signal<Held>({ entries, epoch, dropped: 0 });
  const detailed = signal(0);
  const details = new Map<string, Detail>();
  const sizes = new Map<string, number>();
  const aliases = new Map<string, string>();
  let room = ROOM;
  const unsaid = new Map<string, ViewMessage>();

  const show = () => {
    if (waits) return;
    waits = true;
    frame(() => {
      waits = false;
      // What an older one holds is told by the first number, which counts from 1.
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

  /** All that the background has: what this view has had longer stays, where it is the same history. */
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

  function put(key: string, detail: Detail): void {
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
      // Seen both ways: DevTools has the answer's body too.
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
