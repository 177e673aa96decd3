// What rules look up: these functions detect the situations of facts §5.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '@/lib/diagnostics/instant';
import {
  callsOf,
  dateTime,
  deedFailed,
  deeds,
  deedsOf,
  densest,
  doneBy,
  errorOf,
  identityAt,
  isMark,
  ofKind,
  requestsOf,
  span,
  uuidAt,
} from '@/lib/diagnostics/lookup';
import { count } from '@/lib/text/count';
import { MINUTE } from '../fakes/make';
import {
  call,
  DAY,
  failedCall,
  HOUR,
  identityEntry,
  type Loose,
  NOW,
  native,
  OTHER_UUID,
  operation,
  refusedWith,
  request,
  SECOND,
  silentCall,
  UUID,
  uuidEntry,
} from './make';

const of = (...entries: Loose[]) => native({ entries });
const seqs = (entries: readonly { readonly seq: number }[]) => entries.map(({ seq }) => seq);

describe('deeds', () => {
  const subject = of(call(1, 'signIn'), operation(2, 'signOut'), request(3, 'login'), call(4, 'signOut'));

  it("are the page's calls and the operations run here", () => {
    expect(seqs(deeds(subject))).toEqual([1, 2, 4]);
    expect(deeds(subject).map(doneBy)).toEqual(['signIn', 'signOut', 'signOut']);
    expect(seqs(deedsOf(subject, 'signOut', 'destroySession'))).toEqual([2, 4]);
    expect(seqs(callsOf(subject, 'signOut'))).toEqual([4]);
    expect(seqs(ofKind(subject, 'request'))).toEqual([3]);
  });

  it.each([
    ['a call that succeeded', call(1, 'signIn'), false],
    ['a call that failed', failedCall(1, 'signIn'), true],
    ['a call with an unknown outcome', silentCall(1, 'signIn'), null],
    ['an operation that was done', operation(1, 'signOut'), false],
    ['an operation that failed', operation(1, 'signOut', { verdict: 'failed' }), true],
    ['an operation that timed out', operation(1, 'signOut', { verdict: 'timed-out' }), true],
  ] as const)('%s', (_name, entry, failed) => {
    const [deed] = deeds(of(entry));
    expect(deed && deedFailed(deed)).toBe(failed);
  });

  it('have their errors in the details', () => {
    const known = native({ entries: [failedCall(1, 'signIn'), failedCall(2, 'signIn')], details: refusedWith('signIn', 1, 401) });
    expect(deeds(known).map((deed) => errorOf(known, deed)?.code ?? null)).toEqual([401, null]);
  });
});

describe('requestsOf', () => {
  it('returns those with the given purposes, or all without one', () => {
    const subject = of(request(1, 'event'), call(2, 'signIn'), request(3, 'search'), request(5, 'login'));
    expect(requestsOf(subject).map(({ at }) => at)).toEqual([1, 3, 5]);
    expect(requestsOf(subject, 'search', 'event').map(({ purpose }) => purpose)).toEqual(['event', 'search']);
  });
});

describe('the state at an instant', () => {
  const held = of(uuidEntry(10, OTHER_UUID), uuidEntry(20, UUID));
  it.each([
    [9, null],
    [10, OTHER_UUID],
    [19, OTHER_UUID],
    [20, UUID],
  ])('the UUID at %i', (at, uuid) => expect(uuidAt(held, at)).toBe(uuid));

  const was = of(identityEntry(10, 'anonymous', 'signed-in'), identityEntry(20, 'signed-in', 'simple-auth'));
  it.each([
    [9, 'anonymous'],
    [10, 'signed-in'],
    [20, 'simple-auth'],
    [99, 'simple-auth'],
  ])("the customer's identity at %i", (at, identity) => expect(identityAt(was, at)).toBe(identity));

  it('falls back to the current identity if there are no changes', () => expect(identityAt(of(), 9)).toBe('anonymous'));
});

describe('densest', () => {
  const at = (...times: number[]) => times.map((time) => ({ at: time }));

  it('is the stretch with the most entries, the latest of several', () => {
    expect(densest(at(1, 2, 3, 50, 51, 52), 10)).toEqual(at(50, 51, 52));
    expect(densest(at(1, 2, 3, 50, 51), 10)).toEqual(at(1, 2, 3));
    expect(densest([], 10)).toEqual([]);
  });

  it('is never longer than the given time if entries are in order', () => {
    const times = fc.array(fc.nat(1000)).map((all) => at(...all.sort((a, b) => a - b)));
    fc.assert(
      fc.property(times, fc.nat(300), (all, ms) => {
        const most = densest(all, ms);
        expect((most.at(-1)?.at ?? 0) - (most[0]?.at ?? 0)).toBeLessThanOrEqual(ms);
        expect(most.length).toBeGreaterThanOrEqual(Math.min(1, all.length));
      }),
    );
  });
});

describe('words', () => {
  it.each([
    [0, '0 milliseconds'],
    [1, '1 millisecond'],
    [999, '999 milliseconds'],
    [SECOND, '1 second'],
    [-90 * SECOND, '2 minutes'],
    [HOUR, '1 hour'],
    [30 * DAY, '30 days'],
    [400_000 * DAY, '400,000 days'],
  ])('%i ms', (ms, words) => expect(span(ms)).toBe(words));

  it('of a number, a time and a mark', () => {
    expect([count(1, 'call'), count(0, 'call'), count(1234, 'call')]).toEqual(['1 call', '0 calls', '1,234 calls']);
    expect(dateTime(NOW + MINUTE + SECOND)).toBe('2027-01-15 09:01:01 UTC');
    expect(['[secret]', '[token]', '[]', 'secret', '[a] b', '[a]b]'].map(isMark)).toEqual([true, true, true, false, false, false]);
  });
});

describe('instantOf', () => {
  it.each([
    [NOW, NOW],
    [NOW / 1000, NOW],
    [new Date(NOW).toISOString(), NOW],
    ['+059009-01-01T00:00:00.000Z', Date.UTC(59009, 0)],
    [0, null],
    [-1, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    ['yesterday', null],
    ['', null],
    [null, null],
    [true, null],
    [{}, null],
  ])('%s', (value, at) => expect(instantOf(value)).toBe(at));
});
