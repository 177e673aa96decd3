/** The customer's account as the SDK returns it, and the differences between two readings. */

import { isRecord, plain } from '../page/plain';
import { AGREEMENTS, TOLD_FIELDS, UPDATE_FIELDS } from '../sdk/account-fields';
import type { ArgumentValues } from '../sdk/operation';
import type { Plain } from '../sdk/plain-data';
import { momentOf } from './identity';
import type { AccountChange, AccountReading, Moment } from './run';
import { type Session, withPart } from './session';

/** Limits on what is kept of one reading: an account has about forty values, and at most hundreds of attributes. */
const KEPT = { text: 10_000, keys: 200, depth: 5, total: 24_000 };

/** What `getAccount` returned at `at` (epoch ms); `null` if it isn't an account, or the customer has changed since the request. */
export function readingOf({ stage }: Pick<Session, 'stage'>, before: Moment, value: Plain, at: number): AccountReading | null {
  if (stage.phase !== 'attached' || !isRecord(value)) return null;
  const now = momentOf(stage);
  if (!isOfCustomer(whoseOf(before), now)) return null;
  const kept = plain(value, KEPT) as AccountReading['value'];
  return { at, ...whoseOf(now), value: kept };
}

type Whose = Omit<AccountReading, 'at' | 'value'>;
/** What identifies the customer of a moment. */
export const whoseOf = ({ uuid, identity, token }: Moment): Whose => ({ uuid, identity, clientId: token?.clientId ?? null });

/** Whether the customer is still the one whose account was read; unknown values don't count as different. */
export function isOfCustomer(whose: Whose, now: Moment): boolean {
  const same = (one: string | null, other: string | null) => one === null || other === null || one === other;
  return same(now.uuid, whose.uuid) && isSameAccount(whose, whoseOf(now));
}

/** The same, but without comparing the UUID, which an operation may have changed. */
export const isSameAccount = (one: Omit<Whose, 'uuid'>, other: Omit<Whose, 'uuid'>): boolean =>
  (one.identity === 'unknown' || other.identity === 'unknown' || one.identity === other.identity) &&
  (one.clientId === null || other.clientId === null || one.clientId === other.clientId);

/** The session without an account that belongs to another customer. */
export function withoutStrangersAccount(session: Session): Session {
  const {
    stage,
    history: { account },
  } = session;
  if (!account || stage.phase !== 'attached') return session;
  const moment = momentOf(stage);
  // A stale token, read before the UUID changed, doesn't identify the current customer.
  const now = stage.token.kind === 'known' && stage.token.stale ? { ...moment, token: null } : moment;
  return isOfCustomer(account, now) ? session : withPart(session, 'history', { account: null });
}

/** The session without any account data: a closed tab's session is kept without it. */
export function withoutAccount(session: Session): Session {
  const ended = session.runs.ended.map((run) => {
    const { result } = run;
    const answer = result?.answer && run.operation === 'getAccount' ? { ...result.answer, value: null } : (result?.answer ?? null);
    return result ? { ...run, result: { ...result, account: null, answer } } : run;
  });
  return withPart(withPart(session, 'history', { account: null }), 'runs', { ended });
}

/** The latest time that a `Date` can represent (ms). */
const LAST = 8.64e15;
/** A year (ms): no activity is dated that far ahead. */
const AHEAD = 31_536_000_000;
const CENTURY = Date.UTC(2001, 0);
/** Numbers from here on are ms, smaller ones s: this is the year 5138 in s, and 1973 in ms. */
const IN_MS = 1e11;

/**
 * The time (epoch ms) that an SDK reported as a date string, in s or in ms; `null` if it isn't valid. `times` is 1000 if only
 * dividing by 1000 gives a date of this century that isn't in the future: React Native on Android takes ms for s (facts §1.3).
 */
export function toldInstant(value: Plain | undefined, now: number): { readonly at: number; readonly times: 1 | 1000 } | null {
  const told =
    typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? (value < IN_MS ? value * 1000 : value) : Number.NaN;
  if (!(Math.abs(told) <= LAST)) return null;
  const sooner = Math.round(told / 1000);
  return told > now + AHEAD && sooner > CENTURY && sooner <= now + AHEAD ? { at: sooner, times: 1000 } : { at: told, times: 1 };
}

/**
 * The fields of an account in reading order: known fields, fields that only this SDK has, then each agreement and attribute as a
 * field of its own (`agreements.name`, `attributes.name`).
 */
export function fieldsOf(account: AccountReading['value']): readonly (readonly [string, Plain])[] {
  const { attributes, agreements, ...rest } = account;
  const order: readonly string[] = ['clientId', ...UPDATE_FIELDS, ...TOLD_FIELDS];
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const inside = (of: string, map: Plain | undefined) =>
    isRecord(map) ? Object.entries(map).map(([name, value]) => [`${of}.${name}`, value] as const) : [];
  const agreed = inside('agreements', agreements).sort(([a], [b]) => agreementRank(a) - agreementRank(b));
  return [...Object.entries(rest).sort(([a], [b]) => rank(a) - rank(b)), ...agreed, ...inside('attributes', attributes)];
}
const agreementRank = (name: string) => (AGREEMENTS as readonly string[]).indexOf(name.split('.')[1] ?? '');

/** One field that differs; `null` if it is missing or empty. */
export interface Difference {
  readonly field: string;
  readonly before: Plain;
  readonly after: Plain;
}

/** Changes with each reading, so it doesn't count as a difference. */
const MOVES = 'lastActivityDate';

/** The differences between two readings. */
export function differences(before: AccountReading['value'], after: AccountReading['value']): readonly Difference[] {
  const [was, is] = [new Map(fieldsOf(before)), new Map(fieldsOf(after))];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => field !== MOVES)
    .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after));
}

/** The fields that these values reset, by sending `null`. */
export const resetsOf = (values: ArgumentValues): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => {
    if (value === null) return [name];
    return isRecord(value) ? Object.keys(value).flatMap((key) => (value[key] === null ? [`${name}.${key}`] : [])) : [];
  });

/** The fields that were sent as `null` but still have a value. */
export function notReset({ after, resets }: AccountChange): readonly string[] {
  const fields = new Map(after ? fieldsOf(after.value) : []);
  return resets.filter((name) => ![undefined, null, ''].includes(fields.get(name) as string | null | undefined));
}
