/** What stands out among the cookies of a case, for the rules that tell it. */
import { type CookieNoteKind, cookieNotes, parseCookie } from '../web/cookies';
import type { CaseFacts } from './case';
import type { Noticed } from './rule';

/** The notes of these kinds as evidence; `null` for none. */
export function noted({ sdk, customer, set, jar }: CaseFacts, ...kinds: readonly CookieNoteKind[]): Noticed | null {
  if (sdk?.dialect !== 'web' || !customer) return null;
  const notes = cookieNotes(customer.cookies.map(parseCookie), customer.uuid, { set, jar }).filter(({ kind }) => kinds.includes(kind));
  return notes.length ? { evidence: notes.map(({ text }) => text) } : null;
}
