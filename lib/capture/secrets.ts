/** What is secret in what a page sends: tokens, passwords and codes of a customer. Pure. */
import { withoutTokens } from '../session/redact';
import { maskRecord, maskText, maskValue, namePatterns, type Rule, TOO_DEEP } from './masking';
import type { Header, RequestRecord } from './requests';

export const MASK = TOO_DEEP;

/** A name without its case and joints: `old_password`, `oldPassword` and `old-password` are one. */
export const normal = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
/** Names of what a person typed to prove who they are: never kept, not even in memory (DESIGN §7). */
export const isPassword = (name: string): boolean => /passw|pwd|^pass$|authfactor|^pin$|pincode|confirmationcode/.test(normal(name));
/** Those, and tokens under whatever name; `tokenOrigin` tells of one and is none. */
export const isSecret = (name: string): boolean => isPassword(name) || /token$|^jwt$|secret$/.test(normal(name));

export const PASSWORD_WORDS = 'passw[\\w-]{0,20}|pwd|auth_?factor|pin_?code|confirmation_?code';
const mask = () => MASK;
const PASSWORDS: Rule = { names: isPassword, leaf: (text) => text, put: mask, ...namePatterns(PASSWORD_WORDS) };
export const SECRET_WORDS = `${PASSWORD_WORDS}|token|jwt|secret`;
const SECRETS: Rule = { names: isSecret, leaf: (text) => withoutTokens(text, null), put: mask, ...namePatterns(SECRET_WORDS) };

/** A text without tokens, and without the values of secret names. */
export const withoutSecrets = (text: string): string => maskText(text, SECRETS);

/** Data without tokens, and without the values of secret names, wherever they stand in it. */
export const safeValue = <T>(value: T): T => maskValue(value, SECRETS, 0) as T;

/** Headers whose values say who somebody is. */
export const isSecretHeader = (name: string): boolean =>
  isSecret(name) || /^(authorization|proxy-authorization|cookie|set-cookie|x-simple-auth-hash)$/i.test(name);

/** A header without what is secret in it: the scheme of an authorization stays. */
const safeHeader = ([name, value]: Header): Header => {
  if (!isSecretHeader(name)) return [name, withoutSecrets(value)];
  const scheme = /^(Bearer|Basic)\s/i.exec(value)?.[1];
  return [name, scheme ? `${scheme} ${MASK}` : MASK];
};

/** A request without what is secret in it. */
export const safeRecord = (record: RequestRecord): RequestRecord => maskRecord(record, withoutSecrets, safeHeader);

const withoutPasswordsIn = (text: string): string => maskText(text, PASSWORDS);

/** Basic authorization is name and password in base64 (RFC 7617), whatever header it stands in. */
const BASIC = /^\s*Basic\s+\S/i;
/** A header without passwords; `null` where it has none by its name or scheme. */
export const withoutPassword = ([name, value]: Header): Header | null =>
  isPassword(name) ? [name, MASK] : BASIC.test(value) ? [name, `Basic ${MASK}`] : null;

/** A request without passwords, taken out as soon as it is seen. Tokens stay. */
export const withoutPasswords = (record: RequestRecord): RequestRecord =>
  maskRecord(record, withoutPasswordsIn, (header) => withoutPassword(header) ?? [header[0], withoutPasswordsIn(header[1])]);
