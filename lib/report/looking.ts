/**
 * Finds secrets in texts: by the name they are under, by their pattern, and in any encoding. Pure.
 */
import { ruleInEncodings } from '../redaction/encoded';
import { maskText, maskValue, TOO_DEEP } from '../redaction/masking';
import { isPassword, isSecret } from '../redaction/names';
import { attempt, unpercented } from '../redaction/readers';
import type { Redaction, SecretKind } from './secrecy';

/**
 * What a value was recognized as: a kind of secret; `hash`: an identity hash, which is personal and a number; `whom`: the customer
 * of a token, as an ID of unknown kind; `password`: never kept.
 */
export type Nature = SecretKind | 'hash' | 'whom' | 'password';
export const kindOf = (nature: Nature): SecretKind =>
  nature === 'password' ? 'tokens' : nature === 'hash' || nature === 'whom' ? 'personal' : nature;

/** A name in lowercase, without separators (facts §1.5, §3.3). */
const normal = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const HASH_ENDS = /^(hash|snrshe)$|(?<!and)(identity|email|user)hash$/;
const PERSONAL = new Set(
  `mobile tel dob surname nick nickname username user login avatarurl company street city province zipcode zip postalcode
  clientidentifier sex whom who nme deviceid`.split(/\s+/),
);
const PERSONAL_WORDS =
  '(?:e?mail|phone|phonenumber|telephone|msisdn|(?:first|last|given|family|middle|display|full|preferreduser)name|birthdate|birthday|dateofbirth|address|customid(?:entif(?:y|ier))?|authid)';
/** With any prefix: `customerEmail`, `billing[phone]`. */
const PERSONAL_ENDS = new RegExp(`${PERSONAL_WORDS}$`);
const IDS = new Set(['clientid', 'profileid', 'sub', 'jti', 'sid', 'sessionid', 'uuid', 'clientuuid', 'permuuid']);
const KEYS = /apikey$|^apk$|jwt$/;
/** Names whose values, if single words, are too common to be searched for elsewhere. */
const LOOSE = new Set(['mail', 'mobile', 'user', 'login', 'nick', 'sex', 'hash', 'company', 'who', 'province']);
/** Names that are also recognized in text that can't be parsed into names and values. */
const NAME_WORDS =
  /e-?mail|phone|(?:first|last|given|family|display|full)_?name|custom_?id\\w{0,8}|auth_?id|(?<!and_)(?:identity|email|user)_?hash|snrs_he|birth_?date|(?:postal|zip)_?code|(?<![a-z])(?:city|street|address)\]?$/i;

/** The nature of the value under a name; `null` if the name indicates none. */
function natureOf(name: string): Nature | null {
  const plain = normal(name);
  if (isSecret(name) || KEYS.test(plain)) return 'tokens';
  if (HASH_ENDS.test(plain)) return 'hash';
  if (PERSONAL.has(plain) || PERSONAL_ENDS.test(plain)) return 'personal';
  return IDS.has(plain) ? 'ids' : null;
}

const WHOLE_NAME = new RegExp(
  `^(?:${PERSONAL_WORDS}|(?:old|new)?password|pin|pincode|token|jwt|secret|apikey|(?:identity|email|user)?hash)$`,
);
/** Whether a text is itself such a name: names occur in lists and messages too. */
export function isName(text: string): boolean {
  const plain = normal(text);
  return PERSONAL.has(plain) || IDS.has(plain) || WHOLE_NAME.test(plain);
}

/** A JWT, and the part of its word before it, so that each word is scanned only once. */
export const JWT = /(?<![\w-])(?=[\w-]{8,}\.)([\w-]*?)(eyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]+){0,3})/g;
const EMAIL = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+'-]{0,63}@[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,62}(?:\.[\p{L}\p{M}\p{N}-]{1,63})+/gu;
/** Phone numbers with a country code; all others are recognized only by their name. */
const PHONE = /(?<![\p{L}\p{N}_+%\]])\+[1-9]\d{0,2}[ (.-]{0,2}\d(?:[ ().-]{0,2}\d){6,12}(?![\w:])/gu;
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;
/** Whether a UUID is derived from a name, such as an email (versions 3 and 5): it can be found from a list of names. */
export const isMade = (uuid: string): boolean => /^[35]$/.test(WHOLE_UUID.exec(uuid)?.[1] ?? '');
export const WHOLE_UUID = /^[\da-f]{8}-[\da-f]{4}-([\da-f])[\da-f]{3}-([\da-f])[\da-f]{3}-[\da-f]{12}$/i;
/** Identity hashes as in the Web SDK's cookies (facts §3.3): after their name, or after a UUID and a colon. */
const HASH = new RegExp(`((?:identityHash|emailHash|user_hash):)([^&;\\s"'\\\\%]+)|(${UUID.source}:)(-?\\d{1,11})(?![\\d-])`, 'gi');
/** Maximum depth to which a value that is replaced as a whole is searched. */
const DEEPEST_DATA = 5;

function besideJwts(text: string, change: (part: string) => string): string {
  let made = '';
  let done = 0;
  for (const { index, 1: before = '', 2: token = '' } of text.matchAll(JWT)) {
    made += change(text.slice(done, index + before.length)) + token;
    done = index + before.length + token.length;
  }
  return made + change(text.slice(done));
}

/** The canonical spelling of a value: trimmed and unescaped. */
export function canonical(value: string): string {
  const plain = unpercented(value.trim()).replace(/^(eyJ.*?)\.+$/s, '$1');
  return (plain.includes('\\') ? attempt(() => JSON.parse(`"${plain}"`) as string) : null) ?? plain;
}

/** Returns the replacement of a value. @param isLoose a single word is too common to be searched for elsewhere */
export type Put = (nature: Nature, value: string, isLoose?: boolean) => string;

/** Removes from texts what is already known. */
export interface Known {
  /** Removes the values that were found. */
  known(text: string): string;
  /** Removes those that look like form data. */
  formless(text: string): string;
  /** Removes parts of a found value, after whole values were removed. */
  apart(text: string): string;
}

/** Creates the functions of one pass through the report. @param put returns the replacement of what is found */
export function looking(ways: Redaction, put: Put, { known, formless, apart }: Known) {
  const tokensStay = ways.tokens === 'kept';
  const byLook = (text: string): string => {
    let seen = known(text);
    if (seen.includes('eyJ')) seen = seen.replace(JWT, (_whole, before: string, token: string) => before + put('tokens', token));
    seen = apart(seen);
    if (seen.includes('@')) seen = seen.replace(EMAIL, (found) => put('personal', found));
    if (seen.includes('+')) seen = seen.replace(PHONE, (found) => put('personal', found));
    if (seen.includes(':'))
      seen = seen.replace(HASH, (_whole, name?: string, named?: string, uuid?: string, hash?: string) =>
        name === undefined ? `${uuid}${put('hash', hash ?? '')}` : `${name}${put('hash', named ?? '')}`,
      );
    return seen.includes('-') ? seen.replace(UUID, (found) => put('ids', found)) : seen;
  };
  /** Whether a value is handled because of its name. A value that stays is searched like any other, except a token. */
  function isNamed(name: string): boolean {
    const nature = natureOf(name);
    return isPassword(name) || nature === 'tokens' || (nature !== null && ways[kindOf(nature)] !== 'kept');
  }
  function putNamed(value: string, name: string, depth = 0): string {
    // A value that is replaced as a whole is searched anyway: parts of it may occur elsewhere.
    if (/^\s*[[{]/.test(value) && depth < DEEPEST_DATA) within(value, depth);
    if (!isPassword(name) || value === '') return put(natureOf(name) ?? 'personal', value, LOOSE.has(normal(name)));
    put('password', value);
    return TOO_DEEP;
  }
  const { rule, within } = ruleInEncodings({
    names: isNamed,
    namesInText: (name) => isNamed(name) && (isSecret(name) || NAME_WORDS.test(name)),
    put: putNamed,
    look: byLook,
    known,
    formless,
    mark: TOO_DEEP,
    // A token that is kept stays whole, with everything in it.
    ...(tokensStay && { beside: besideJwts }),
  });

  return {
    text: (text: string) => maskText(text, rule),
    free: (value: unknown) => maskValue(value, rule, 0),
    put,
    putNamed,
    isNamed,
    tokensStay,
  };
}
export type Looking = ReturnType<typeof looking>;
