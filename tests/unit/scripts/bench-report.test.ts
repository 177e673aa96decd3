import { describe, expect, it } from 'vitest';
import { comparison, type Result, report } from '@/scripts/bench-report.mjs';
import { speedPage } from '@/scripts/speed-page.mjs';

const spread = (median: number, by = 0.1) => ({ median, q1: median - by, q3: median + by, p95: median + 2 * by });
const row = (name: string, value: number, reference = 10): Result['rows'][number] => ({
  name,
  against: 'a blank page',
  unit: 'ms',
  runs: 5,
  value: spread(value),
  reference: spread(reference),
  difference: spread(value - reference),
  ratio: reference ? spread(value / reference) : null,
});
const ran = (...rows: Result['rows']): Result[] => [{ subject: 'popup', title: 'The popup', rows }];
/** The words of the line that begins so. */
const lineOf = (text: string, name: string) =>
  text
    .split('\n')
    .find((line) => line.trim().startsWith(name))
    ?.trim()
    .split(/ {2,}/);

describe('report', () => {
  it('has each row with its reference, its spread and its ratio', () => {
    expect(lineOf(report(ran(row('UUID painted', 20))), 'UUID painted')).toEqual([
      'UUID painted, ms',
      '20.0 [19.9, 20.1]',
      '20.2',
      '10.0 [9.90, 10.1]',
      '10.0 [9.90, 10.1]',
      '2.00 [1.90, 2.10]',
      'a blank page',
    ]);
  });
});

describe('comparison', () => {
  it.each([
    ['worse', 25],
    ['better', 15],
    [undefined, 21],
  ])('marks a row as %s only beyond both spreads', (mark, now) => {
    const line = lineOf(comparison(ran(row('UUID', 20)), ran(row('UUID', now))), 'UUID');
    expect(line?.slice(0, 2)).toEqual(['UUID', '2.00× [1.90×, 2.10×]']);
    expect(line?.[3]).toBe(mark);
  });

  it('compares differences where there is no ratio', () => {
    expect(lineOf(comparison(ran(row('calls', 3, 0)), ran(row('calls', 4, 0))), 'calls')).toEqual([
      'calls, ms more',
      '3.00 [2.90, 3.10]',
      '4.00 [3.90, 4.10]',
      'worse',
    ]);
  });

  it('names rows that the earlier run does not have', () => {
    expect(lineOf(comparison([], ran(row('UUID', 20))), 'UUID')).toEqual(['UUID', '2.00× [1.90×, 2.10×]', 'new']);
  });
});

describe('speedPage', () => {
  const page = (...results: Result[]) => speedPage(results, { cpu: 'A CPU', cpus: 2 }, 5, new Date('2026-11-30T12:00:00Z'));

  it('has each row beside its reference, and what the time of a subject consists of', () => {
    const text = page(...ran(row('UUID painted', 20)));
    expect(text).toContain('| UUID painted, ms | 20.0 [19.9, 20.1] | 20.2 | 10.0 [9.90, 10.1] | 2.00 [1.90, 2.10] | a blank page |');
    expect(text).toMatch(/## The popup\n[^#]*The blank popup shows one line/);
  });

  it('names the day, the machine and the number of runs', () => {
    expect(page()).toContain('on 2026-11-30: 5 runs on 2 cores (A CPU)');
  });

  it('leaves sizes to their own page', () => {
    expect(page({ subject: 'sizes', title: 'Sizes', rows: [row('popup', 29)] })).not.toContain('## Sizes');
  });
});
