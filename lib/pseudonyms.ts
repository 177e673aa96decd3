/** The key by which reports of this installation get their pseudonyms: random, kept, and told to nobody, so that equal values are equal in all of them. */
import { pseudonymKey } from './report/redact';

export const PSEUDONYMS_KEY = 'pseudonyms';

/** The little that is needed of `browser.storage.local`. */
interface Area {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
}

const BYTES = 32;
const isKey = (stored: unknown): stored is number[] =>
  Array.isArray(stored) && stored.length === BYTES && stored.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);

/** The key; where storage gives none it is made for this once. */
export async function pseudonyms(area: Area): Promise<CryptoKey> {
  const stored = await area.get(PSEUDONYMS_KEY).then(
    (all) => all[PSEUDONYMS_KEY],
    () => null,
  );
  if (isKey(stored)) return pseudonymKey(Uint8Array.from(stored));
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  await area.set({ [PSEUDONYMS_KEY]: [...bytes] }).catch(() => undefined);
  return pseudonymKey(bytes);
}
