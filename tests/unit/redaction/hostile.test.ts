// No text of a hostile page takes long to process: time grows about linearly with its length.
import { expect, it, vi } from 'vitest';
import { maskSecrets, withoutPasswords } from '@/lib/network/secrets';
import { withoutForms } from '@/lib/redaction/forms';
import { unadorned, unescaped, unpercented, unquoted, unreferenced } from '@/lib/redaction/readers';
import { record } from '../network/make';

// Many texts in two lengths, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const ZERO = '\u200b';
/** Fragments that may begin something, repeated many times. */
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
/** The same with an end that breaks it off: a control character, or all delimiters of names and values. */
const TEXTS = PIECES.flatMap((piece) =>
  ['', '\u0001!', '":["\\": "=<%&;'].map(
    (end) => [`${piece} … ${end}`, (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length) + end] as const,
  ),
);

const LENGTH = 8000;
const TIMES = 4;
/** Times below this say nothing about a ratio (ms). */
const NOISE = 16;
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

it.each(WAYS)('%s: time grows about linearly', (_name, way) => {
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
    // With quadratic time it would be sixteen; a single slow run may be due to other load on the machine.
    if (ratio() > TIMES * 2 && ratio() > TIMES * 2) slow.push(`${JSON.stringify(name)}: ${ratio().toFixed(1)}`);
  }
  expect(slow).toEqual([]);
});
