/** How secrets in a report are treated, and what replaces them. Pure. */

/** `tokens`: tokens and keys; `personal`: emails, names, phones, addresses, custom IDs and hashes of them; `ids`: UUIDs and client IDs. */
export const SECRET_KINDS = ['tokens', 'personal', 'ids'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** `pseudonym`: replaced by a text that is the same for equal values. */
export const WAYS = ['removed', 'pseudonym', 'kept'] as const;
export type Way = (typeof WAYS)[number];
export type Redaction = Readonly<Record<SecretKind, Way>>;

/** Sessions are about UUIDs, which reveal nothing on their own. Those derived from a name are treated as personal data. */
export const DEFAULT_REDACTION: Redaction = { tokens: 'pseudonym', personal: 'pseudonym', ids: 'kept' };

/** For data that isn't redacted. */
export const KEPT_WHOLE: Redaction = { tokens: 'kept', personal: 'kept', ids: 'kept' };

/** A mark that already replaces a value: from the agent, from the capture of requests, or from here. */
export const MARK = /^\[(secret|token|function|circular|deeper|more|(token|id|e-mail|personal)-removed)\]$/;
export const PSEUDONYM =
  /^(token-[\da-f]{12}|personal-[\da-f]{10}|id-[\da-f]{10}|[\da-f]{10}@pseudonym\.invalid|facade00(-[\da-f]{4}){3}-[\da-f]{12})$/i;
/** Replaces an identity hash. Real ones have at most ten digits, so this looks like one but can't be one. */
export const HASH_PUT = /^9\d{10}$/;

/** Replaces a UUID derived from a name (versions 3 and 5), which is redacted with personal data or with UUIDs. */
const MADE = /^facade00-[\da-f]{4}-[35]/i;
/** The kinds of secret that a text may replace; none if it is an actual value. @param isHash whether it may be an identity hash */
export function placeOf(text: string, isHash: boolean): readonly SecretKind[] {
  if (isHash && HASH_PUT.test(text)) return ['personal'];
  if (!MARK.test(text) && !PSEUDONYM.test(text)) return [];
  if (/^\[?token/.test(text)) return ['tokens'];
  if (MADE.test(text)) return ['ids', 'personal'];
  return /^(\[?id-|facade00-)/i.test(text) ? ['ids'] : ['personal'];
}

/** How secrets were treated on one side of a comparison, such as a report. */
export interface Secrecy {
  readonly redaction: Redaction;
  /** Identifies the key of its pseudonyms; `null`: no pseudonyms, or several keys. */
  readonly pseudonymKey: string | null;
}
export const NO_SECRECY: Secrecy = { redaction: KEPT_WHOLE, pseudonymKey: null };

/** Kinds of secrets that can't be compared between two sides: treated differently, removed, or pseudonymized with different keys. */
export function untold(one: Secrecy, other: Secrecy): SecretKind[] {
  const keys = one.pseudonymKey !== null && one.pseudonymKey === other.pseudonymKey;
  return SECRET_KINDS.filter((kind) => {
    const [left, right] = [one.redaction[kind], other.redaction[kind]];
    return left !== right || left === 'removed' || (left === 'pseudonym' && !keys);
  });
}
