/** Which customer and token a request was sent with, compared with what its session had. */
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Held } from '../state/record';

type Request = Extract<HistoryEntry, { kind: 'request' }>;
type Uuid = Extract<HistoryEntry, { kind: 'uuid' }>;
type Token = Extract<HistoryEntry, { kind: 'token' }>;

/** What the requests of a source are compared with: the UUIDs and tokens that the session held. */
export interface Generations {
  readonly uuids: readonly Uuid[];
  readonly tokens: readonly Token[];
}

const KNOWN = new WeakMap<Pick<Held, 'entries'>, Generations>();

/** Found once per `held`: every row of a list asks for it. */
export function generationsOf(held: Pick<Held, 'entries'>): Generations {
  const { entries } = held;
  const known = KNOWN.get(held) ?? {
    uuids: entries.filter((one): one is Uuid => one.kind === 'uuid'),
    tokens: entries.filter((one): one is Token => one.kind === 'token' && one.fingerprint !== ''),
  };
  KNOWN.set(held, known);
  return known;
}

/** An SDK uses a new UUID some ms before it can be read; for a sign-in, up to a request earlier (ms). */
const BEFORE_READ = 10_000;

/**
 * The UUID that the session of a request held meanwhile; `null` if it had none yet. Only of the request's own session:
 * another page's SDK has another customer. A UUID that the request named and that was read soon after it is the one held.
 */
export function uuidHeld({ uuids }: Generations, { at, endedAt, nth, uuid }: Request): string | null {
  const own = uuids.filter((one) => one.nth === nth);
  const end = endedAt ?? at;
  const isNew = own.some((one) => one.uuid === uuid && one.at >= at && one.at <= end + BEFORE_READ);
  if (isNew) return uuid;
  const first = own.find(({ cause }) => cause.kind === 'first');
  return (own.findLast((one) => one.at <= end) ?? first)?.uuid ?? null;
}

/** Whether the request named another UUID than the session held. */
export function isMismatch(generations: Generations, request: Request): boolean {
  const held = request.uuid === null ? null : uuidHeld(generations, request);
  return held !== null && held !== request.uuid;
}

/** Which token a request was sent with: its number in its session, and how many newer ones there were when it was sent. */
export function tokenSent({ tokens }: Generations, { bearer, at, nth }: Request): { number: number; newer: number } | null {
  if (bearer === null) return null;
  const own = tokens.filter((one) => one.nth === nth);
  const index = own.findLastIndex(({ fingerprint }) => fingerprint === bearer);
  return index < 0 ? null : { number: index + 1, newer: own.filter((one, place) => place > index && one.at <= at).length };
}
