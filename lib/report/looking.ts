/**
 * What is secret in a text: by the name that it stands under, by its look, and in whatever it is encoded. Pure.
 */
import { encoded, maskText, maskValue, namePatterns, type Rule } from '../capture/masking';
import { isPassword, isSecret, MASK, normal, SECRET_WORDS } from '../capture/secrets';
import type { Redaction, SecretKind } from './secrecy';

/** As what a value was found: one of a kind; an identity hash, which is personal and a number; or whom a token is for, which is this or that. */
export type Nature = SecretKind | 'hash' | 'whom';
export const kindOf = (nature: Nature): SecretKind => (nature === 'hash' || nature === 'whom' ? 'personal' : nature);

// Names without case and joints (facts §1.5, §3.3).
const HASH_ENDS = /^(hash|snrshe)$|(?<!and)(identity|email|user)hash$/;
const PERSONAL = new Set(
  `mobile tel dob surname nick nickname username user login avatarurl company street city province zipcode zip postalcode
  clientidentifier sex whom who nme deviceid`.split(/\s+/),
);
const PERSONAL_WORDS =
  '(?:e?mail|phone|phonenumber|telephone|msisdn|(?:first|last|given|family|middle|display|full|preferreduser)name|birthdate|birthday|dateofbirth|address|customid(?:entif(?:y|ier))?|authid)';
/** Whatever stands before: `customerEmail`, `billing[phone]`. */
const PERSONAL_ENDS = new RegExp(`${PERSONAL_WORDS}$`);
const IDS = new Set(['clientid', 'profileid', 'sub', 'jti', 'sid', 'sessionid', 'uuid', 'clientuuid', 'permuuid']);
const KEYS = /apikey$|^apk$|jwt$/;
/** Words that stand under these say nothing anywhere else. */
const LOOSE = new Set(['mail', 'mobile', 'user', 'login', 'nick', 'sex', 'hash', 'company', 'who', 'province']);
/** The same for text that cannot be read as names and values. */
const NAME_WORDS = `${SECRET_WORDS}|api_?key|e-?mail|phone|(?:first|last|given|family|display|full)_?name|custom_?id\\w{0,8}|auth_?id|(?<!and_)(?:identity|email|user)_?hash|snrs_he|birth_?date|(?:postal|zip)_?code|(?<![a-z])(?:city|street|address)`;

/** What a name says of the value under it; `null` for nothing. */
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
/** Whether a text is such a name itself: they stand in lists too, and in messages. */
export function isName(text: string): boolean {
  const plain = normal(text);
  return PERSONAL.has(plain) || IDS.has(plain) || WHOLE_NAME.test(plain);
}

/** A JWT, and what stands before it in its word: each word is looked through once. */
export const JWT = /(?<![\w-])(?=[\w-]{8,}\.)([\w-]*?)(eyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]+){0,3})/g;
const EMAIL = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+'-]{0,63}@[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,62}(?:\.[\p{L}\p{M}\p{N}-]{1,63})+/gu;
/** With the country's number; any other is known by its name alone. */
const PHONE = /(?<![\p{L}\p{N}_+%\]])\+[1-9]\d{0,2}[ (.-]{0,2}\d(?:[ ().-]{0,2}\d){6,12}(?![\w:])/gu;
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;
export const WHOLE_UUID = /^[\da-f]{8}-[\da-f]{4}-([\da-f])[\da-f]{3}-([\da-f])[\da-f]{3}-[\da-f]{12}$/i;
/** Identity hashes as the Web SDK's cookies have them (facts §3.3): after their name, or after a UUID and a colon. */
const HASH = new RegExp(`((?:identityHash|emailHash|user_hash):)([^&;\\s"'\\\\%]+)|(${UUID.source}:)(-?\\d{1,11})(?![\\d-])`, 'gi');
/** A run of base64, or lines of it as mail has them. */
const BASE64 = /(?:[A-Za-z0-9+/]{60,}\r?\n)*[A-Za-z0-9+/_-]{4,}/g;
/** No shorter text is a form of anything. */
const FORM = 6;
const MOST_OF_WORD = 40;
const MOST_WORDS = 50_000;
/** So deep one encoding stands in another. */
const DEEPEST = 5;

export const attempt = <T>(work: () => T): T | null => {
  try {
    return work();
  } catch {
    return null;
  }
};
const charOf = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

/** A text out of its percent signs, however often it was put in; what is no UTF-8 byte by byte. */
function unpercented(text: string): string {
  let plain = text;
  for (let times = 0; times <= DEEPEST && plain.includes('%'); times += 1)
    plain = plain
      .replace(/%u([\da-f]{4})/gi, (_whole, hex: string) => charOf(hex))
      .replace(/(?:%[\da-f]{2})+/gi, (run) => attempt(() => decodeURIComponent(run)) ?? unescape(run));
  return plain;
}

const REFERENCES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  commat: '@',
  plus: '+',
};
/** A text out of the character references of HTML and XML, those that stand in mails and templates. */
const unreferenced = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp|commat|plus));/gi,
        (whole, decimal?: string, hex?: string, name = '') =>
          decimal || hex
            ? (attempt(() => String.fromCodePoint(Number.parseInt(decimal ?? hex ?? '', decimal ? 10 : 16))) ?? whole)
            : (REFERENCES[name.toLowerCase()] ?? whole),
      )
    : text;

/** A text out of JSON's escapes of characters, slashes and ends of lines, however many backslashes they have. */
const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(/(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2})|(\/)|(?:r\\+)?n)/gi, (_whole, u?: string, x?: string, slash = '\n') =>
        u || x ? charOf(u ?? x ?? '') : slash,
      )
    : text;

const decoder = new TextDecoder();
/** What may stand in base64, in pieces that can be read; it may begin behind letters of another word: one reading for each beginning. */
function readings(run: string): string[][] {
  const standard = run.replace(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/');
  return [0, 1, 2, 3].map((from) => {
    const piece = standard.slice(from);
    const binary = attempt(() => atob(piece.length % 4 === 1 ? piece.slice(0, -1) : piece)) ?? '';
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
    const text = decoder.decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is no text has them
    return text.split(/[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]+/).filter(({ length }) => length > 2);
  });
}

function besideJwts(text: string, change: (part: string) => string): string {
  let made = '';
  let done = 0;
  for (const { index, 1: before = '', 2: token = '' } of text.matchAll(JWT)) {
    made += change(text.slice(done, index + before.length)) + token;
    done = index + before.length + token.length;
  }
  return made + change(text.slice(done));
}

/** A value in one spelling, however it is written where it stands. */
export function canonical(value: string): string {
  const plain = unpercented(value.trim()).replace(/^(eyJ.*?)\.+$/s, '$1');
  return (plain.includes('\\') ? attempt(() => JSON.parse(`"${plain}"`) as string) : null) ?? plain;
}

/** What stands in the place of a value. @param isLoose where it is a word, that says nothing anywhere else */
export type Put = (nature: Nature, value: string, isLoose?: boolean) => string;

/** What one way through the report does. @param known puts what was found already @param apart puts what is a part of that, where the whole was dealt with */
export function looking(ways: Redaction, put: Put, known: (text: string) => string, apart: (text: string) => string) {
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
  /** Whether what stands under a name is dealt with for it. What stays is looked through like any other, but for a token. */
  function isNamed(name: string): boolean {
    const nature = natureOf(name);
    return isPassword(name) || nature === 'tokens' || (nature !== null && ways[kindOf(nature)] !== 'kept');
  }
  function putNamed(value: string, name: string, depth = 0): string {
    if (isPassword(name) && value !== '') return MASK;
    // What goes as a whole is looked through all the same: parts of it may stand elsewhere.
    if (/^\s*[[{]/.test(value) && depth < DEEPEST) within(value, depth);
    return put(natureOf(name) ?? 'personal', value, LOOSE.has(normal(name)));
  }
  const patterns = namePatterns(NAME_WORDS);
  /** Texts have the same words again and again: each is looked through once. */
  const words = new Map<string, boolean>();
  /** The rule for what stands so deep in other encodings. */
  const rules = Array.from(
    { length: DEEPEST + 2 },
    (_one, depth): Rule => ({
      names: isNamed,
      put: (value, name) => putNamed(value, name, depth),
      leaf: (text) => leaf(text, depth),
      ...patterns,
    }),
  );
  const [rule] = rules as [Rule];
  const within = (text: string, depth: number): string => maskText(text, rules[depth + 1] ?? rule, 1);

  /** Text by its look, and what it may be the encoding of. */
  function leaf(text: string, depth: number): string {
    // A token that is kept is kept whole, with whatever stands in it.
    if (tokensStay && text.includes('eyJ')) return besideJwts(text, (part) => inAnyForm(part, depth));
    return inAnyForm(text, depth);
  }

  function inAnyForm(text: string, depth: number): string {
    if (depth > DEEPEST) return /%[\da-f]{2}|[\w+/-]{32}/i.test(text) ? MASK : byLook(text);
    const plain = unreferenced(unescaped(text));
    const masked = plain === text ? plain : within(plain, depth);
    if (masked !== plain) return masked;
    const seen = byLook(text.includes('%') ? text.replace(/[^\s"'<>&=?#;,]+/g, (piece) => inPercents(piece, depth)) : text);
    const made = seen.replace(BASE64, (run) => (hidesInBase64(run, depth) ? MASK : run));
    // What is partly in percent signs may be in several of those pieces.
    const whole = unpercented(made);
    const looked = whole === made ? whole : within(whole, depth);
    return looked === whole ? made : looked;
  }

  function inPercents(piece: string, depth: number): string {
    const plain = unpercented(piece);
    const masked = plain === piece ? plain : within(plain, depth);
    // A path stays one.
    return masked === plain ? piece : encoded(masked).replace(/%(?:2F|3A)/g, (sign) => (piece.includes('/') ? unescape(sign) : sign));
  }

  function hidesInBase64(run: string, depth: number): boolean {
    const had = words.get(run);
    if (had !== undefined) return had;
    // All of one reading, so that all that is in it is found.
    const hides = readings(run).some((texts) =>
      texts.map((text) => (text.length < FORM ? known(text) : within(text, depth)) !== text).includes(true),
    );
    if (run.length <= MOST_OF_WORD && words.size < MOST_WORDS) words.set(run, hides);
    return hides;
  }

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
