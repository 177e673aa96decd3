/** A report as Markdown, to read in a ticket. Pure. */

import { setupFactsOf } from '../diagnostics/case';
import { traitsOf } from '../sdk/dialects/names';
import { setupText } from '../session/setup-words';
import { count } from '../text/count';
import { visible } from '../text/visible';
import type { Report, ReportEntry } from './report';

/** Maximum number of timeline rows, and of generations: older ones are only in the file. */
const ROWS = 60;

const iso = (at: number | null): string => (at === null ? '–' : new Date(at).toISOString().replace('T', ' ').replace('.000Z', 'Z'));
const clock = (at: number): string => new Date(at).toISOString().split('T')[1]?.replace('Z', '') ?? '';
/** Puts text from a page into a code span, where it isn't interpreted as Markdown. */
const code = (text: string): string => {
  const line = visible(text.replace(/\s+/g, ' '));
  const longest = [...line.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);
  const ticks = '`'.repeat(longest + 1);
  const padded = line.startsWith('`') || line.endsWith('`') ? ` ${line} ` : line;
  return line === '' ? '–' : `${ticks}${padded}${ticks}`;
};
/** A code span for a table cell. A backslash before a bar would undo the bar's escape. */
const cell = (text: string): string => code(text.replace(/\\(?=\|)/g, '\\ ')).replaceAll('|', '\\|');
/** A sentence with its Markdown escaped, except for code between backticks. */
const sentence = (text: string): string =>
  text
    .split('`')
    .map((part, index) =>
      index % 2
        ? code(part)
        : visible(part)
            .replace(/\s+/g, ' ')
            .replace(/[\\*_{}[\]<>#|!~&]/g, '\\$&'),
    )
    .join('');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');

/** A note on how many older rows are only in the file; empty if there are none. */
const older = (all: number, one: string, several = `${one}s`): string[] =>
  all > ROWS ? [`${count(all - ROWS, `older ${one}`, `older ${several}`)}: see the JSON report.`] : [];

/** The report as Markdown. @param wordsOf describes an entry in one line */
export function reportMarkdown(report: Report, wordsOf: (entry: ReportEntry) => string): string {
  const { session, findings, generations, timeline, requests, by, browser, redaction, muted, broken } = report;
  const { sdk, customer, token } = session;
  const setup = setupText(setupFactsOf(session));
  const facts: readonly (readonly [string, string])[] = [
    ['Page', `${session.origin ?? session.site ?? ''}${session.path}`],
    [
      'SDK',
      sdk
        ? `${traitsOf(sdk.dialect).label} at ${sdk.place}${sdk.version === null ? '' : `, ${sdk.version}`}${sdk.state === 'ready' ? '' : `, ${sdk.state}`}`
        : 'none',
    ],
    ...(setup ? [['SDK state', setup.label] as const, ...setup.rows] : []),
    ['Customer', session.identity],
    ['UUID', customer?.uuid ?? customer?.trouble ?? '–'],
    ['Token', token ? `${token.origin ?? 'site JWT'}, expires ${iso(token.expiresAt)}` : 'none'],
    ['Snapshot', `${iso(session.at)} by ${by.name} ${by.version}`],
    ['Browser', browser],
    ['Secrets', `tokens ${redaction.tokens}, personal data ${redaction.personal}, UUIDs ${redaction.ids}`],
  ];
  return `${[
    '# Synerise session report',
    table(
      ['', ''],
      facts.map(([name, value]) => [name, cell(value)]),
    ),
    `## Issues (${findings.length})`,
    findings.length
      ? findings
          .map(({ severity, title, rule, evidence, advice, entries }) =>
            [
              `- **${severity}: ${sentence(title)}** (${code(rule)})`,
              ...evidence.map((line) => `  - ${code(line)}`),
              `  - Fix: ${sentence(advice)}`,
              ...(entries.length ? [`  - Entries ${entries.map((seq) => `#${seq}`).join(', ')}`] : []),
            ].join('\n'),
          )
          .join('\n')
      : 'No issues found.',
    ...(muted.length ? [`Hidden: ${muted.map(code).join(', ')}.`] : []),
    ...(broken.length ? [`Not checked (inspector bug): ${broken.map(code).join(', ')}.`] : []),
    '## UUIDs and tokens',
    generations.length
      ? table(
          ['since', 'what', 'value', 'cause'],
          generations
            .slice(-ROWS)
            .map(({ from, what, value, cause }) => [
              iso(from),
              what === 'uuid' ? 'UUID' : 'token',
              value === '' ? 'no token' : cell(value),
              cell(`${cause.kind}${cause.by === null ? '' : ` (${cause.by})`}${cause.sure ? '' : ', probably'}`),
            ]),
        )
      : 'None.',
    ...older(generations.length, 'value'),
    '## Timeline',
    timeline.length
      ? table(
          ['#', 'time (UTC)', 'what'],
          timeline.slice(-ROWS).map((entry) => [String(entry.seq), clock(entry.at), cell(wordsOf(entry))]),
        )
      : 'No entries.',
    ...older(timeline.length, 'entry', 'entries'),
    `The JSON report also contains headers and bodies of ${count(requests.length, 'request')}.`,
  ].join('\n\n')}\n`;
}
