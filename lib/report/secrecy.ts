/** What is done with secrets in a report, and what stands in their place. Pure. */

/** `tokens`: tokens and keys; `personal`: e-mails, names, phones, addresses, custom ids and hashes of them; `ids`: UUIDs and client ids. */
export const SECRET_KINDS = ['tokens', 'personal', 'ids'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** `pseudonym`: another text in its place, the same for the same value. */
export const WAYS = ['removed', 'pseudonym', 'kept'] as const;
export type Way = (typeof WAYS)[number];
export type Redaction = Readonly<Record<SecretKind, Way>>;

/** UUIDs are what a session is about, and say nothing by themselves; but for those that are made of a name, which go as personal data do. */
export const DEFAULT_REDACTION: Redaction = { tokens: 'pseudonym', personal: 'pseudonym', ids: 'kept' };

/** Of what was not redacted. */
export const KEPT_WHOLE: Redaction = { tokens: 'kept', personal: 'kept', ids: 'kept' };

/** What stands in the place of a value already: put there by the agent, by the capture, or here. */
export const MARK = /^\[(secret|token|function|circular|deeper|more|(token|id|e-mail|personal)-removed)\]$/;
export const PSEUDONYM =
  /^(token-[\da-f]{12}|personal-[\da-f]{10}|id-[\da-f]{10}|[\da-f]{10}@pseudonym\.invalid|facade00(-[\da-f]{4}){3}-[\da-f]{12})$/i;
/** An identity hash has ten digits at most: this reads like one, and is none. */
export const HASH_PUT = /^9\d{10}$/;

/** Of a UUID that was made of a name (versions 3 and 5), which goes with personal data or with UUIDs. */
const MADE = /^facade00-[\da-f]{4}-[35]/i;
/** What kind of secret a text may stand in the place of; none for one that stands for itself. @param isHash where an identity hash may stand */
export function placeOf(text: string, isHash: boolean): readonly SecretKind[] {
  if (isHash && HASH_PUT.test(text)) return ['personal'];
  if (!MARK.test(text) && !PSEUDONYM.test(text)) return [];
  if (/^\[?token/.test(text)) return ['tokens'];
  if (MADE.test(text)) return ['ids', 'personal'];
  return /^(\[?id-|facade00-)/i.test(text) ? ['ids'] : ['personal'];
}

/** What was done with the secrets of one side of a comparison, such as a report. */
export interface Secrecy {
  readonly redaction: Redaction;
  /** Of the key of its pseudonyms; `null`: none, or of several keys. */
  readonly pseudonymKey: string | null;
}
export const NO_SECRECY: Secrecy = { redaction: KEPT_WHOLE, pseudonymKey: null };

/** Kinds of secrets of which two sides do not tell whether they are the same: removed, or under pseudonyms on one side only or of different keys. */
export function untold(one: Secrecy, other: Secrecy): SecretKind[] {
  const keys = one.pseudonymKey !== null && one.pseudonymKey === other.pseudonymKey;
  return SECRET_KINDS.filter((kind) => {
    const [left, right] = [one.redaction[kind], other.redaction[kind]];
    return left !== right || left === 'removed' || (left === 'pseudonym' && !keys);
  });
}
