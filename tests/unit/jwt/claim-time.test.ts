// The time of a claim, in the formats found in real tokens.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimTime } from '@/lib/jwt/claim-time';

const AT = Date.UTC(2027, 0, 15, 8);
const S = AT / 1000;

describe('claimTime', () => {
  it.each<[unknown, number | null, string]>([
    // Seconds, as the JWT specification has it.
    [S, AT, 'seconds'],
    [S + 0.5, AT + 500, 'seconds'],
    [1, 1000, 'seconds'],
    [0, 0, 'seconds'],
    [-0, -0, 'seconds'],
    [-1, -1000, 'seconds'],
    [-S, -AT, 'seconds'],
    [99_999_999_999, 99_999_999_999_000, 'seconds'],
    // In other units.
    [100_000_000_000, 100_000_000_000, 'ms'],
    [AT, AT, 'ms'],
    [AT + 0.25, AT, 'ms'],
    [AT * 1000, AT, 'us'],
    [AT * 1000 + 999, AT + 1, 'us'],
    [8.64e18, 8.64e15, 'us'],
    // As strings.
    [String(S), AT, 'text'],
    [` ${S} `, AT, 'text'],
    [`${S}.5`, AT + 500, 'text'],
    [String(AT), AT, 'text'],
    [String(AT * 1000), AT, 'text'],
    ['0', 0, 'text'],
    ['-5', -5000, 'text'],
    // As dates.
    ['2027-01-15T08:00:00Z', AT, 'date'],
    ['2027-01-15T08:00:00.000Z', AT, 'date'],
    ['2027-01-15T09:00:00+01:00', AT, 'date'],
    ['2027-01-15 08:00:00Z', AT, 'date'],
    // Without a time zone, servers mean UTC.
    ['2027-01-15 08:00:00', AT, 'date'],
    ['2027-01-15T08:00:00', AT, 'date'],
    ['2027-01-15', Date.UTC(2027, 0, 15), 'date'],
    ['Fri, 15 Jan 2027 08:00:00 GMT', AT, 'date'],
    ['15 Jan 2027 08:00:00 +0000', AT, 'date'],
    // Not a time.
    [undefined, null, 'absent'],
    [null, null, 'nothing'],
    ['', null, 'nothing'],
    ['soon', null, 'nothing'],
    ['1h', null, 'nothing'],
    ['May 5', null, 'nothing'],
    ['2027-13-45', null, 'nothing'],
    ['1e9', null, 'nothing'],
    ['NaN', null, 'nothing'],
    [Number.NaN, null, 'nothing'],
    [Number.POSITIVE_INFINITY, null, 'nothing'],
    [1e300, null, 'nothing'],
    [-1e300, null, 'nothing'],
    [true, null, 'nothing'],
    [[S], null, 'nothing'],
    [{ date: '2027-01-15' }, null, 'nothing'],
  ])('of %j', (value, at, written) => {
    expect(claimTime(value)).toEqual({ at, written });
  });

  it('never throws, and returns times that a Date can represent', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const { at, written } = claimTime(value);
        expect(at === null).toBe(written === 'nothing' || written === 'absent');
        if (at !== null) expect(() => new Date(at).toISOString()).not.toThrow();
      }),
    );
  });
});
