/** Decoders: for runs within a text that may be encoded, and for spellings of a text as a whole. Pure. */

/** One possible decoding of a run, as readable pieces. */
type Reading = readonly string[];

/** An encoding that is recognized by its alphabet. */
export interface RunReader {
  /** Matches its runs; global, and takes linear time. */
  readonly runs: RegExp;
  /** It uses only word characters, so a run is part of one word. */
  readonly inWords?: true;
  /** Returns all possible decodings of a run. */
  read(run: string): Reading[];
}

/** Decodes a spelling of a whole text, such as escapes; returns a text without it unchanged. */
export type WholeReader = (text: string) => string;

/** The result of `work`; `null` if it throws. */
export const attempt = <T>(work: () => T): T | null => {
  try {
    return work();
  } catch {
    return null;
  }
};
const charOf = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

/** Decodes percent-encoded bytes: as UTF-8 or, if invalid, one by one. */
const byteByByte = (run: string): string => attempt(() => decodeURIComponent(run)) ?? unescape(run);
/** Maximum depth of percent-encoding within percent-encoding. */
const MOST_PERCENTS = 5;
/** Percent-decodes a text, even if encoded several times; bytes that aren't valid UTF-8 are decoded one by one. */
export function unpercented(text: string): string {
  let plain = text;
  for (let times = 0; times <= MOST_PERCENTS && plain.includes('%'); times += 1)
    plain = plain.replace(/%u([\da-f]{4})/gi, (_whole, hex: string) => charOf(hex)).replace(/(?:%[\da-f]{2})+/gi, byteByByte);
  return plain;
}

/** Decodes quoted-printable (RFC 2045): encoded bytes and soft line breaks. */
export const unquoted: WholeReader = (text) =>
  text.includes('=')
    ? text.replace(/=\r?\n/g, '').replace(/(?:=[\dA-F]{2})+/gi, (run) => attempt(() => decodeURIComponent(run.replaceAll('=', '%'))) ?? run)
    : text;

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
/** Decodes the HTML and XML character references that occur in emails and templates. */
export const unreferenced: WholeReader = (text) =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp|commat|plus));/gi,
        (whole, decimal?: string, hex?: string, name = '') =>
          decimal || hex
            ? (attempt(() => String.fromCodePoint(Number.parseInt(decimal ?? hex ?? '', decimal ? 10 : 16))) ?? whole)
            : (REFERENCES[name.toLowerCase()] ?? whole),
      )
    : text;

/** Decodes JSON escapes of characters, slashes and line ends, with any number of backslashes. */
export const unescaped: WholeReader = (text) =>
  text.includes('\\')
    ? text
        // Bytes are UTF-8; otherwise each is a character.
        .replace(
          /(?<!\\)(?:((?:\\+x[\da-fA-F]{2})+)|\\+(?:u([\da-fA-F]{4})|(\/)|(?:r\\+)?n))/g,
          (_whole, bytes?: string, unit?: string, slash = '\n') =>
            bytes ? byteByByte(bytes.replace(/\\+x/g, '%')) : unit ? charOf(unit) : slash,
        )
    : text;

/** Soft hyphens, zero-width characters, direction marks, variation selectors. */
const INVISIBLE = /\u034f|[\ufe00-\ufe0f]|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const inCommonForm = (text: string): string => (text.includes('…') ? text.split('…').map(inCommonForm).join('…') : text.normalize('NFKC'));
/** A text without invisible characters, each letter in its common form (NFKC): `ｅ` becomes `e`. An ellipsis stays. */
export const unadorned: WholeReader = (text) => (/[\u0080-\uffff]/.test(text) ? inCommonForm(text.replace(INVISIBLE, '')) : text);

const decoder = new TextDecoder();
/** Shorter pieces are ignored (characters, and bytes). */
const SHORTEST = 3;

/** Length of the UTF-8 character at `at` (bytes); 0 if there is no readable one. */
function widthAt(bytes: Uint8Array, at: number): number {
  const [one = 0, two = 0] = [bytes[at], bytes[at + 1]];
  if (one < 0x80) return one === 0x7f || (one < 0x20 && (one < 9 || one > 13)) ? 0 : 1;
  const isMore = (from: number, count: number) => {
    for (let index = from; index < from + count; index += 1) if (((bytes[index] ?? 0) & 0xc0) !== 0x80) return false;
    return true;
  };
  // Overlong sequences, surrogates and control characters don't count.
  if (one < 0xc2 || (one === 0xc2 && two < 0xa0) || (one === 0xe0 && two < 0xa0) || (one === 0xed && two > 0x9f) || one > 0xf4) return 0;
  const more = one < 0xe0 ? 1 : one < 0xf0 ? 2 : 3;
  return isMore(at + 1, more) ? more + 1 : 0;
}

/** The readable pieces of bytes as UTF-8. Most bytes aren't text, so only readable pieces are decoded. */
function narrowOf(bytes: Uint8Array, length: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  let count = 0;
  for (let at = 0; at <= length; ) {
    const width = at < length ? widthAt(bytes, at) : 0;
    if (width === 0) {
      if (count >= SHORTEST) pieces.push(decoder.decode(bytes.subarray(from, at)));
      count = 0;
      from = at + 1;
    } else count += 1;
    at += width || 1;
  }
  return pieces;
}

/** The same as UTF-16, of characters below U+2000. @param from index of the first byte @param low offset of the low byte in a unit */
function wideOf(bytes: Uint8Array, length: number, from: number, low: 0 | 1): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let at = from; at + 1 < length; at += 2) {
    const high = bytes[at + 1 - low] ?? 0;
    const unit = (high << 8) | (bytes[at + low] ?? 0);
    const isLetter = high < 0x20 && (unit >= 0xa0 || (unit >= 0x20 && unit < 0x7f) || unit === 9 || unit === 10 || unit === 13);
    if (isLetter) piece += String.fromCharCode(unit);
    if (isLetter && at + 3 < length) continue;
    if (piece.length >= SHORTEST) pieces.push(piece);
    piece = '';
  }
  return pieces;
}

/** Whether bytes may be UTF-16: each character below U+2000 then has a byte below 0x20. */
function mayBeWide(bytes: Uint8Array, length: number): boolean {
  for (let at = 0; at < length; at += 1) if ((bytes[at] ?? 0) < 0x20) return true;
  return false;
}

/** Adds the possible decodings of the first `length` bytes: UTF-8, and UTF-16 from either offset, in either byte order. */
function addTexts(found: Reading[], bytes: Uint8Array, length: number): void {
  const add = (pieces: string[]) => {
    if (pieces.length) found.push(pieces);
  };
  if (length < SHORTEST) return;
  add(narrowOf(bytes, length));
  if (length < 2 * SHORTEST || !mayBeWide(bytes, length)) return;
  for (const from of [0, 1]) {
    add(wideOf(bytes, length, from, 0));
    add(wideOf(bytes, length, from, 1));
  }
}

/** The value of each character of an alphabet; 255 for all others. */
function valuesOf(alphabet: string, ...others: string[]): Uint8Array {
  const values = new Uint8Array(128).fill(255);
  for (const letters of [alphabet, ...others])
    for (let index = 0; index < letters.length; index += 1) values[letters.charCodeAt(index)] = index;
  return values;
}
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SMALL = LETTERS.toLowerCase();
const IN_64 = valuesOf(`${LETTERS}${SMALL}0123456789+/`, `${LETTERS}${SMALL}0123456789-_`);
const IN_32 = valuesOf(`${LETTERS}234567`, `${SMALL}234567`);
const IN_16 = valuesOf('0123456789ABCDEF', '0123456789abcdef');

/** A reused buffer: most runs are words, whose bytes fit in it. */
const scratch = new Uint8Array(64);

/** Possible decodings of digits of `width` bits each. @param froms number of offsets to try, as the first digits may not belong to it */
function readDigits(digits: string, values: Uint8Array, width: number, froms: number): Reading[] {
  const found: Reading[] = [];
  const most = Math.floor((digits.length * width) / 8);
  const bytes = most <= scratch.length ? scratch : new Uint8Array(most);
  for (let from = 0; from < froms; from += 1) {
    let [held, bits, length] = [0, 0, 0];
    for (let index = from; index < digits.length; index += 1) {
      held = ((held << width) | (values[digits.charCodeAt(index)] ?? 0)) & 0xffff;
      bits += width;
      if (bits < 8) continue;
      bits -= 8;
      bytes[length] = (held >> bits) & 255;
      length += 1;
    }
    addTexts(found, bytes, length);
  }
  return found;
}

/** A word, or base64 in lines, as in email. */
export const WORD = /(?:[A-Za-z0-9+/]{60,}\r?\n)*[A-Za-z0-9+/_-]{4,}/g;

/** Base64, in lines or not; it may start after letters of a different word. */
export const base64: RunReader = {
  runs: WORD,
  inWords: true,
  read: (run) => readDigits(run.replace(/\s/g, ''), IN_64, 6, 4),
};

/** A run of base32. */
export const base32: RunReader = {
  runs: /\b(?:[A-Z2-7]{8,}|[a-z2-7]{8,})\b/g,
  inWords: true,
  read: (run) => readDigits(run, IN_32, 5, 1),
};

/** Contiguous hex, which may start after a digit that doesn't belong to it. */
export const hex: RunReader = {
  runs: /[\da-f]{8,}/gi,
  inWords: true,
  read: (run) => readDigits(run, IN_16, 4, 2),
};

/** Hex byte by byte, as in dumps and addresses. */
export const hexList: RunReader = {
  runs: /\b(?:0x)?[\da-f]{2}(?:[\s,:;-]{1,2}(?:0x)?[\da-f]{2}){2,}\b/gi,
  read: (run) => readDigits(run.replace(/0x|[^\da-f]/gi, ''), IN_16, 4, 1),
};

/** Bytes or character codes, as a list of numbers. */
export const numbers: RunReader = {
  runs: /(?<!\d|\d\.)\d{1,5}(?:[\s,]{1,24}\d{1,5}){2,}(?!\d|\.\d)/g,
  read(run) {
    const codes = run.split(/[\s,]+/).map(Number);
    const found: Reading[] = [[codes.map((code) => String.fromCharCode(code)).join('')]];
    if (codes.every((code) => code < 256)) addTexts(found, Uint8Array.from(codes), codes.length);
    return found;
  },
};

/** A typed array as JSON: each number under its index. */
export const typedArray: RunReader = {
  runs: /(?:"\d{1,6}\\{0,8}":\s?\d{1,5}[,\s]{0,3}\\{0,8}){3,}/g,
  read: (run) =>
    numbers.read(
      run
        .replace(/[\\"]+\d+[\\"]+:/g, '')
        .trim()
        .replace(/,$/, ''),
    ),
};

/** Spellings that don't occur in other text. */
export const CLEAR: readonly WholeReader[] = [unescaped, unreferenced];
/** Spellings that other text may resemble: a decoding counts only if something is found in it. */
export const UNCLEAR: readonly WholeReader[] = [unpercented, unadorned, unquoted];

/** What a text becomes when it is decoded although it isn't encoded. */
export function misreadings(text: string): string[] {
  const clear = CLEAR.reduce((read, reader) => reader(read), text);
  return [text, clear].flatMap((from) => {
    let read = from;
    return [from, ...UNCLEAR.map((reader) => (read = reader(read)))];
  });
}
