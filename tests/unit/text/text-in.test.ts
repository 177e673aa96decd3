// The texts of a value, for searching.
import { describe, expect, it } from 'vitest';
import { textIn } from '@/lib/text/text-in';

describe('textIn', () => {
  it('has every text at every depth, apart from each other', () => {
    const entry = { kind: 'uuid', at: 5, cause: { kind: 'call', by: 'signIn' }, other: ['a "quoted" one', { deep: 'down' }] };
    expect(textIn(entry).trim().split(/ +/)).toEqual(['uuid', 'call', 'signIn', 'a', '"quoted"', 'one', 'down']);
  });

  it('has no names, numbers or nulls', () => {
    expect(textIn({ token: null, expiresAt: 1_700_000_000_000, ok: true })).toBe('');
  });

  it.each([
    ['text', 'text'],
    [null, ''],
    [undefined, ''],
    [7, ''],
  ])('of %j alone is %j', (value, text) => {
    expect(textIn(value)).toBe(text);
  });
});
