/** Searches a text in every supported encoding, nested ones included. Pure. */
import { ENCODINGS } from './encodings';
import { encoded, type MaskRule, maskText } from './masking';
import { base32, base64, CLEAR, hex, type RunReader, UNCLEAR, unpercented, type WholeReader, WORD } from './readers';

/** What to remove from texts, in whatever encoding. */
export interface Sought extends Omit<MaskRule, 'leaf' | 'put'> {
  /** Returns the replacement of a value that is removed because of its name. @param depth number of encodings around it */
  put(value: string, name: string, depth: number): string;
  /** Removes what is sought from a text, without decoding it. */
  look(text: string): string;
  /** Removes known values only: from texts too short to be searched fully, and before unescaping. */
  known(text: string): string;
  /** Replaces an encoded run in which something sought was found. */
  readonly mark: string;
  /** Shorter runs can't contain anything sought (characters). */
  readonly shortest?: number;
  /** Applies `change` to a text, except to the parts that must stay as they are. */
  beside?(text: string, change: (part: string) => string): string;
}

const used = <T>(readers: readonly (T | undefined)[]): T[] => [...new Set(readers)].flatMap((reader) => (reader ? [reader] : []));
const RUNS = used<RunReader>(ENCODINGS.map((one) => one.run));
/** Smallest alphabet first: all hex is valid base64 too. */
const IN_WORDS = [hex, base32, base64].filter((reader) => RUNS.includes(reader));
const LISTS = RUNS.filter(({ inWords }) => !inWords);
const WHOLES = new Set(used<WholeReader>(ENCODINGS.map((one) => one.whole)));
const [CLEARLY, UNCLEARLY] = [CLEAR, UNCLEAR].map((readers) => readers.filter((reader) => WHOLES.has(reader))) as [
  WholeReader[],
  WholeReader[],
];

/** Maximum depth of nested encodings. */
const DEEPEST = 5;
/** Shorter texts aren't searched for encodings (characters). */
const FORM = 6;
const MOST_OF_WORD = 40;
const MOST_WORDS = 50_000;
/** Limits the work: for one text, at most `MOST_READ` times its length plus `LEAST_READ` characters are read over all encodings. */
const MOST_READ = 60;
const LEAST_READ = 100_000;
const roomFor = ({ length }: string): number => MOST_READ * length + LEAST_READ;

/** The masking rule for what is sought, and `within`, which masks a decoded text. Words repeat, so each short one is searched only once. */
export function ruleInEncodings({ put, look, known, mark, shortest = 0, beside, ...how }: Sought): {
  readonly rule: MaskRule;
  within(text: string, depth: number): string;
} {
  const rules: MaskRule[] = [];
  /** Created on demand: most texts contain no encodings. */
  const ruleAt = (depth: number): MaskRule => {
    rules[depth] ??= {
      ...how,
      put: (value, name) => put(value, name, depth),
      leaf: (text) => (beside ? beside(text, (part) => inAnyForm(part, depth)) : inAnyForm(text, depth)),
    };
    return rules[depth];
  };
  const within = (text: string, depth: number): string => maskText(text, ruleAt(depth + 1), 1);
  // Encoding makes texts longer, so half of `shortest` is a safe minimum for decoded texts.
  const form = Math.max(FORM, shortest / 2);
  const words = new Map<string, string>();
  let left = 0;

  function readIn(text: string, depth: number, reader: RunReader): string {
    return text.replace(reader.runs, (run) => {
      if (run.length < shortest) return run;
      // No early exit within a reading, so that everything in it is found.
      const hides = reader
        .read(run)
        .some((texts) => texts.map((read) => (read.length < form ? known(read) : within(read, depth)) !== read).includes(true));
      return hides ? mark : run;
    });
  }

  function inWord(word: string, depth: number): string {
    if (word.length < shortest) return word;
    const isShort = word.length <= MOST_OF_WORD;
    const before = isShort ? words.get(word) : undefined;
    if (before !== undefined) return before;
    let made = word;
    for (const reader of IN_WORDS) if (made === word) made = readIn(word, depth, reader);
    if (isShort && words.size < MOST_WORDS) words.set(word, made);
    return made;
  }

  function inPercents(piece: string, depth: number): string {
    const plain = unpercented(piece);
    const masked = plain === piece ? plain : within(plain, depth);
    // The slashes and colons of a path stay.
    return masked === plain ? piece : encoded(masked).replace(/%(?:2F|3A)/g, (sign) => (piece.includes('/') ? unescape(sign) : sign));
  }

  function inAnyForm(text: string, depth: number): string {
    if (depth > DEEPEST) return /%[\da-f]{2}|[\w+/-]{32}/i.test(text) ? mark : look(text);
    if (depth === 0) left = roomFor(text);
    else left -= text.length;
    // Only an attack, meant to take long, nests encodings this much.
    if (left < 0) return mark;
    const read = CLEARLY.reduce((plain, reader) => reader(plain), text);
    if (read !== text) {
      // Remove known values first: what looks like an escape may be part of one.
      const plain = CLEARLY.reduce((seen, reader) => reader(seen), known(text));
      const masked = within(plain, depth);
      if (masked !== read) return masked;
    }
    let made = look(text.includes('%') ? text.replace(/[^\s"'<>&=?#;,]+/g, (piece) => inPercents(piece, depth)) : text);
    for (const reader of LISTS) made = readIn(made, depth, reader);
    made = made.replace(WORD, (word) => inWord(word, depth));
    let whole = made;
    for (const reader of UNCLEARLY) {
      const read = reader(whole);
      if (read === whole) continue;
      whole = read;
      const looked = within(whole, depth);
      if (looked !== whole) return looked;
    }
    return made;
  }
  return {
    rule: ruleAt(0),
    within(text, depth) {
      left = Math.max(left, roomFor(text));
      return within(text, depth);
    },
  };
}
