/** Takes secrets that are known out of texts and data, in every encoding that is claimed. Pure. */
import { ruleInEncodings } from './encoded';
import { ENCODINGS } from './encodings';
import { type Find, finderOf, isLikeForm } from './finder';
import { type MaskRule, maskText, maskValue, TOO_DEEP } from './masking';
import { isSecret } from './names';

/** From so many characters on a secret is found in other forms, too; a shorter one as it is alone. */
const SHORTEST = 4;

/** Every form of a secret that is claimed, each once. Of those that have letters between theirs, one each: `withoutForms` finds any. */
export const formsOf = (secret: string): string[] => [
  ...new Set(secret.length < SHORTEST ? [secret] : ENCODINGS.map(({ write }) => write(secret))),
];

function ruleFor(secrets: readonly string[], mark: string): MaskRule {
  const all = [...new Set(secrets)].filter(Boolean).sort((a, b) => b.length - a.length);
  const sought = all.filter(({ length }) => length >= SHORTEST);
  const [find, findForm] = [sought, sought.filter(isLikeForm)].map((values) => finderOf(values, SHORTEST)) as [Find, Find];
  const look = (text: string): string =>
    all.reduce(
      (left, one) => left.replaceAll(one, mark),
      find(text, () => mark),
    );
  const formless = (text: string): string => findForm(text, () => mark);
  return ruleInEncodings({ names: () => false, put: (value) => value, look, known: look, formless, mark }).rule;
}

/** A text without these secrets, in whatever form of `formsOf`. @param mark what stands in their place */
export const withoutForms = (text: string, secrets: readonly string[], mark: string = TOO_DEEP): string =>
  secrets.some(Boolean) ? maskText(text, ruleFor(secrets, mark)) : text;

/** Plain data without them, in its texts, keys, numbers and lists of bytes. */
export const withoutFormsIn = <T>(value: T, secrets: readonly string[], mark: string = TOO_DEEP): T =>
  secrets.some(Boolean) ? (maskValue(value, ruleFor(secrets, mark), 0) as T) : value;

/** A value, and the texts and numbers in it where it is data. */
export function partsOf(value: string): string[] {
  const parts = [value];
  if (/^\s*[[{]/.test(value))
    try {
      JSON.parse(value, (_name, one: unknown) => {
        if (typeof one === 'string' || typeof one === 'number') parts.push(String(one));
        return one;
      });
    } catch {
      // It is a text that begins so.
    }
  return parts;
}

/** A shorter secret may be any word or number, and so may one of letters alone (characters). */
const [FEWEST, FEWEST_LETTERS] = [6, 8];
/** Whether a secret that nobody named is looked for where it may stand again: it says enough, and is no name or mark itself. */
export const isSought = (value: string): boolean =>
  value.length >= (/^\p{L}+$/u.test(value) ? FEWEST_LETTERS : FEWEST) && !isSecret(value) && !/^\[.*\]$/.test(value);
