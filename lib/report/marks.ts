/** Creates the replacement of a secret value: a mark or a pseudonym. Pure. */
import { WHOLE_UUID } from './looking';
import type { SecretKind } from './secrecy';

/** Replaces an identity hash. */
const NO_HASH = '90000000000';

/** A value to replace. */
export interface Secret {
  readonly kind: SecretKind;
  readonly value: string;
  /** It is a numeric identity hash. */
  readonly isHash: boolean;
}

/** Whether a value is a UUID and nothing else. */
export const isUuid = (value: string): boolean => WHOLE_UUID.test(value);
/** A UUID stays a UUID, with the same version and letter case. @param digits 32 hex digits */
function uuidLike(value: string, digits: string): string {
  const [, version = '', variant = ''] = WHOLE_UUID.exec(value) ?? [];
  const made = `facade00-${digits.slice(8, 12)}-${version}${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
  return value === value.toLowerCase() ? made : made.toUpperCase();
}

/** The mark for a removed value. @param nth keeps UUIDs, which sessions are about, distinguishable */
export function removedMark({ kind, value, isHash }: Secret, nth: number): string {
  if (isHash) return NO_HASH;
  if (isUuid(value)) return uuidLike(value, nth.toString(16).padStart(32, '0'));
  return `[${kind === 'tokens' ? 'token' : kind === 'ids' ? 'id' : value.includes('@') ? 'e-mail' : 'personal'}-removed]`;
}

/** The HMAC of a text, in hex. */
export async function signed(text: string, key: CryptoKey): Promise<string> {
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)));
  return [...signature].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A text that replaces a value, the same for the same value and key. */
export async function pseudonymOf({ kind, value, isHash }: Secret, key: CryptoKey): Promise<string> {
  // Letter case doesn't matter in UUIDs and emails: it is the same customer.
  const same = isUuid(value) || value.includes('@') ? value.toLowerCase() : value;
  const hex = await signed(same, key);
  if (isUuid(value)) return uuidLike(value, hex);
  // Where a number is expected, the pseudonym is a number too.
  if (isHash) return `9${String(BigInt(`0x${hex.slice(0, 16)}`) % 10_000_000_000n).padStart(10, '0')}`;
  if (kind === 'tokens') return `token-${hex.slice(0, 12)}`;
  if (kind === 'ids') return `id-${hex.slice(0, 10)}`;
  return value.includes('@') ? `${hex.slice(0, 10)}@pseudonym.invalid` : `personal-${hex.slice(0, 10)}`;
}
