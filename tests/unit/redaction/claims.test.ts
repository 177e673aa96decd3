// What is claimed of encodings: a secret that is known does not come through in any of the table, wherever it stands.
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { ENCODINGS } from '@/lib/redaction/encodings';
import { pseudonymKey, redact } from '@/lib/report/redact';
import { DEFAULT_REDACTION } from '@/lib/report/secrecy';
import { reportOfPerson } from '../report/make';

// Many texts are looked through, and the machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

const ASCII = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.split('');
const ODD = [...'!#$%&()*+-./:;<=>?@[]^_{|}~\'"\\ '];
const OTHER = [...'ąćęłńóśźżÄÖÜßéèñčřšкюЛюдмилаΣσ'];
const letter = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ASCII) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.constantFrom(...OTHER) },
);
/** What a person or a machine makes up: it begins and ends with a letter. */
const secret = fc
  .tuple(fc.constantFrom(...ASCII), fc.array(letter, { minLength: 5, maxLength: 16 }), fc.constantFrom(...ASCII), fc.nat({ max: 9 }))
  .map(([first, rest, last, digit]) => `${first}${digit}${rest.join('')}${last}`);
const SECRETS = [...new Set(fc.sample(secret, { numRuns: 10_000, seed: 20_261_121 }))];

/** So many characters of a form that stand in a text tell of it. */
const TELLING = 8;
/** What is left of a form in a text; `null` for nothing. */
function leftOf(form: string, text: string): string | null {
  for (let at = 0; at + TELLING <= form.length; at += 1)
    if (text.includes(form.slice(at, at + TELLING))) return form.slice(at, at + TELLING);
  return null;
}

/** Each secret is written in so many: every other encoding, in turns. */
const OF_EACH = 2;
const BATCH = 500;
it('10,000 secrets: none comes through the default report, in whatever encoding', async () => {
  const key = await pseudonymKey(new Uint8Array(32).fill(7));
  const whole = reportOfPerson();
  const [request] = whole.requests;
  if (!request) throw new Error('no request');
  const bodyOf = (data: unknown) => ({ text: JSON.stringify(data), size: 1 });
  for (let from = 0; from < SECRETS.length; from += BATCH) {
    const secrets = SECRETS.slice(from, from + BATCH);
    const forms = secrets.flatMap((value, index) =>
      ENCODINGS.filter((_one, row) => (row + index) % OF_EACH === 0).map(({ name, write }) => ({ name, value, form: write(value) })),
    );
    const { report } = await redact(
      {
        ...whole,
        timeline: [],
        requests: [
          { ...request, body: bodyOf(secrets.map((value, index) => ({ [index % 2 ? 'accessToken' : 'customId']: value }))) },
          { ...request, answer: bodyOf(forms.map(({ form }) => `It was ${form} there`)) },
        ],
      },
      DEFAULT_REDACTION,
      key,
    );
    const texts = JSON.parse(report.requests[1]?.answer.text ?? '') as string[];
    for (const [index, { name, value, form }] of forms.entries()) {
      const left = leftOf(form, texts[index] ?? '');
      if (left !== null) expect.fail(`${name} of ${value}: ${left} is left in ${texts[index]}`);
    }
  }
});
