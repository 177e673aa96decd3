/** Finds the SDKs' requests in the DevTools network log. */
import { recordOf } from '../network/har';
import type { RequestRecord } from '../network/request';
import { capturedOf } from '../network/requests';
import { withoutPasswords } from '../network/secrets';
import { fingerprint } from '../text/fingerprint';

/** An entry as the DevTools API provides it; its content must be requested. */
interface NetworkEntry {
  readonly startedDateTime?: string | Date;
  readonly request?: { readonly url?: string; readonly method?: string };
  getContent?(callback: (content: string | null, encoding: string) => void): void;
}

/** `devtools.network`, in its callback form. */
export interface Network {
  readonly onRequestFinished: { addListener(listener: (entry: NetworkEntry) => void): void };
  getHAR(callback: (log: { readonly entries?: readonly NetworkEntry[] }) => void): void;
}

/** Requests within this time are reported together (ms). */
const GATHER = 100;
/** How long to wait for a response body before reporting the request without it (ms). */
const PATIENCE = 2000;
/** The shortest pause between two scans of the whole log (ms), and how many times longer than a scan the pause must be. */
const LOOK = 1000;
const RESTS = 20;

/**
 * Reports the SDKs' requests since DevTools was opened, each with its answer and without passwords. In DevTools, a request
 * whose answer the page does not read never finishes (events are often sent this way): those are found by scanning the
 * log. A record that is reported again with more data has the same key.
 */
export function followRequests(network: Network, tell: (records: readonly RequestRecord[]) => void): void {
  /** How many requests of each name have finished: two identical ones in the same ms count as two. */
  const finished = new Map<string, number>();
  const known = new Set<string>();
  let gathered: RequestRecord[] = [];

  const gather = (record: RequestRecord) => {
    known.add(record.key);
    gathered.push(withoutPasswords(record));
    if (gathered.length > 1) return;
    setTimeout(() => {
      const all = gathered;
      gathered = [];
      tell(all.sort((a, b) => a.at - b.at));
    }, GATHER);
  };
  /** The record of an entry; `null` if no SDK made it. @param counts how many entries of each name came before it; updated */
  const read = (entry: NetworkEntry, counts: Map<string, number>) => {
    const { url = '', method = '' } = entry.request ?? {};
    // Convert it to JSON values: Firefox provides a `Date`.
    const plain = JSON.parse(JSON.stringify({ ...entry, startedDateTime: entry.startedDateTime })) as unknown;
    const name = `d${Date.parse(String(entry.startedDateTime))}.${fingerprint(`${method} ${url}`)}`;
    const record = recordOf(plain, name, 'devtools');
    if (!record || !capturedOf(record)) return null;
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    const key = nth === 1 ? name : `${name}.${nth}`;
    return { key, record: { ...record, key }, withContent: (content: string | null) => recordOf(plain, key, 'devtools', content) };
  };

  network.onRequestFinished.addListener((entry) => {
    const its = read(entry, finished);
    if (!its) return;
    known.add(its.key);
    if (its.record.answer.text !== null) gather(its.record);
    else void contentOf(entry).then((content) => gather(its.withContent(content) ?? its.record));
  });
  const look = () => {
    const begun = performance.now();
    network.getHAR((log) => {
      const counts = new Map<string, number>();
      for (const entry of log.entries ?? []) {
        const its = read(entry, counts);
        // Without a status, it is still in progress.
        if (its && !known.has(its.key) && its.record.status !== null) gather(its.record);
      }
      setTimeout(look, Math.max(LOOK, (performance.now() - begun) * RESTS));
    });
  };
  look();
}

function contentOf(entry: NetworkEntry): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), PATIENCE);
    const give = (content: string | null, encoding: string) => {
      clearTimeout(timer);
      resolve(encoding === 'base64' ? null : content);
    };
    if (entry.getContent) entry.getContent(give);
    else give(null, '');
  });
}
