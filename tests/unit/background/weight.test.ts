import { describe, expect, it } from 'vitest';
import { weightOf } from '@/lib/background/weight';

const named = (count: number, name: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), 1]));

describe('weightOf', () => {
  // The values that `getBytesInUse` returned in Chromium 156; `hostile.spec.ts` compares with the browser itself.
  it.each<[string, unknown, number]>([
    ['nothing', {}, 0],
    ['a number', 1, 0],
    ['a short string', 'x'.repeat(10), 0],
    ['a string', 'x'.repeat(100), 104],
    ['a long string', 'x'.repeat(1000), 1008],
    ['two-byte characters', 'ż'.repeat(1000), 2008],
    ['an array', Array(100).fill(1), 3200],
    ['short strings', Array(100).fill('abcdefghij'), 3200],
    ['strings', Array(100).fill('x'.repeat(40)), 8000],
    ['an object', named(100, (index) => `k${index}`), 6400],
    ['long property names', named(100, (index) => `${'k'.repeat(46)}${index}`), 11_920],
    ['objects in an array', Array.from({ length: 100 }, () => ({ a: 1, b: 'x', c: null, d: { e: 1 } })), 35_200],
    ['an undefined property', { a: undefined }, 0],
  ])('%s', (_name, value, bytes) => {
    expect(weightOf(value)).toBe(bytes);
  });
});
