/** Requests of the SDKs: what is kept of each, and what is told of it in a line. Pure. Instants in epoch ms. */

import { decodeToken } from '../jwt/token';
import { isRecord } from '../page/plain';
import type { ChangeName } from '../sdk/changes';
import { fingerprint } from '../text/fingerprint';
import { purposeNamed, purposeOf } from './purposes';
import type { Body, Captured, Header, RequestRecord } from './request';
import { maskSecrets } from './secrets';

const MAX_PATH = 300;
const MAX_PROBLEM = 200;
/** More of a body is neither looked through nor kept (characters). */
export const MAX_BODY = 200_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A header's value, whatever its case. */
export const headerOf = (headers: readonly Header[], name: string): string | null =>
  headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;

/** The bearer token of a request; `null` for none. */
export const bearerOf = ({ headers }: Pick<RequestRecord, 'headers'>): string | null =>
  /^Bearer\s+(\S+|\[object \w+\])$/i.exec(headerOf(headers, 'authorization') ?? '')?.[1] ?? null;

/** The JSON of a body; `null` where it is none. Beacons send it as text. */
export function jsonOf({ text }: Pick<Body, 'text'>): unknown {
  if (text === null || text.length > MAX_BODY || !/^\s*[[{"]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The token of an answer: `token`, or the JWT that the answer is (facts §4.3). */
function givenToken(answer: Body): string | null {
  const value = jsonOf(answer);
  const token = isRecord(value) ? value['token'] : (value ?? answer.text?.trim());
  return typeof token === 'string' && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token) && decodeToken(token).header !== null ? token : null;
}

/** The customer that a request names: `clientUUID`, `client.uuid` or `uuid`, in its payload or query (facts §3.6, §4.2). */
export function namedUuid(url: URL, body: Body): string | null {
  const told = jsonOf(body);
  const first = Array.isArray(told) ? (told as unknown[])[0] : told;
  const fields = isRecord(first) ? first : {};
  const client = isRecord(fields['client']) ? fields['client'] : {};
  const candidates = [
    fields['clientUUID'],
    fields['clientUuid'],
    client['uuid'],
    fields['uuid'],
    url.searchParams.get('clientUUID'),
    url.searchParams.get('clientUuid'),
    url.searchParams.get('uuid'),
  ];
  const named = candidates.find((value) => typeof value === 'string' && UUID.test(value));
  return typeof named === 'string' ? named : null;
}

/** What is told of a request; `null` where it is none of an SDK's. */
export function capturedOf(record: RequestRecord): Captured | null {
  if (!URL.canParse(record.url)) return null;
  const url = new URL(record.url);
  if (!/^https?:$/.test(url.protocol)) return null;
  const uuid = namedUuid(url, record.body);
  const purpose = purposeOf(record.method, url.pathname, uuid !== null);
  if (!purpose) return null;
  const bearer = bearerOf(record);
  const gave = purpose.kind === 'token' && purpose.name !== 'public-key' ? givenToken(record.answer) : null;
  return {
    key: record.key,
    at: record.at,
    via: record.via,
    endedAt: record.endedAt,
    method: record.method.toUpperCase().slice(0, 20),
    host: url.host.slice(0, 200),
    path: maskSecrets(`${url.pathname}${url.search}`).slice(0, MAX_PATH),
    purpose: purpose.name,
    status: record.status || null,
    problem: record.problem === null ? null : maskSecrets(record.problem).slice(0, MAX_PROBLEM),
    bearer: bearer === null ? null : fingerprint(bearer),
    gave: gave === null ? null : fingerprint(gave),
    uuid,
    size: record.answer.size,
  };
}

/** What may have made a request: an operation, or a call of the page. */
export interface Maker {
  readonly key: string;
  readonly does: ChangeName;
  readonly at: number;
  /** `null`: under way, or nobody knows. */
  readonly endedAt: number | null;
}

/** Clocks of page, browser and worker differ by so much (ms). */
const SLACK = 50;
/** A call whose end nobody sees is taken to be under way so long (ms). */
const UNENDED = 60_000;
/** A call that returned at once may make its requests so long after (ms). */
const AFTER = 1500;

/**
 * Key of what made a request: the one call that was under way, or had just returned, whose matter it is. `null` where
 * there is none, or where there are several: what could not be tied is not forced.
 */
export function makerOfRequest({ at, purpose }: Pick<Captured, 'at' | 'purpose'>, makers: readonly Maker[]): string | null {
  const does = purposeNamed(purpose)?.does ?? [];
  const fits = makers.filter((one) => does.includes(one.does) && one.at <= at + SLACK);
  const during = fits.filter((one) => (one.endedAt === null ? at - one.at <= UNENDED : at <= one.endedAt + SLACK));
  if (during.length) return during.length === 1 ? (during[0]?.key ?? null) : null;
  const after = fits.filter(({ endedAt }) => endedAt !== null && at - endedAt <= AFTER);
  return after.length === 1 ? (after[0]?.key ?? null) : null;
}

/** Of several sightings the one that is nearest in time to `request`. */
export const nearestTo = <T extends Captured>(request: Captured, sightings: readonly T[]): T | undefined =>
  [...sightings].sort((a, b) => Math.abs(a.at - request.at) - Math.abs(b.at - request.at))[0];

/** Two sightings of one request, by DevTools and on a watched page, differ by so much (ms). */
const SAME = 2000;

/** Whether `webRequest` and DevTools saw the same request, by all that both tell. */
export const isSameRequest = (one: Captured, other: Captured): boolean =>
  one.via !== other.via &&
  one.method === other.method &&
  one.host === other.host &&
  one.path === other.path &&
  // A body that one of them is not told names nobody.
  (one.uuid === other.uuid || one.uuid === null || other.uuid === null) &&
  Math.abs(one.at - other.at) <= SAME;
