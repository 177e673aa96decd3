/**
 * The encodings in which a known secret is found, each with its reader. Nothing beyond this list is claimed: the search is
 * built from it, a test tries every row, and docs/privacy.md lists it. Pure.
 */
import {
  base32,
  base64,
  hex,
  hexList,
  numbers,
  type RunReader,
  typedArray,
  unadorned,
  unescaped,
  unpercented,
  unquoted,
  unreferenced,
  type WholeReader,
} from './readers';

export interface Encoding {
  /** As listed in docs/privacy.md. */
  readonly name: string;
  write(text: string): string;
  /** Decodes it. Without `run` or `whole`, it is one of the spellings that the finder searches for (`spellingsOf`). */
  readonly run?: RunReader;
  readonly whole?: WholeReader;
  /** The spelling is searched for as it is. */
  readonly sought?: true;
}

const utf8 = new TextEncoder();
const bytesOf = (text: string): number[] => [...utf8.encode(text)];
const unitsOf = (text: string): number[] => Array.from({ length: text.length }, (_one, index) => text.charCodeAt(index));
/** Bytes of UTF-16. @param isBig big-endian */
const wideOf = (text: string, isBig: boolean): number[] =>
  unitsOf(text).flatMap((unit) => (isBig ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]));
const hexOf = (value: number, digits = 2): string => value.toString(16).padStart(digits, '0');
const inHex = (bytes: readonly number[], joint = '', before = ''): string => bytes.map((byte) => before + hexOf(byte)).join(joint);
const in64 = (bytes: readonly number[]): string => btoa(bytes.map((byte) => String.fromCharCode(byte)).join(''));
const forAddress = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');
const unpadded = (text: string): string => text.replace(/=+$/, '');
/** Base64 of a larger text, with this many bytes before `text`. */
const within64 = (text: string, behind: number): string => in64(bytesOf(`${' '.repeat(behind)}${text} and more`));
const in32 = (bytes: readonly number[]): string => {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits =
    bits.match(/.{1,5}/g)?.map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '') ?? [];
  return digits.join('').padEnd(Math.ceil(digits.length / 8) * 8, '=');
};
/** URL-encoded; unchanged if it contains a lone surrogate, which has no such form. */
export const inAddress = (text: string): string => (text.isWellFormed() ? encodeURIComponent(text) : text);
const inPercent = (text: string): string => inHex(bytesOf(text), '', '%');
const between = (text: string, sign: string): string => [...text].join(sign);
export const reversed = (text: string): string => [...text].reverse().join('');
const wide = (text: string): string => text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
const inLines = (text: string, length: number): string => text.replace(new RegExp(`.{${length}}(?=.)`, 'g'), '$&\r\n');
/** Maximum depth of JSON in JSON. */
const DEEPEST_JSON = 5;
/** A text escaped as in a JSON string, `times` deep. */
export const inJson = (text: string, times = 1): string => (times === 0 ? text : inJson(JSON.stringify(text).slice(1, -1), times - 1));
export const nestings: readonly number[] = Array.from({ length: DEEPEST_JSON }, (_one, index) => index + 1);

const run =
  (reader: RunReader) =>
  (name: string, write: Encoding['write']): Encoding => ({ name, write, run: reader });
const whole =
  (reader: WholeReader) =>
  (name: string, write: Encoding['write']): Encoding => ({ name, write, whole: reader });
const sought = (name: string, write: Encoding['write']): Encoding => ({ name, write, sought: true });
const [on64, on32, onHex, onHexList, onNumbers] = [run(base64), run(base32), run(hex), run(hexList), run(numbers)];
const [onPercent, onReference, onEscape, onLetters, onQuoted] = [
  whole(unpercented),
  whole(unreferenced),
  whole(unescaped),
  whole(unadorned),
  whole(unquoted),
];

export const ENCODINGS: readonly Encoding[] = [
  sought('as it is', (text) => text),
  sought('capital letters', (text) => text.toUpperCase()),
  sought('small letters', (text) => text.toLowerCase()),
  sought('reversed', reversed),
  ...nestings.map((times) => sought(times === 1 ? 'JSON' : `JSON in JSON, ${times} deep`, (text) => inJson(text, times))),
  onPercent('percent signs', inAddress),
  onPercent('percent signs, of every byte', (text) => inPercent(text).toUpperCase()),
  onPercent('percent signs, small hex', inPercent),
  onPercent('percent signs, twice', (text) => inAddress(inPercent(text))),
  sought('a form, with plus signs', (text) => inAddress(text).replaceAll('%20', '+')),
  onReference('HTML references, decimal', (text) => [...text].map((char) => `&#${char.codePointAt(0)};`).join('')),
  onReference('HTML references, hex', (text) => [...text].map((char) => `&#x${hexOf(char.codePointAt(0) ?? 0)};`).join('')),
  onEscape('`\\u` escapes', (text) =>
    unitsOf(text)
      .map((unit) => `\\u${hexOf(unit, 4)}`)
      .join(''),
  ),
  onEscape('`\\x` escapes', (text) =>
    unitsOf(text)
      .map((unit) => (unit < 256 ? `\\x${hexOf(unit)}` : `\\u${hexOf(unit, 4)}`))
      .join(''),
  ),
  on64('base64', (text) => in64(bytesOf(text))),
  on64('base64 without padding', (text) => unpadded(in64(bytesOf(text)))),
  on64('base64url', (text) => forAddress(in64(bytesOf(text)))),
  on64('base64url without padding', (text) => forAddress(unpadded(in64(bytesOf(text))))),
  ...[0, 1, 2].map((behind) => on64(`base64 of a larger text, ${behind} bytes in`, (text) => within64(text, behind))),
  on64('base64 of base64', (text) => in64(bytesOf(in64(bytesOf(text))))),
  on64('base64 in lines of 64', (text) => inLines(in64(bytesOf(text)), 64)),
  on64('base64 in lines of 76', (text) => inLines(in64(bytesOf(text)), 76)),
  on64('base64 of UTF-16, low byte first', (text) => in64(wideOf(text, false))),
  on64('base64 of UTF-16, high byte first', (text) => in64(wideOf(text, true))),
  on32('base32', (text) => in32(bytesOf(text))),
  on32('base32, small letters without padding', (text) => unpadded(in32(bytesOf(text))).toLowerCase()),
  onHex('hex', (text) => inHex(bytesOf(text))),
  onHex('hex, capital letters', (text) => inHex(bytesOf(text)).toUpperCase()),
  onHex('hex of UTF-16, low byte first', (text) => inHex(wideOf(text, false))),
  onHex('hex of UTF-16, high byte first', (text) => inHex(wideOf(text, true))),
  onHexList('hex with spaces', (text) => inHex(bytesOf(text), ' ')),
  onHexList('hex with colons', (text) => inHex(bytesOf(text), ':')),
  onHexList('a list of `0x` bytes', (text) => inHex(bytesOf(text), ', ', '0x')),
  onEscape('hex with `\\x`, of every byte', (text) => inHex(bytesOf(text), '', '\\x')),
  onNumbers('a list of bytes', (text) => JSON.stringify(bytesOf(text))),
  onNumbers('bytes with spaces', (text) => bytesOf(text).join(' ')),
  onNumbers('a list of character codes', (text) => unitsOf(text).join(', ')),
  run(typedArray)('a typed array in JSON', (text) => JSON.stringify({ ...bytesOf(text) })),
  onLetters('zero-width letters between', (text) => between(text, '\u200b')),
  onLetters('soft hyphens between', (text) => between(text, '\u00ad')),
  onLetters('marks of direction between', (text) => between(text, '\u202e')),
  onLetters('full-width letters', wide),
  onLetters('letters apart from their marks (NFD)', (text) => text.normalize('NFD')),
  onLetters('letters in their common form (NFKC)', (text) => text.normalize('NFKC')),
  onQuoted('quoted-printable', (text) => inHex(bytesOf(text), '', '=').toUpperCase()),
  onQuoted('quoted-printable in lines', (text) =>
    inHex(bytesOf(text), '', '=')
      .toUpperCase()
      .replace(/.{72}(?=.)/g, '$&=\r\n'),
  ),
];
