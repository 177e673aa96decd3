// The claims about encodings: a known secret is removed in every encoding of the table, wherever it stands.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ENCODINGS } from '@/lib/redaction/encodings';
import { formsOf, withoutForms, withoutFormsIn } from '@/lib/redaction/forms';
import { pseudonymKey, redact } from '@/lib/report/redact';
import { DEFAULT_REDACTION } from '@/lib/report/secrecy';
import { reportOfPerson } from '../report/make';

// Many texts are searched, and the machine may be busy.
vi.setConfig({ testTimeout: 180_000 });

const ASCII = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.split('');
const ODD = [...'!#$%&()*+-./:;<=>?@[]^_{|}~\'"\\ '];
const OTHER = [...'ąćęłńóśźżÄÖÜßéèñčřšкюЛюдмилаΣσ'];
const letter = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ASCII) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.constantFrom(...OTHER) },
);
/** A secret as a person or a machine makes it up: it begins and ends with a letter or digit. */
const secret = fc
  .tuple(fc.constantFrom(...ASCII), fc.array(letter, { minLength: 5, maxLength: 16 }), fc.constantFrom(...ASCII), fc.nat({ max: 9 }))
  .map(([first, rest, last, digit]) => `${first}${digit}${rest.join('')}${last}`);
const SECRETS = [...new Set(fc.sample(secret, { numRuns: 10_000, seed: 20_261_121 }))];

/** This many consecutive characters of a form in a text reveal it. */
const TELLING = 8;
/** What is left of a form in a text; `null` if nothing. */
function leftOf(form: string, text: string): string | null {
  for (let at = 0; at + TELLING <= form.length; at += 1)
    if (text.includes(form.slice(at, at + TELLING))) return form.slice(at, at + TELLING);
  return null;
}

/** Each secret is written in every tenth encoding, in turn. */
const OF_EACH = 10;
const BATCH = 500;
it('removes 10,000 secrets from the default report in every encoding', async () => {
  const key = await pseudonymKey(new Uint8Array(32).fill(7));
  const whole = reportOfPerson();
  const request = whole.requests.find(({ key: own }) => own === 'd3.event');
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

describe('a known secret', () => {
  it('is removed in every claimed form', () => {
    for (const [index, value] of SECRETS.slice(0, 400).entries()) {
      const text = formsOf(value)
        .filter((_form, row) => (row + index) % OF_EACH === 0)
        .map((form) => `It was ${form} there.`)
        .join('\n');
      const made = withoutForms(text, ['another-one', value]);
      for (const form of formsOf(value)) expect(leftOf(form, made)).toBeNull();
    }
  });

  it.each(
    ENCODINGS.map(({ name, write }) => [name, write] as const),
  )('is found standing alone, in data and in JSON: %s', (_name, write) => {
    for (const value of ['Tr0ub4dor&3', 'S3cretMark', 'kk81 zz92']) {
      const form = write(value);
      expect(leftOf(form, withoutForms(form, [value]))).toBeNull();
      const made = withoutFormsIn({ list: [{ said: form }], [`key ${form}`]: 1 }, [value]);
      expect(leftOf(JSON.stringify(form).slice(1, -1), JSON.stringify(made))).toBeNull();
      expect(leftOf(form, withoutForms(JSON.stringify({ data: JSON.stringify({ form }) }), [value]))).toBeNull();
    }
  });

  it('is found in each of two forms in one text', () => {
    const value = 'a7xBc"d\\ny&e=z Zł9';
    const forms = formsOf(value);
    for (const one of forms)
      for (const other of forms) {
        const made = withoutForms(`It was ${one} there.\nIt was ${other} there.`, [value]);
        expect([leftOf(one, made), leftOf(other, made)]).toEqual([null, null]);
      }
  });

  it('is found as a list of numbers in data, complete or truncated', () => {
    const bytes = [...new TextEncoder().encode('Tr0ub4dor&3')];
    expect(withoutFormsIn({ a: bytes, b: { ...bytes }, c: [1, 2, 3], d: { 0: 'x' } }, ['Tr0ub4dor&3'])).toEqual({
      a: '[secret]',
      b: '[secret]',
      c: [1, 2, 3],
      d: { 0: 'x' },
    });
    expect(withoutFormsIn({ a: [...bytes, '[more]'] }, ['Tr0ub4dor&3'])).toEqual({ a: '[secret]' });
  });

  it('is removed literally, however short it is', () => {
    expect(withoutForms('PIN 7 of 17', ['7'])).toBe('PIN [secret] of 1[secret]');
    expect(withoutFormsIn({ code: 48213, n: 4821 }, ['4821'], '[gone]')).toEqual({ code: '[gone]3', n: 4821 });
  });

  it('is removed beside one that is empty', () => {
    expect(withoutForms('It was Tr0ub4dor&3.', ['', 'Tr0ub4dor&3'])).toBe('It was [secret].');
    expect(withoutFormsIn({ said: 'Tr0ub4dor&3' }, ['', 'Tr0ub4dor&3'])).toEqual({ said: '[secret]' });
  });

  it('causes no change in data without it', () => {
    const data = { a: 'Zażółć … “it”', b: [1, { c: null }] };
    expect(withoutFormsIn(data, [])).toBe(data);
    expect(withoutFormsIn(data, ['Tr0ub4dor&3', ''])).toEqual(data);
    expect(withoutForms('100% of =3D &amp; \\u0041', ['Tr0ub4dor&3'])).toBe('100% of =3D &amp; \\u0041');
  });
});

it('matches docs/privacy.md: it lists the encodings of the table, and no others', () => {
  const page = readFileSync('docs/privacy.md', 'utf8');
  const [, list = ''] = /<!-- encodings -->\n([\s\S]*?)\n<!-- \/encodings -->/.exec(page) ?? [];
  expect(list.split('\n')).toEqual(ENCODINGS.map(({ name }) => `  - ${name}`));
});
