import { describe, expect, it } from 'vitest';
import { withoutTokens } from '@/lib/redaction/jwts';

const JWT = 'eyJhbGciOiJSUzUxMiJ9.eyJpc3MiOiJTeW5lcmlzZSJ9.c2lnbmF0dXJl';

describe('withoutTokens', () => {
  it('masks every JWT, wherever it stands', () => {
    expect(withoutTokens(JWT, null)).toBe('[token]');
    expect(withoutTokens({ headers: { Authorization: `Bearer ${JWT}` }, list: [JWT, 1, null, true] }, null)).toEqual({
      headers: { Authorization: 'Bearer [token]' },
      list: ['[token]', 1, null, true],
    });
    expect(withoutTokens({ [JWT]: 1 }, null)).toEqual({ '[token]': 1 });
  });

  it("masks the known token even if it isn't a JWT", () => {
    expect(withoutTokens({ token: 'opaque-1', said: 'opaque-1 has expired' }, 'opaque-1')).toEqual({
      token: '[token]',
      said: '[token] has expired',
    });
  });

  it('leaves everything else unchanged', () => {
    const value = { code: 401, message: 'The token cannot be refreshed', version: '1.7.0', nested: [{ a: null }] };
    expect(withoutTokens(value, null)).toEqual(value);
    expect(withoutTokens(null, 'opaque-1')).toBeNull();
  });
});
