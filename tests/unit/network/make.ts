import type { Captured, RequestRecord } from '@/lib/network/request';
import { jwt, T0 } from '../fakes/make';

export const UUID = 'b7e0f5a2-1f0e-4d0e-8f0b-3c2d1e0f9a8b';
export const OTHER_UUID = '36f675cc-81e7-4ef5-a8e2-5d940ed90475';
export const API = 'https://api.synerise.com';
export const JWT = jwt({ sub: UUID });

/** A request with text bodies. `sent` is the request body, `got` the response body. */
export function record({
  sent = null,
  got = null,
  ...over
}: Partial<RequestRecord> & { sent?: string | null; got?: string | null } = {}): RequestRecord {
  return {
    key: 'r1',
    via: 'devtools',
    at: T0,
    endedAt: T0 + 120,
    method: 'POST',
    url: `${API}/sauth/v3/auth/login/client`,
    headers: [['Content-Type', 'application/json']],
    body: { text: sent, size: sent === null ? null : Buffer.byteLength(sent) },
    status: 200,
    statusText: 'OK',
    answerHeaders: [['Content-Type', 'application/json']],
    answer: { text: got, size: got === null ? null : Buffer.byteLength(got) },
    problem: null,
    ...over,
  };
}

/** A request as recorded in the history. */
export const captured = (over: Partial<Captured> = {}): Captured => ({
  key: 'r1',
  at: T0,
  via: 'devtools',
  endedAt: T0 + 120,
  method: 'POST',
  host: 'api.synerise.com',
  path: '/sauth/v3/auth/login/client',
  purpose: 'login',
  status: 200,
  problem: null,
  bearer: null,
  gave: null,
  uuid: null,
  size: null,
  ...over,
});

/** The user CPU time (ms) that `work` takes, independent of other load on the machine. */
export function msOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}
