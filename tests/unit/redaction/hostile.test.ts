// No text of a hostile page takes a long time: twice the text, about twice the time.
import { expect, it, vi } from 'vitest';
import { maskSecrets, withoutPasswords } from '@/lib/network/secrets';
import { withoutForms } from '@/lib/redaction/forms';
import { unadorned, unescaped, unpercented, unquoted, unreferenced } from '@/lib/redaction/readers';
import { record } from '../network/make';

// Sixty texts in two lengths, and the machine may be busy with others.
vi.setConfig({ testTimeout: 120_000 });

const ZERO = '\u200b';
/** What may be the beginning of something, again and again. */
const PIECES: readonly string[] = [
  ...[
    'a',
    'A',
    '0',
    '1',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '.',
    ',',
    ':',
    ';',
    '-',
    '_',
    '=',
    '&',
    '?',
    '#',
    '+',
    '/',
    '@',
    '%',
    '\\',
    '"',
    "'",
    '<',
  ],
  ...['[', '{', '(', '{"', '["', '\\"', '"a":', '"a":"', 'a:', 'a: ', 'a=', '&a=', '<a>', '<a ', 'aa ', 'aa:', '0x', '0xaa,', '10,', '10 '],
  ...['%41', '%25', '=41', '=\r\n', '\\u0041', '\\x41', '&#65;', '&#', '\\\\u', 'eyJ', 'eyJa.', 'AAAA', 'GEZDGNBV', 'deadbeef', '"0":1,'],
  ...[
    ZERO,
    `a${ZERO}`,
    'ｅ',
    '\ud800',
    'é',
    'password',
    'password=',
    '"password":"',
    '{"key":"password","val":"',
    '["password","',
    'pass_',
  ],
];
/** The same with something behind it that breaks it off: a control character, or all signs of names and values. */
const TEXTS = PIECES.flatMap((piece) =>
  ['', '\u0001!', '":["\\": "=<%&;'].map(
    (end) => [`${piece} … ${end}`, (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length) + end] as const,
  ),
);

const LENGTH = 20_000;
const TIMES = 4;
/** Below this nothing is told of a ratio (ms). */
const NOISE = 40;
const WAYS: readonly (readonly [string, (text: string) => unknown])[] = [
  ['passwords', (text) => withoutPasswords(record({ sent: text }))],
  ['tokens', maskSecrets],
  ['forms', (text) => withoutForms(text, ['S3cretMark'])],
  ['readers', (text) => [unadorned, unescaped, unpercented, unquoted, unreferenced].map((reader) => reader(text))],
];

function msOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user } = process.cpuUsage(before);
  return user / 1000;
}

it.each(WAYS)('of %s', (_name, way) => {
  expect(TEXTS.length).toBeGreaterThan(60);
  const slow: string[] = [];
  for (const [name, text] of TEXTS) {
    const [short, long] = [text(LENGTH), text(LENGTH * TIMES)];
    const ratio = () =>
      msOf(() => way(long)) /
      Math.max(
        msOf(() => way(short)),
        NOISE / TIMES,
      );
    // In time with the square of the length it would be sixteen; what others do on the machine may cost once.
    if (ratio() > TIMES * 2 && ratio() > TIMES * 2) slow.push(`${JSON.stringify(name)}: ${ratio().toFixed(1)}`);
  }
  expect(slow).toEqual([]);
});
