/** The key by which reports of this installation get their pseudonyms: random, kept, and told to nobody, so that equal values are equal in all of them. */
import { pseudonymKey } from './redact';

export const PSEUDONYMS_KEY = 'pseudonyms';

/** The little that is needed of `browser.storage.local`. */
interface Area {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
}

const BYTES = 32;
const isKey = (stored: unknown): stored is number[] =>
  Array.isArray(stored) && stored.length === BYTES && stored.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);

/** Two that ask at once get the same. */
const asked = new WeakMap<Area, Promise<CryptoKey>>();

/** The key; where storage cannot be asked it is made for this once. */
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
  // One that could not be read is not written over.
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
