/** Looks through a text in every encoding that is claimed, one within another. Pure. */
import { ENCODINGS } from './encodings';
import { encoded, type MaskRule, maskText } from './masking';
import { base32, base64, CLEAR, hex, type RunReader, UNCLEAR, unpercented, type WholeReader, WORD } from './readers';

/** What is taken out of texts, however they are written. */
export interface Sought extends Omit<MaskRule, 'leaf' | 'put'> {
  /** What stands in the place of a value that goes for its name. @param depth in how many encodings it stands */
  put(value: string, name: string, depth: number): string;
  /** A text without what is to go, as it reads. */
  look(text: string): string;
  /** The same of what is too short to be a form of anything. */
  known(text: string): string;
  /** What stands in the place of a run that hides something. */
  readonly mark: string;
  /** Shorter runs hide nothing that is looked for (characters). */
  readonly shortest?: number;
  /** Parts of a text that are left alone: the rest of it through `change`. */
  beside?(text: string, change: (part: string) => string): string;
}

const used = <T>(readers: readonly (T | undefined)[]): T[] => [...new Set(readers)].flatMap((reader) => (reader ? [reader] : []));
const RUNS = used<RunReader>(ENCODINGS.map((one) => one.run));
/** What fits least comes first: all that is hex may be base64. */
const IN_WORDS = [hex, base32, base64].filter((reader) => RUNS.includes(reader));
const LISTS = RUNS.filter(({ inWords }) => !inWords);
const WHOLES = new Set(used<WholeReader>(ENCODINGS.map((one) => one.whole)));
const [CLEARLY, UNCLEARLY] = [CLEAR, UNCLEAR].map((readers) => readers.filter((reader) => WHOLES.has(reader))) as [
  WholeReader[],
  WholeReader[],
];

/** So deep one encoding stands in another. */
const DEEPEST = 5;
/** No shorter text is a form of anything. */
const FORM = 6;
const MOST_OF_WORD = 40;
const MOST_WORDS = 50_000;
/** So many times its length is read of a text in all encodings, and so many characters beside. */
const MOST_READ = 60;
const LEAST_READ = 100_000;
const roomFor = ({ length }: string): number => MOST_READ * length + LEAST_READ;

/** The rule for what is sought, and the way through a text that was read out of something. Texts have the same words again and again: each is looked through once. */
export function ruleInEncodings({ put, look, known, mark, shortest = 0, beside, ...how }: Sought): {
  readonly rule: MaskRule;
  within(text: string, depth: number): string;
} {
  const rules: MaskRule[] = [];
  /** Made when it is needed: most texts have nothing in them. */
  const ruleAt = (depth: number): MaskRule => {
    rules[depth] ??= {
      ...how,
      put: (value, name) => put(value, name, depth),
      leaf: (text) => (beside ? beside(text, (part) => inAnyForm(part, depth)) : inAnyForm(text, depth)),
    };
    return rules[depth];
  };
  const within = (text: string, depth: number): string => maskText(text, ruleAt(depth + 1), 1);
  // An encoding makes texts longer: of what is read out of a run half is less than it holds at the least.
  const form = Math.max(FORM, shortest / 2);
  const words = new Map<string, string>();
  let left = 0;

  function readIn(text: string, depth: number, reader: RunReader): string {
    return text.replace(reader.runs, (run) => {
      if (run.length < shortest) return run;
      // All of one reading, so that all that is in it is found.
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
    // A path stays one.
    return masked === plain ? piece : encoded(masked).replace(/%(?:2F|3A)/g, (sign) => (piece.includes('/') ? unescape(sign) : sign));
  }

  function inAnyForm(text: string, depth: number): string {
    if (depth > DEEPEST) return /%[\da-f]{2}|[\w+/-]{32}/i.test(text) ? mark : look(text);
    if (depth === 0) left = roomFor(text);
    else left -= text.length;
    // Encodings in encodings without end: nobody's but of one who wants it to take long.
    if (left < 0) return mark;
    const read = CLEARLY.reduce((plain, reader) => reader(plain), text);
    if (read !== text) {
      // What stands there as it is may be no escape.
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
