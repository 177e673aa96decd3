import { describe, expect, it } from 'vitest';
import { networkCounts, requestName } from '@/components/network/network-columns';
import { generationsOf, isMismatch, tokenSent, uuidHeld } from '@/components/network/request-identity';
import type { HistoryEntry } from '@/lib/session/history/history';

type Request = Extract<HistoryEntry, { kind: 'request' }>;
const cause = { kind: 'unknown', sure: false, by: null, evidence: [] } as const;
let seq = 0;
const next = () => {
  seq += 1;
  return seq;
};

const uuid = (value: string, at: number, nth = 1, kind: 'first' | 'unknown' = 'unknown'): HistoryEntry => ({
  kind: 'uuid',
  seq: next(),
  nth,
  at,
  after: at,
  uuid: value,
  of: null,
  cause: { ...cause, kind },
});
const token = (fingerprint: string, at: number, nth = 1): HistoryEntry => ({
  kind: 'token',
  seq: next(),
  nth,
  at,
  after: at,
  fingerprint,
  origin: 'ANONYMOUS',
  uuid: null,
  whom: null,
  createdAt: null,
  expiresAt: null,
  of: null,
  cause,
});
const request = (over: Partial<Request> = {}): Request => ({
  kind: 'request',
  seq: next(),
  nth: 1,
  at: 1000,
  key: 'r',
  via: 'devtools',
  endedAt: 1010,
  method: 'POST',
  host: 'api.snrapi.com',
  path: '/v4/events/custom?x=1',
  purpose: 'event',
  status: 200,
  problem: null,
  bearer: null,
  gave: null,
  uuid: null,
  size: 10,
  ...over,
});

describe('the UUID that a request is compared with', () => {
  it('is the one that the session held when the request ended', () => {
    const generations = generationsOf({ entries: [uuid('a', 0, 1, 'first'), uuid('b', 2000)] });
    expect(uuidHeld(generations, request({ uuid: 'a' }))).toBe('a');
    expect(isMismatch(generations, request({ uuid: 'a', at: 30_000, endedAt: 30_010 }))).toBe(true);
  });

  it('is only of the session of the request: the customer of the page before is somebody else', () => {
    const generations = generationsOf({ entries: [uuid('react-native', 0, 1, 'first'), uuid('web', 5000, 2, 'first')] });
    expect(isMismatch(generations, request({ nth: 2, at: 4000, endedAt: 4100, uuid: 'web' }))).toBe(false);
  });

  it('is the new one for the request that begins it', () => {
    const generations = generationsOf({ entries: [uuid('a', 0, 1, 'first'), uuid('b', 1020)] });
    expect(isMismatch(generations, request({ uuid: 'b' }))).toBe(false);
  });

  it('is none for a request that names nobody', () => {
    expect(isMismatch(generationsOf({ entries: [uuid('a', 0)] }), request())).toBe(false);
  });
});

describe('the token of a request', () => {
  const generations = generationsOf({ entries: [token('one', 0), token('', 500), token('two', 900), token('three', 5000)] });

  it('has its number in the session, and how many newer ones there were', () => {
    expect(tokenSent(generations, request({ bearer: 'two' }))).toEqual({ number: 2, newer: 0 });
    expect(tokenSent(generations, request({ bearer: 'one' }))).toEqual({ number: 1, newer: 1 });
  });

  it('is unknown where the SDK was never seen with it, and none where none was sent', () => {
    expect(tokenSent(generations, request({ bearer: 'other' }))).toBeNull();
    expect(tokenSent(generations, request())).toBeNull();
  });
});

it('counts failed requests, UUID mismatches and old tokens', () => {
  const entries = [uuid('a', 0, 1, 'first'), token('one', 0), token('two', 900)];
  const rows = [
    request({ status: 503 }),
    request({ uuid: 'other' }),
    request({ bearer: 'one' }),
    request({ uuid: 'a', bearer: 'two' }),
  ].map((entry) => ({ entry, under: null, effects: [], fits: true }));
  expect(networkCounts(rows, generationsOf({ entries }))).toEqual({ bytes: 40, failed: 1, mismatches: 1, old: 1 });
});

it.each([
  ['/v4/events/custom?x=1', 'events/custom'],
  ['/sauth/v3/auth/refresh/client', 'refresh/client'],
  ['/', '/'],
])('names %s by its last parts', (path, name) => {
  expect(requestName(request({ path }))).toBe(name);
});
