// How the bench prints its results, alone or beside those of an earlier run.

/**
 * @typedef {import('../tests/bench/support.mjs').Row} Row
 * @typedef {import('../tests/bench/support.mjs').Spread} Spread
 * @typedef {{ subject: string, title: string, rows: Row[] }} Result what was measured of one subject
 */

/** The rows of each subject, with their references. @param {readonly Pick<Result, 'title' | 'rows'>[]} results @returns {string} */
export function report(results) {
  const tables = results.map(({ title, rows }) => ({
    title,
    lines: [
      ['', 'measured', '95 % within', 'reference', 'difference', 'ratio', 'the reference'],
      ...rows.map((row) => {
        const { name, value, p95, reference, difference, ratio: times, against } = cells(row);
        return [name, value, p95, reference, difference, times, against];
      }),
    ],
  }));
  return ['Median [quartiles]; difference and ratio are of pairs measured one right after the other.', '', inColumns(tables)].join('\n');
}

/** The texts of a row. @param {Row} row */
export const cells = (row) => ({
  name: `${row.name}, ${row.unit}`,
  value: whole(row.value, number, row.runs),
  p95: row.runs > 1 ? number(row.value.p95) : '',
  reference: whole(row.reference, number, row.runs),
  difference: whole(row.difference, number, row.runs),
  ratio: row.ratio ? whole(row.ratio, ratio, row.runs) : '',
  against: row.against,
});

/**
 * Each row beside the same one of an earlier run: the ratio to its reference, or the difference from it where there is none.
 * Marks the rows whose quartiles don't overlap as better or worse; in all rows, less is better.
 * @param {readonly Result[]} before @param {readonly Result[]} now @returns {string}
 */
export function comparison(before, now) {
  const tables = now.map(({ subject, title, rows }) => {
    const old = before.find((one) => one.subject === subject)?.rows ?? [];
    return {
      title,
      lines: [
        ['', 'before', 'now', ''],
        ...rows.map((row) => {
          const other = old.find(({ name }) => name === row.name);
          const isRatio = row.ratio !== null && other?.ratio !== null;
          const of = (/** @type {Row} */ one) => /** @type {Spread} */ (isRatio ? one.ratio : one.difference);
          const write = isRatio ? (/** @type {number} */ value) => `${ratio(value)}×` : number;
          const mine = whole(of(row), write, row.runs);
          const name = `${row.name}${isRatio ? '' : `, ${row.unit} more`}`;
          if (!other) return [name, '', mine, 'new'];
          const change = of(row).q1 > of(other).q3 ? 'worse' : of(row).q3 < of(other).q1 ? 'better' : '';
          return [name, whole(of(other), write, other.runs), mine, change];
        }),
      ],
    };
  });
  return ['Compared with the earlier run, each against its own reference:', '', inColumns(tables)].join('\n');
}

const number = (/** @type {number} */ value) => value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
const ratio = (/** @type {number} */ value) => value.toFixed(2);
/** @param {Spread} spread @param {(value: number) => string} write @param {number} runs */
const whole = ({ median, q1, q3 }, write, runs) => (runs > 1 ? `${write(median)} [${write(q1)}, ${write(q3)}]` : write(median));

/** @param {readonly { title: string, lines: string[][] }[]} tables */
function inColumns(tables) {
  const widths = (tables[0]?.lines[0] ?? []).map((_, column) =>
    Math.max(...tables.flatMap(({ lines }) => lines.map((line) => line[column]?.length ?? 0))),
  );
  const write = (/** @type {string[]} */ line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return tables
    .flatMap(({ title, lines }) => [title, ...lines.map(write), ''])
    .join('\n')
    .trimEnd();
}
