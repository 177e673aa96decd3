/** Summarizes requests of the SDKs, and finds what sent them. Pure. Instants in epoch ms. */

import { decodeToken } from '../jwt/token';
import { isRecord } from '../page/plain';
import type { ChangeName } from '../sdk/changes';
import { fingerprint } from '../text/fingerprint';
import { purposeNamed, purposeOf } from './purposes';
import type { Body, Captured, Header, RequestRecord } from './request';
import { maskSecrets } from './secrets';

const MAX_PATH = 300;
const MAX_PROBLEM = 200;
/** A longer body is neither searched nor kept (characters). */
export const MAX_BODY = 200_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A header's value. @param name in lowercase; the headers' case doesn't matter */
export const headerOf = (headers: readonly Header[], name: string): string | null =>
  headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;

/** The bearer token of a request; `null` if there is none. */
export const bearerOf = ({ headers }: Pick<RequestRecord, 'headers'>): string | null =>
  /^Bearer\s+(\S+|\[object \w+\])$/i.exec(headerOf(headers, 'authorization') ?? '')?.[1] ?? null;

/** The parsed JSON of a body; `null` if it isn't JSON. The content type is ignored: beacons send JSON as text. */
export function jsonOf({ text }: Pick<Body, 'text'>): unknown {
  if (text === null || text.length > MAX_BODY || !/^\s*[[{"]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The token in a response: its field `token`, or the whole response if it is a JWT (facts §4.3). */
function givenToken(answer: Body): string | null {
  const value = jsonOf(answer);
  const token = isRecord(value) ? value['token'] : (value ?? answer.text?.trim());
  return typeof token === 'string' && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token) && decodeToken(token).header !== null ? token : null;
}

/** UUID of the customer that a request names: `clientUUID`, `client.uuid` or `uuid` in its payload or query (facts §3.6, §4.2). */
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

/** The summary of a request for the history; `null` if no SDK sent it. */
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

/** A possible sender of a request: an operation, or a call by the page. */
export interface Maker {
  readonly key: string;
  readonly does: ChangeName;
  readonly at: number;
  /** `null`: still running, or unknown. */
  readonly endedAt: number | null;
}

/** Tolerance for differences between the clocks of page, browser and worker (ms). */
const SLACK = 50;
/** How long a call without an observed end counts as running (ms). */
const UNENDED = 60_000;
/** A call that returns immediately may send its requests up to this long after (ms). */
const AFTER = 1500;

/**
 * Key of the operation or call that sent a request: the only one that sends this kind of request and was running, or had just
 * returned. `null` if there is none or several: an ambiguous request isn't attributed.
 */
export function makerOfRequest({ at, purpose }: Pick<Captured, 'at' | 'purpose'>, makers: readonly Maker[]): string | null {
  const does = purposeNamed(purpose)?.does ?? [];
  const fits = makers.filter((one) => does.includes(one.does) && one.at <= at + SLACK);
  const during = fits.filter((one) => (one.endedAt === null ? at - one.at <= UNENDED : at <= one.endedAt + SLACK));
  if (during.length) return during.length === 1 ? (during[0]?.key ?? null) : null;
  const after = fits.filter(({ endedAt }) => endedAt !== null && at - endedAt <= AFTER);
  return after.length === 1 ? (after[0]?.key ?? null) : null;
}

/** The sighting closest in time to `request`. */
export const nearestTo = <T extends Captured>(request: Captured, sightings: readonly T[]): T | undefined =>
  [...sightings].sort((a, b) => Math.abs(a.at - request.at) - Math.abs(b.at - request.at))[0];

/** Maximum time between two sightings of one request, by DevTools and by `webRequest` (ms). */
const SAME = 2000;

/** Whether two sightings, by `webRequest` and DevTools, are of the same request, comparing what both report. */
export const isSameRequest = (one: Captured, other: Captured): boolean =>
  one.via !== other.via &&
  one.method === other.method &&
  one.host === other.host &&
  one.path === other.path &&
  // One of them may not have the body, and with it the UUID.
  (one.uuid === other.uuid || one.uuid === null || other.uuid === null) &&
  Math.abs(one.at - other.at) <= SAME;
