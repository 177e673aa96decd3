/** An outcome in words: its value, its changes, and what it means. */
import type { Expectation } from '@/lib/sdk/operation';
import type { Moment, OutcomeNote } from '@/lib/session/run';
import { IDENTITY_WORDS } from '../state/words';
import { clock } from '../ui/format';

export const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** The most characters of a value in the line; the details have all of it. */
export const SHORT = 80;
/** A returned value for the line, which cuts it off by its width: long enough to be searched and read out whole. */
export const inLine = (value: unknown): string => text(value).slice(0, 4000);

/** What an operation changed: what, before, after. */
export function changesOf(before: Moment, after: Moment, now: number): (readonly [string, string, string])[] {
  const token = ({ token: known }: Moment) =>
    known ? `${known.origin ?? 'no origin'}${known.expiresAt === null ? '' : `, expires ${clock(known.expiresAt, now)}`}` : 'none';
  const rows: (readonly [string, string, string])[] = [];
  if (before.uuid !== after.uuid) rows.push(['UUID', before.uuid ?? 'none', after.uuid ?? 'none']);
  const [was, is] = [before.token?.clientId ?? null, after.token?.clientId ?? null];
  if (was !== is && was !== null && is !== null) rows.push(['Client ID', was, is]);
  if (before.identity !== after.identity) rows.push(['Identity', IDENTITY_WORDS[before.identity], IDENTITY_WORDS[after.identity]]);
  if (before.token?.fingerprint !== after.token?.fingerprint) rows.push(['Token', token(before), token(after)]);
  return rows;
}

export const NOTE_WORDS: Record<OutcomeNote, string> = {
  'same-uuid': 'Same UUID: this identifier always gives this UUID.',
  'not-reloaded': 'The page didn’t reload (it may have prompted). What was removed before that stays removed.',
  'said-no': 'The SDK returned false: no effect.',
  'signed-in': 'The SDK ignores this call while a customer is signed in.',
  'no-callback': 'No callback. The SDK may have swallowed an exception or canceled the call: see the page’s console.',
  'page-silent': 'The page didn’t respond. Is a dialog open, or is it paused in the debugger?',
  'document-gone': 'The page navigated or reloaded before the call finished. Check the session for its effect.',
  'never-started': 'The page didn’t take the call in time. Not sent again.',
  'was-signed-out': 'No customer was signed in before.',
  'no-method': 'The method no longer exists.',
};

/** Why an operation counts as refused, by its expected effect. */
export const REFUSED_WORDS: Record<Expectation, string> = {
  'new-uuid': 'No error, but no new UUID within 3 s.',
  'new-token': 'No error, but no new token within 3 s.',
  'no-token': 'No error, but the token is still set after 3 s.',
  'signed-in': 'No error, but no customer is signed in after 3 s.',
  'simple-auth': 'No error, but no Simple Authentication after 3 s.',
  'signed-out': 'No error, but the customer is still signed in after 3 s.',
  conditions: 'No response from the SDK.',
  answer: 'No response from the SDK.',
  nothing: 'No response from the SDK.',
};
