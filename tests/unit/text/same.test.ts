import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSame } from '@/lib/text/same';

it('treats values with equal JSON as the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
      expect(isSame(a, structuredClone(a))).toBe(true);
      expect(isSame(a, b)).toBe(isSame(b, a));
      if (JSON.stringify(a) === JSON.stringify(b)) expect(isSame(a, b)).toBe(true);
    }),
  );
});

it.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: [2, { c: null }] }, { b: [2, { c: null }], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: null }, { b: null }, false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [null, {}, false],
  ['1', 1, false],
])('%j and %j: %s', (a, b, same) => {
  expect(isSame(a, b)).toBe(same);
});
