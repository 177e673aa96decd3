// Instants in texts: UTC in files, and any other form where a view shows the text.
import { describe, expect, it } from 'vitest';
import { utc, withInstants } from '@/lib/text/instants';

const AT = Date.UTC(2027, 0, 15, 9, 1, 2, 345);

it.each([
  [AT, '2027-01-15 09:01:02 UTC'],
  [-5000, '1969-12-31 23:59:55 UTC'],
  [Date.UTC(59009, 0), '+059009-01-01 00:00:00 UTC'],
])('%i is written in UTC', (at, text) => expect(utc(at)).toBe(text));

describe('a text with instants', () => {
  it.each([
    [`Expired at ${utc(AT)}, 3 minutes ago.`, `Expired at <${AT - 345}>, 3 minutes ago.`],
    [`Token since ${utc(0)}, UUID since ${utc(1000)}.`, 'Token since <0>, UUID since <1000>.'],
    [`In ${utc(Date.UTC(59009, 0))}.`, `In <${Date.UTC(59009, 0)}>.`],
    ['No time.', 'No time.'],
    ['2027-99-15 09:01:02 UTC', '2027-99-15 09:01:02 UTC'],
    ['x2027-01-15 09:01:02 UTC', 'x2027-01-15 09:01:02 UTC'],
    ['2027-01-15T09:01:02Z from the page', '2027-01-15T09:01:02Z from the page'],
  ])('%s', (text, shown) => expect(withInstants(text, (at) => `<${at}>`)).toBe(shown));
});
