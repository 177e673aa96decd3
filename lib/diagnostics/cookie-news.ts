/** Cookie anomalies of a case, for the rules that report them. */
import { tableOf } from '../sdk/dialects';
import { type CookieNoteKind, cookieNotes, parseCookie } from '../web/cookies';
import type { Case } from './case';
import type { Noticed } from './rule';

/** Notes of these kinds as evidence, with the last change of each cookie that they mention; `null` if there are none. */
export function cookieNotice({ sdk, customer, set, jar, entries }: Case, ...kinds: readonly CookieNoteKind[]): Noticed | null {
  if (!sdk || !tableOf(sdk.dialect)?.cookies || !customer) return null;
  const notes = cookieNotes(customer.cookies.map(parseCookie), customer.uuid, { set, jar }).filter(({ kind }) => kinds.includes(kind));
  if (!notes.length) return null;
  const names = new Set(notes.flatMap(({ text }) => text.match(/_snrs_\w+/g) ?? []));
  const changes = [...names].flatMap(
    (name) => entries.findLast((entry) => entry.kind === 'storage' && entry.area === 'cookie' && entry.name === name) ?? [],
  );
  return { evidence: notes.map(({ text }) => text), ...(changes.length && { entries: changes }) };
}
