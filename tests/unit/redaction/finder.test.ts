import { describe, expect, it } from 'vitest';
import { finderOf } from '@/lib/redaction/finder';

const named = (value: string): string => `<${value}>`;

describe('finderOf', () => {
  it('prefers the exact spelling among values that differ only in case', () => {
    const find = finderOf(['Ada-Lovelace', 'ada-LOVELACE']);
    expect(find('ada-LOVELACE and Ada-Lovelace', named)).toBe('<ada-LOVELACE> and <Ada-Lovelace>');
  });

  it('finds a value in any case', () => {
    expect(finderOf(['Ada-Lovelace'])('ADA-lovelace', named)).toBe('<Ada-Lovelace>');
  });

  it('finds the longest of values that start alike', () => {
    const find = finderOf(['shop-1234', 'shop-1234-5678']);
    expect(find('shop-1234-5678, shop-1234', named)).toBe('<shop-1234-5678>, <shop-1234>');
  });

  it('finds short values only as whole words', () => {
    const find = finderOf(['ada']);
    expect(find('ada, adamant, Canada, ada', named)).toBe('<ada>, adamant, Canada, <ada>');
  });

  it('leaves values under three characters alone', () => {
    expect(finderOf(['ab'])('ab', named)).toBe('ab');
  });
});
