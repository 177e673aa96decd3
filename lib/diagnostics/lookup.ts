/** Queries on the entries of a case, for rules. Instants in epoch ms. */

import type { WireError } from '../page/wire';
import type { ChangeName } from '../sdk/changes';
import type { HistoryEntry } from '../session/history/history';
import type { Identity } from '../session/terms';
import { count } from '../text/count';
import { utc } from '../text/instants';
import type { Case } from './case';

export type EntryOf<K extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: K }>;
/** An action on the SDK: an operation run by the extension, or a call by the page. */
export type Deed = EntryOf<'operation'> | EntryOf<'call'>;

/** Entries of one kind, oldest first. */
export const ofKind = <K extends HistoryEntry['kind']>({ entries }: Pick<Case, 'entries'>, kind: K): EntryOf<K>[] =>
  entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);

/** The operation or method of a deed. */
export const doneBy = (deed: Deed): ChangeName => (deed.kind === 'call' ? deed.does : deed.operation);

/** The page's calls with these names. */
export const callsOf = (subject: Pick<Case, 'entries'>, ...names: readonly ChangeName[]): EntryOf<'call'>[] =>
  ofKind(subject, 'call').filter(({ does }) => names.includes(does));

/** All operations and calls, in the order of `entries`. */
export const deeds = ({ entries }: Pick<Case, 'entries'>): Deed[] =>
  entries.filter((entry): entry is Deed => entry.kind === 'call' || entry.kind === 'operation');

/** Operations and calls with these names. */
export const deedsOf = (subject: Pick<Case, 'entries'>, ...names: readonly ChangeName[]): Deed[] =>
  deeds(subject).filter((deed) => names.includes(doneBy(deed)));

/** Whether a deed failed; `null` if unknown, and for operations that were refused, interrupted or unavailable. */
export function deedFailed(deed: Deed): boolean | null {
  if (deed.kind === 'call') return deed.ok === null ? null : !deed.ok;
  return deed.verdict === 'done' ? false : deed.verdict === 'failed' || deed.verdict === 'timed-out' ? true : null;
}

/** Whether the same operation or method succeeded later. */
export const isMended = (subject: Pick<Case, 'entries'>, deed: Deed): boolean =>
  deedsOf(subject, doneBy(deed)).some((other) => other.at > deed.at && deedFailed(other) === false);

/** The SDK's error that a deed ended with; `null` if there was none, or no view recorded it. */
export const errorOf = ({ detailOf }: Pick<Case, 'detailOf'>, { key }: Pick<Deed, 'key'>): WireError | null =>
  detailOf(key)?.call?.error ?? null;

/** Requests with these purposes; all requests if none is given. */
export const requestsOf = (subject: Pick<Case, 'entries'>, ...purposes: readonly string[]): EntryOf<'request'>[] =>
  ofKind(subject, 'request').filter(({ purpose }) => !purposes.length || purposes.includes(purpose));

/** An operation may still send requests this long after its end (ms). */
const AFTER = 1500;

/** The requests that no operation run by the extension can have sent. */
export function madeByPage(subject: Pick<Case, 'entries'>, requests: readonly EntryOf<'request'>[]): EntryOf<'request'>[] {
  const ours = ofKind(subject, 'operation');
  return requests.filter(({ at }) => !ours.some((one) => one.at - 50 <= at && at <= one.endedAt + AFTER));
}

/** The UUID at an instant; `null` before the first one. */
export const uuidAt = (subject: Pick<Case, 'entries'>, at: number): string | null =>
  ofKind(subject, 'uuid').findLast((entry) => entry.at <= at)?.uuid ?? null;

/** The identity at an instant: from the next change, otherwise from the last one, otherwise the current one. */
export function identityAt(subject: Pick<Case, 'entries' | 'identity'>, at: number): Identity {
  const changes = ofKind(subject, 'identity');
  return changes.find((entry) => entry.at > at)?.before ?? changes.findLast((entry) => entry.at <= at)?.identity ?? subject.identity;
}

/** The largest group of `entries` (sorted by time) within any window of `ms`; the latest of equal ones. */
export function densest<T extends { readonly at: number }>(entries: readonly T[], ms: number): T[] {
  let [from, best, length] = [0, 0, 0];
  for (const [index, { at }] of entries.entries()) {
    while (at - (entries[from]?.at ?? at) > ms) from += 1;
    if (index - from + 1 >= length) [best, length] = [from, index - from + 1];
  }
  return entries.slice(best, best + length);
}

/** A duration in words, in its largest fitting unit. @param ms its sign is ignored */
export function span(ms: number): string {
  const [size, unit] = (
    [
      [86_400_000, 'day'],
      [3_600_000, 'hour'],
      [60_000, 'minute'],
      [1000, 'second'],
    ] as const
  ).find(([one]) => Math.abs(ms) >= one) ?? [1, 'millisecond'];
  return count(Math.round(Math.abs(ms) / size), unit);
}

/** An instant for evidence: in UTC, as files hold it. On screen it is local (`withInstants`). */
export const dateTime = utc;

/** Whether a text is a mark, such as `[secret]`, that replaces a value. */
export const isMark = (text: string): boolean => /^\[[^\]]*\]$/.test(text);
