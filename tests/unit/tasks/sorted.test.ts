import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedInSlices } from '@/lib/tasks/sorted';

/** Data may also be in order or in the reverse order, with equal values side by side. */
const made = fc.constantFrom(
  (numbers: number[]) => numbers,
  (numbers: number[]) => numbers.toSorted((a, b) => a - b),
  (numbers: number[]) => numbers.toSorted((a, b) => b - a),
);

describe('sortedInSlices', () => {
  it('sorts like a stable sort, in both directions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 50 }), { maxLength: 5000, size: 'max' }),
        made,
        fc.boolean(),
        async (numbers, order, descending) => {
          const items = order(numbers).map((key, index) => ({ key, index }));
          const sign = descending ? -1 : 1;
          const expected = [...items].sort((a, b) => sign * (a.key - b.key));
          expect(await sortedInSlices(items, ({ key }) => key, descending)).toEqual(expected);
        },
      ),
      { numRuns: 30, endOnFailure: true },
    );
  });

  it('sorts numbers within texts as numbers', async () => {
    expect(await sortedInSlices(['token #10', 'token #9', 'Token #1'], (text) => text, false)).toEqual([
      'Token #1',
      'token #9',
      'token #10',
    ]);
  });

  it('stops once the result is no longer needed', async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => -index);
    let asked = 0;
    expect(
      await sortedInSlices(
        many,
        (key) => key,
        false,
        () => {
          asked += 1;
          return true;
        },
      ),
    ).toBeNull();
    expect(asked).toBeGreaterThan(0);
  });
});
