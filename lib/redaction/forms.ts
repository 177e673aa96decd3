/** Removes known secrets from texts and data, in every supported encoding. Pure. */
import { ruleInEncodings } from './encoded';
import { ENCODINGS } from './encodings';
import { type Find, finderOf, isLikeForm } from './finder';
import { type MaskRule, maskText, maskValue, TOO_DEEP } from './masking';
import { isSecret } from './names';

/** Minimum length of a secret to be found in other forms; a shorter one is found only as it is (characters). */
const SHORTEST = 4;

/** All supported forms of a secret. Those with characters inserted between its letters are examples: `withoutForms` finds any. */
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

/** A text without these secrets, in any form of `formsOf`. */
export const withoutForms = (text: string, secrets: readonly string[]): string =>
  secrets.some(Boolean) ? maskText(text, ruleFor(secrets, TOO_DEEP)) : text;

/** Plain data without these secrets in its texts, keys, numbers and lists of bytes. */
export const withoutFormsIn = <T>(value: T, secrets: readonly string[], mark: string = TOO_DEEP): T =>
  secrets.some(Boolean) ? (maskValue(value, ruleFor(secrets, mark), 0) as T) : value;

/** A value and, if it is JSON, the texts and numbers in it. */
export function partsOf(value: string): string[] {
  const parts = [value];
  if (/^\s*[[{]/.test(value))
    try {
      JSON.parse(value, (_name, one: unknown) => {
        if (typeof one === 'string' || typeof one === 'number') parts.push(String(one));
        return one;
      });
    } catch {
      // Not JSON after all.
    }
  return parts;
}

/** Minimum lengths: a shorter secret may be any word or number; one of only letters must be longer (characters). */
const [FEWEST, FEWEST_LETTERS] = [6, 8];
/** Whether a secret that was found in data is searched for elsewhere: it is distinctive, and not itself a field name or mark. */
export const isSought = (value: string): boolean =>
  value.length >= (/^\p{L}+$/u.test(value) ? FEWEST_LETTERS : FEWEST) && !isSecret(value) && !/^\[.*\]$/.test(value);
