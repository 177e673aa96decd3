/** What rules look up in the entries of a case. Instants in epoch ms. */

import type { WireError } from '../page/wire';
import type { ChangeName } from '../sdk/changes';
import type { HistoryEntry } from '../session/history/history';
import type { Identity } from '../session/terms';
import { count } from '../text/count';
import type { Case } from './case';

export type EntryOf<K extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: K }>;
/** What somebody did with the SDK: an operation run here, or a call of the page. */
export type Deed = EntryOf<'operation'> | EntryOf<'call'>;

/** Entries of one kind, oldest first. */
export const ofKind = <K extends HistoryEntry['kind']>({ entries }: Pick<Case, 'entries'>, kind: K): EntryOf<K>[] =>
  entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);

/** What a deed does. */
export const doneBy = (deed: Deed): ChangeName => (deed.kind === 'call' ? deed.does : deed.operation);

/** Calls of the page, and of these names only. */
export const callsOf = (subject: Pick<Case, 'entries'>, ...names: readonly ChangeName[]): EntryOf<'call'>[] =>
  ofKind(subject, 'call').filter(({ does }) => names.includes(does));

/** All that was done with the SDK, in the order in which it became known. */
export const deeds = ({ entries }: Pick<Case, 'entries'>): Deed[] =>
  entries.filter((entry): entry is Deed => entry.kind === 'call' || entry.kind === 'operation');

/** Operations that were run here and calls of the page, of these names only. */
export const deedsOf = (subject: Pick<Case, 'entries'>, ...names: readonly ChangeName[]): Deed[] =>
  deeds(subject).filter((deed) => names.includes(doneBy(deed)));

/** Whether a deed came to nothing; `null` where nobody could see. */
export function deedFailed(deed: Deed): boolean | null {
  if (deed.kind === 'call') return deed.ok === null ? null : !deed.ok;
  return deed.verdict === 'done' ? false : deed.verdict === 'failed' || deed.verdict === 'timed-out' ? true : null;
}

/** Whether the same went well later. */
export const isMended = (subject: Pick<Case, 'entries'>, deed: Deed): boolean =>
  deedsOf(subject, doneBy(deed)).some((other) => other.at > deed.at && deedFailed(other) === false);

/** The SDK's error that a deed ended with, where a view heard it. */
export const errorOf = ({ detailOf }: Pick<Case, 'detailOf'>, { key }: Pick<Deed, 'key'>): WireError | null =>
  detailOf(key)?.call?.error ?? null;

/** Requests of these purposes. */
export const requestsOf = (subject: Pick<Case, 'entries'>, ...purposes: readonly string[]): EntryOf<'request'>[] =>
  ofKind(subject, 'request').filter(({ purpose }) => !purposes.length || purposes.includes(purpose));

/** An operation may make its requests so long after its end (ms). */
const AFTER = 1500;

/** Those of them that no operation run here can have made. */
export function madeByPage(subject: Pick<Case, 'entries'>, requests: readonly EntryOf<'request'>[]): EntryOf<'request'>[] {
  const ours = ofKind(subject, 'operation');
  return requests.filter(({ at }) => !ours.some((one) => one.at - 50 <= at && at <= one.endedAt + AFTER));
}

/** The UUID that was held at an instant; `null` before the first. */
export const uuidAt = (subject: Pick<Case, 'entries'>, at: number): string | null =>
  ofKind(subject, 'uuid').findLast((entry) => entry.at <= at)?.uuid ?? null;

/** Who the customer was at an instant: told by what changed next, or by what is so now. */
export function identityAt(subject: Pick<Case, 'entries' | 'identity'>, at: number): Identity {
  const changes = ofKind(subject, 'identity');
  return changes.find((entry) => entry.at > at)?.before ?? changes.findLast((entry) => entry.at <= at)?.identity ?? subject.identity;
}

/** The most of `entries`, which are in the order of time, within any stretch of `ms`; the latest stretch of several. */
export function densest<T extends { readonly at: number }>(entries: readonly T[], ms: number): T[] {
  let [from, best, length] = [0, 0, 0];
  for (const [index, { at }] of entries.entries()) {
    while (at - (entries[from]?.at ?? at) > ms) from += 1;
    if (index - from + 1 >= length) [best, length] = [from, index - from + 1];
  }
  return entries.slice(best, best + length);
}

/** A length of time in words. */
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

/** An instant for evidence: the time of day, in UTC, so that a report reads the same everywhere. For what was just seen. */
export const clockTime = (at: number): string => `${timeOf(at)[1]} UTC`;

/** An instant that may be far: with its date. */
export const dateTime = (at: number): string => `${timeOf(at).join(' ')} UTC`;

/** Date and time of day; beyond the year 9999 dates are longer. */
const timeOf = (at: number): readonly string[] =>
  new Date(at)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .split('T');

/** Something that stands in the place of a value that is not told. */
export const isMark = (text: string): boolean => /^\[[^\]]*\]$/.test(text);
