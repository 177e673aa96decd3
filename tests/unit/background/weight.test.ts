import { expect, it } from 'vitest';
import { weightOf } from '@/lib/background/weight';

// `hostile.spec.ts` compares with what the browser itself counts.
it.each<[string, unknown, number]>([
  ['an object', { a: 1, b: [null] }, 18],
  ['two-byte characters', 'ż'.repeat(10), 22],
  ['an undefined property', { a: undefined }, 2],
])('%s takes the bytes of its JSON', (_name, value, bytes) => {
  expect(weightOf(value)).toBe(bytes);
});
