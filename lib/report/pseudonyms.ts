/** The key for pseudonyms in this installation's reports: random, stored and never shared, so that pseudonyms match across reports. */
import { pseudonymKey } from './redact';

export const PSEUDONYMS_KEY = 'pseudonyms';

/** The part of `browser.storage.local` that is used. */
interface Area {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
}

const BYTES = 32;
const isKey = (stored: unknown): stored is number[] =>
  Array.isArray(stored) && stored.length === BYTES && stored.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);

/** Pending requests: concurrent callers get the same key. */
const asked = new WeakMap<Area, Promise<CryptoKey>>();

/** Returns the stored key, creating it if needed. If storage can't be read, the key is only for this call. */
export function pseudonyms(area: Area): Promise<CryptoKey> {
  const known = asked.get(area);
  if (known) return known;
  const made = keyIn(area).finally(() => asked.delete(area));
  asked.set(area, made);
  return made;
}

async function keyIn(area: Area): Promise<CryptoKey> {
  const stored = await attempt(async () => ({ key: (await area.get(PSEUDONYMS_KEY))[PSEUDONYMS_KEY] }));
  if (isKey(stored?.key)) return pseudonymKey(Uint8Array.from(stored.key));
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  // If storage couldn't be read, don't overwrite a key that may be in it.
  if (stored) await attempt(() => area.set({ [PSEUDONYMS_KEY]: [...bytes] }));
  return pseudonymKey(bytes);
}

async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}
