/** Looks through a text in every encoding that is claimed, one within another. Pure. */
import { ENCODINGS } from './encodings';
import { encoded, maskText, type Rule } from './masking';
import {
  base32,
  base64,
  hex,
  type RunReader,
  unadorned,
  unescaped,
  unpercented,
  unquoted,
  unreferenced,
  type WholeReader,
  WORD,
} from './readers';

/** What is taken out of texts, however they are written. */
export interface Sought extends Omit<Rule, 'leaf' | 'put'> {
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
const claimed = (readers: readonly WholeReader[]): readonly WholeReader[] => readers.filter((reader) => WHOLES.has(reader));
/** Spellings that other text does not have. */
const CLEAR = claimed([unescaped, unreferenced]);
/** Spellings that other text may look like: what they say counts only where something hides in it. */
const UNCLEAR = claimed([unpercented, unadorned, unquoted]);

/** So deep one encoding stands in another. */
const DEEPEST = 5;
/** No shorter text is a form of anything. */
const FORM = 6;
const MOST_OF_WORD = 40;
const MOST_WORDS = 50_000;
/** So many times its length is read of a text in all encodings, and so many characters beside. */
const MOST_READ = 60;
const LEAST_READ = 100_000;

/** The rule for what is sought, and the way through a text that was read out of something. Texts have the same words again and again: each is looked through once. */
export function ruleInEncodings({ put, look, known, mark, shortest = 0, beside, ...how }: Sought): {
  readonly rule: Rule;
  within(text: string, depth: number): string;
} {
  const rules = Array.from(
    { length: DEEPEST + 2 },
    (_one, depth): Rule => ({
      ...how,
      put: (value, name) => put(value, name, depth),
      leaf: (text) => (beside ? beside(text, (part) => inAnyForm(part, depth)) : inAnyForm(text, depth)),
    }),
  );
  const [rule] = rules as [Rule];
  const within = (text: string, depth: number): string => maskText(text, rules[depth + 1] ?? rule, 1);
  const words = new Map<string, string>();
  let left = 0;

  function readIn(text: string, depth: number, reader: RunReader): string {
    return text.replace(reader.runs, (run) => {
      if (run.length < shortest) return run;
      // All of one reading, so that all that is in it is found.
      const hides = reader
        .read(run)
        .some((texts) => texts.map((read) => (read.length < FORM ? known(read) : within(read, depth)) !== read).includes(true));
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
    if (depth === 0) left = MOST_READ * text.length + LEAST_READ;
    else left -= text.length;
    // Encodings in encodings without end: nobody's but of one who wants it to take long.
    if (left < 0) return mark;
    const plain = CLEAR.reduce((read, reader) => reader(read), text);
    if (plain !== text) {
      const masked = within(plain, depth);
      if (masked !== plain) return masked;
    }
    let made = look(text.includes('%') ? text.replace(/[^\s"'<>&=?#;,]+/g, (piece) => inPercents(piece, depth)) : text);
    for (const reader of LISTS) made = readIn(made, depth, reader);
    made = made.replace(WORD, (word) => inWord(word, depth));
    let whole = made;
    for (const reader of UNCLEAR) {
      const read = reader(whole);
      if (read === whole) continue;
      whole = read;
      const looked = within(whole, depth);
      if (looked !== whole) return looked;
    }
    return made;
  }
  return { rule, within };
}
