/** A recording from a file, shown like a live tab but read-only. */
import { signal } from '@preact/signals';
import { recordOf } from '@/lib/network/har';
import { type HarTrouble, readHar } from '@/lib/network/har-read';
import type { RequestRecord } from '@/lib/network/request';
import { capturedOf } from '@/lib/network/requests';
import { withoutPasswords } from '@/lib/network/secrets';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Held, Source } from '../state/record';

export interface FileSource extends Source {
  readonly name: string;
  readonly state: { readonly value: Reading };
  /** Stops reading; what was read so far stays. */
  cancel(): void;
}

/** Progress of reading a file. */
export interface Reading {
  readonly bytes: number;
  readonly of: number;
  /** All requests read so far, and how many of them are the SDKs'. */
  readonly requests: number;
  readonly shown: number;
  readonly ended: 'no' | 'whole' | 'cancelled' | HarTrouble;
}

/** Interval of progress updates (ms). */
const TOLD = 100;

/** Opens a HAR file; its requests appear as they are read. */
export function openFile(file: File): FileSource {
  const entries: HistoryEntry[] = [];
  const records = new Map<string, RequestRecord>();
  const history = signal<Held>({ entries, epoch: 0, dropped: 0 });
  const state = signal<Reading>({ bytes: 0, of: file.size, requests: 0, shown: 0, ended: 'no' });
  let requests = 0;
  let bytes = 0;
  let canceled = false;
  let toldAt = 0;
  const tell = (ended: Reading['ended']) => {
    state.value = { bytes, of: file.size, requests, shown: entries.length, ended };
    history.value = { entries, epoch: 0, dropped: 0 };
    toldAt = performance.now();
  };
  void readHar(file, {
    entry(raw) {
      requests += 1;
      const record = recordOf(raw, `f${requests}`, 'file');
      const captured = record && capturedOf(record);
      if (!record || !captured) return;
      records.set(record.key, withoutPasswords(record));
      entries.push({ kind: 'request', seq: entries.length + 1, nth: 0, ...captured });
    },
    progress(read) {
      bytes = read;
      if (performance.now() - toldAt > TOLD) tell('no');
    },
    isOver: () => canceled,
  }).then((trouble) => tell(canceled ? 'cancelled' : (trouble ?? 'whole')));
  return {
    live: false,
    name: file.name,
    history,
    state,
    detailed: signal(0),
    detailOf: (key) => {
      const request = records.get(key);
      return request ? { request } : null;
    },
    cancel() {
      canceled = true;
    },
  };
}
