// A report as a ticket shows it: its layout, and that nothing from a page becomes markup.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportMarkdown } from '@/lib/report/markdown';
import { readReport, writeReport } from '@/lib/report/read';
import { type Report, reportOf } from '@/lib/report/report';
import { visible } from '@/lib/text/visible';
import {
  absent,
  cause,
  documentEntry,
  type Given,
  type Loose,
  NOW,
  native,
  OTHER_UUID,
  SECOND,
  signedIn,
  tokenEntry,
  UUID,
  uuidEntry,
} from '../diagnostics/make';
import { MINUTE, ORIGIN, T0 } from '../fakes/make';
import { reportOfPerson } from './make';

const maker = { by: { name: 'Inspector', version: '1.2.3' }, browser: 'Chromium 140', findings: [], muted: [], broken: [], dropped: 0 };
const finding = {
  rule: 'token-expired',
  severity: 'error',
  title: 'The token has ended',
  evidence: ['It ended at 09:00.'],
  advice: 'Have it refreshed.',
  entries: [3, 4],
} as const;
const report = (given: Given = {}, over: Partial<Report> = {}): Report => ({ ...reportOf(native(given), maker), ...over });
const text = (one: Report, words = 'words'): string => reportMarkdown(one, () => words);

/** Cells as GFM splits a row (cmark-gfm, markdown-it): an escaped pipe does not divide cells, even after another backslash. */
const cellsOf = (row: string): string[] =>
  row
    .replace(/^\| | \|$/g, '')
    .split(/(?<!\\)\|/)
    .map((one) => one.trim().replaceAll('\\|', '|'));
/** The same as parsers do that read two backslashes as an escaped one (marked, micromark). */
const strictCellsOf = (row: string): string[] =>
  (row.replace(/^\| | \|$/g, '').match(/(?:\\.|[^\\|])+/g) ?? []).map((one) => one.trim().replaceAll('\\|', '|'));

/** The text of a code span that makes up all of `span` (CommonMark §6.1); `null` if part of it is outside. */
function shownBy(span: string): string | null {
  const [, ticks = '', inside = ''] = /^(`+)(.*)\1$/s.exec(span) ?? [];
  if (ticks === '' || /^`|`$/.test(inside) || inside.includes('\n')) return null;
  if ([...inside.matchAll(/`+/g)].some(([run]) => run.length === ticks.length)) return null;
  return flat(inside);
}
/** White space is collapsed, and one may separate a backslash from a pipe. */
const flat = (hostile: string): string => hostile.replace(/\s+/g, ' ').replace(/\\ \|/g, '\\|').trim();
/** The text as it appears in a cell or a line. */
const shown = (hostile: string): string => visible(flat(hostile));
const rowOf = (markdown: string, name: string): string => markdown.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
const section = (markdown: string, title: string): string[] =>
  (markdown.split(/^## /m).find((one) => one.startsWith(title)) ?? '').split('\n').slice(2);

describe('a report as Markdown', () => {
  it('describes the session', () => {
    const one = { ...reportOf(signedIn({ session: { page: { path: '/cart?a=1' } } }), maker) };
    const markdown = text(one);
    const values = ['Page', 'SDK', 'Customer', 'UUID', 'Token', 'Snapshot', 'Browser', 'Secrets'].map(
      (name) => cellsOf(rowOf(markdown, name))[1],
    );
    expect(values).toEqual([
      `\`${ORIGIN}/cart?a=1\``,
      '`React Native at Synerise.Client, 1.5.0`',
      '`signed-in`',
      `\`${UUID}\``,
      '`SYNERISE, expires 2027-01-15 09:50:00Z`',
      '`2027-01-15 09:00:00Z by Inspector 1.2.3`',
      '`Chromium 140`',
      '`tokens kept, personal data kept, UUIDs kept`',
    ]);
    expect(markdown).toMatch(/^# Synerise session report\n\n\|/);
    expect(markdown).toMatch(/[^\n]\n$/);
  });

  it('marks missing parts', () => {
    const none = text({ ...reportOf(absent(null), maker), generations: [], timeline: [] });
    expect(cellsOf(rowOf(none, 'SDK'))[1]).toBe('`none`');
    expect(cellsOf(rowOf(none, 'Token'))[1]).toBe('`none`');
    expect(cellsOf(rowOf(none, 'UUID'))[1]).toBe('`–`');
    for (const words of ['No issues found.', 'None.', 'No entries.', 'headers and bodies of 0 requests.']) expect(none).toContain(words);
    expect(none).not.toContain('Hidden');
    const waiting = { ref: 1, dialect: 'web', place: 'SR', version: null, state: 'not-initialised', missing: [], unobserved: [] } as const;
    expect(cellsOf(rowOf(text(reportOf(absent(waiting), maker)), 'SDK'))[1]).toBe('`Web SDK at SR, not-initialised`');
    expect(cellsOf(rowOf(text(report({ customer: { uuid: null, trouble: 'It threw.' } })), 'UUID'))[1]).toBe('`It threw.`');
    expect(cellsOf(rowOf(text(report({ token: { says: { origin: null, expiresAt: null, raw: 'opaque' } } })), 'Token'))[1]).toBe(
      '`site JWT, expires –`',
    );
  });

  it('lists findings with their evidence, advice and entries, and the muted rules', () => {
    const markdown = text(report({}, { findings: [finding, { ...finding, entries: [], evidence: [] }], muted: ['uuid-not-v5', 'x'] }));
    expect(markdown).toContain('## Issues (2)');
    expect(section(markdown, 'Issues').slice(0, 6)).toEqual([
      '- **error: The token has ended** (`token-expired`)',
      '  - `It ended at 09:00.`',
      '  - Fix: Have it refreshed.',
      '  - Entries #3, #4',
      '- **error: The token has ended** (`token-expired`)',
      '  - Fix: Have it refreshed.',
    ]);
    expect(markdown).toContain('Hidden: `uuid-not-v5`, `x`.');
  });

  it('lists generations with their causes', () => {
    const entries: Loose[] = [
      uuidEntry(T0, UUID),
      tokenEntry(T0 + 1500, 'f-1', { cause: { ...cause('call', 'signIn()'), sure: false } }),
      tokenEntry(T0 + MINUTE, '', { cause: cause('sign-out') }),
      uuidEntry(T0 + 2 * MINUTE, OTHER_UUID, { cause: cause('operation', 'regenerateUUID') }),
    ];
    const rows = section(text(report({ entries })), 'UUIDs').slice(2, 6);
    expect(rows.map(cellsOf)).toEqual([
      ['2027-01-15 08:00:00Z', 'UUID', `\`${UUID}\``, '`first`'],
      ['2027-01-15 08:00:01.500Z', 'token', '`f-1`', '`call (signIn()), probably`'],
      ['2027-01-15 08:01:00Z', 'token', 'no token', '`sign-out`'],
      ['2027-01-15 08:02:00Z', 'UUID', `\`${OTHER_UUID}\``, '`operation (regenerateUUID)`'],
    ]);
  });

  it.each([
    [1, null],
    [60, null],
    [61, '1 older entry: see the JSON report.'],
    [1261, '1,201 older entries: see the JSON report.'],
  ])('lists the latest 60 of %i entries', (count, left) => {
    const entries = Array.from({ length: count }, (_, index) => documentEntry(T0 + index * SECOND));
    const markdown = reportMarkdown(report({ entries }), ({ seq }) => `entry ${seq}`);
    const rows = section(markdown, 'Timeline').filter((line) => /^\| \d/.test(line));
    expect(rows).toHaveLength(Math.min(60, count));
    expect(cellsOf(rows.at(-1) ?? '')[2]).toBe(`\`entry ${count}\``);
    expect(/.*older entr.*/.exec(markdown)?.[0] ?? null).toBe(left);
  });

  it('counts the requests in the file', () => {
    const request = { key: 'a', via: 'devtools', at: T0 } as unknown as Report['requests'][number];
    expect(text(report({}, { requests: [request] }))).toContain('headers and bodies of 1 request.');
    expect(text(report({}, { requests: [request, request] }))).toContain('headers and bodies of 2 requests.');
  });
});

/** A report with `hostile` in every place that a page can fill. */
const hostileReport = (hostile: string): Report => ({
  ...report({ session: { page: { path: hostile } }, client: { place: hostile, version: hostile }, customer: { uuid: hostile } }),
  browser: hostile,
  findings: [{ ...finding, evidence: [hostile] }],
  generations: [{ what: 'uuid', value: hostile, from: T0, to: null, seq: 1, nth: 0, cause: cause('call', hostile) }],
  timeline: [{ seq: 1, nth: 0, at: T0, kind: 'document', path: hostile, by: 'navigate' }],
});

/** A dash marks an empty text. */
const shownIn = (cell = ''): string | null => (cell === '–' ? '' : shownBy(cell));

function expectHarmless(hostile: string, split: (row: string) => string[]): void {
  const markdown = text(hostileReport(hostile), hostile);
  const seen = shown(hostile);
  const facts: [string, string][] = [
    ['Page', shown(`${ORIGIN}${hostile}`)],
    ['SDK', shown(`React Native at ${hostile}, ${hostile}`)],
    ['UUID', seen],
    ['Browser', seen],
  ];
  for (const [name, value] of facts) {
    const cells = split(rowOf(markdown, name));
    expect(cells, name).toHaveLength(2);
    expect(shownIn(cells[1]), name).toBe(value);
  }
  const generation = split(section(markdown, 'UUIDs')[2] ?? '');
  expect(generation).toHaveLength(4);
  expect(shownIn(generation[3])).toBe(shown(`call (${hostile})`));
  if (hostile !== '') expect(shownIn(generation[2])).toBe(seen);
  const entry = split(section(markdown, 'Timeline')[2] ?? '');
  expect(entry).toHaveLength(3);
  const evidence = section(markdown, 'Issues')[1]?.replace(/^ {2}- /, '') ?? '';
  for (const span of [entry[2], evidence]) expect(shownIn(span)).toBe(seen);
  // The same number of lines as with harmless text.
  expect(markdown.split('\n')).toHaveLength(text(hostileReport('x'), 'x').split('\n').length);
}

describe('text from a page', () => {
  it.each([
    '`',
    '``` js',
    'a`b``c```d',
    '` a `',
    '|',
    'a | b | c',
    '\n\n# Heading\n\n- list',
    '\r\n| a | b |\r|---|---|',
    '\u2028## x\u2029\u0085',
    '<img src=x onerror=alert(1)>',
    '![x](https://evil.example/p.png)',
    '[click](javascript:alert(1)) @everyone #1',
    '**bold** ~~gone~~ \\',
    'trailing \\',
    '&#124; &lt;b&gt;',
    '   ',
    '',
    '\u202e\u0000\u001b[31m',
  ])('%j is rendered as code', (hostile) => {
    expectHarmless(hostile, cellsOf);
  });

  it('is rendered as code, for arbitrary text', () => {
    const piece = fc.oneof(
      fc.constantFrom('`', '``', '|', '\\', '\n', '\r', ' ', '<b>', '![', '](', '](x)', '*', '-'),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => expectHarmless(pieces.join(''), cellsOf)),
      { numRuns: 300 },
    );
  });

  it('is rendered as code with a backslash before a pipe too, for parsers that read two backslashes as an escaped one', () => {
    expectHarmless('<img src=https://evil.example/p.png>\\|', strictCellsOf);
  });

  it('is rendered as code if it is a long run of backticks and letters', () => {
    expectHarmless('`a'.repeat(150_000), cellsOf);
  });
});

describe('text from a report file', () => {
  const read = (over: object): Report => {
    const opened = readReport(writeReport({ ...report({ at: NOW }), ...over }));
    if ('problem' in opened) throw new Error(opened.problem);
    return opened.report;
  };

  it('gives the same Markdown after writing and reading', () => {
    const one = report({ entries: [uuidEntry(T0)] }, { findings: [finding] });
    expect(text(read(one))).toBe(text(one));
  });

  it('never becomes markup, in titles, rules, advice or muted rules', () => {
    const hostile = 'x**\n\n# Heading ![x](https://evil.example/p.png)';
    const markdown = text(read({ findings: [{ ...finding, title: hostile, rule: hostile, advice: hostile }], muted: [hostile] }));
    expect(markdown.match(/^# /gm)).toHaveLength(1);
    expect(markdown.replace(/`+[^`]*`+/g, '')).not.toContain('![x]');
  });
});

it('a ticket has only the latest generations, and the number of omitted ones', () => {
  const report = reportOfPerson();
  const [one] = report.generations;
  if (!one) throw new Error('no generation');
  const generations = Array.from({ length: 61 }, (_, nth) => ({ ...one, value: `generation-${nth}-` }));
  const text = reportMarkdown({ ...report, generations, broken: ['a-rule'] }, () => 'x');
  expect(text).not.toContain('generation-0-');
  expect(text).toContain('generation-60-');
  expect(text).toContain('1 older value: see the JSON report.');
  expect(text).toContain('Not checked (inspector bug): `a-rule`.');
});
