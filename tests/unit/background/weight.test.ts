import { describe, expect, it } from 'vitest';
import { weightOf } from '@/lib/background/weight';

const named = (count: number, name: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), 1]));

describe('weightOf', () => {
  // As Chromium 156 answered `getBytesInUse`; `hostile.spec.ts` asks the browser itself.
  it.each<[string, unknown, number]>([
    ['nothing', {}, 0],
    ['a number', 1, 0],
    ['a short text', 'x'.repeat(10), 0],
    ['a text', 'x'.repeat(100), 104],
    ['a long text', 'x'.repeat(1000), 1008],
    ['letters of two bytes', 'ż'.repeat(1000), 2008],
    ['a list', Array(100).fill(1), 3200],
    ['short texts', Array(100).fill('abcdefghij'), 3200],
    ['texts', Array(100).fill('x'.repeat(40)), 8000],
    ['an object', named(100, (index) => `k${index}`), 6400],
    ['long names', named(100, (index) => `${'k'.repeat(46)}${index}`), 11_920],
    ['objects in a list', Array.from({ length: 100 }, () => ({ a: 1, b: 'x', c: null, d: { e: 1 } })), 35_200],
    ['what is not there', { a: undefined }, 0],
  ])('%s', (_name, value, bytes) => {
    expect(weightOf(value)).toBe(bytes);
  });
});
