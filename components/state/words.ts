/** Labels for the domain's codes, in one table each, shared by all views. */

import type { ClientInfo } from '@/lib/page/wire';
import type { Expectation } from '@/lib/sdk/operation';
import type { OutcomeNote } from '@/lib/session/run';
import type { Session } from '@/lib/session/session';
import type { Access, Identity, Verdict } from '@/lib/session/terms';

export const IDENTITY_WORDS: Record<Identity, string> = {
  anonymous: 'Anonymous',
  'simple-auth': 'Simple Auth',
  'signed-in': 'Signed in',
  incognito: 'Incognito',
  unknown: 'Unknown customer',
};

export const ACCESS_WORDS: Record<Access, { readonly label: string; readonly about: string }> = {
  none: { label: 'No access', about: 'The extension does not reach this page.' },
  panel: { label: 'Panel', about: 'Reached through the open DevTools panel, with no permission.' },
  visit: { label: 'Visit', about: 'Reached because the toolbar button was clicked; ends when the tab leaves this site.' },
  watched: { label: 'Watched', about: 'Reached because you let this site be watched; goes on until you take it back.' },
};

export const PHASE_WORDS: Record<Session['stage']['phase'], string> = {
  unreachable: 'Not reached',
  searching: 'Looking…',
  absent: 'No SDK',
  attached: 'Attached',
};

/** Labels of facts that a dialect samples besides the customer. */
export const FACT_WORDS: Readonly<Record<string, string>> = {
  identityHash: 'Identity hash',
};

/** A suffix to the client's place and dialect. */
export const STATE_WORDS: Record<ClientInfo['state'], string> = {
  ready: '',
  'not-initialised': ' · not initialized',
  'not-loaded': ' · not loaded',
};

export const VERDICT_WORDS: Record<Verdict, { readonly label: string; readonly tone: 'good' | 'bad' | 'warn' }> = {
  done: { label: 'Done', tone: 'good' },
  refused: { label: 'Refused', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  'timed-out': { label: 'Timed out', tone: 'bad' },
  interrupted: { label: 'Interrupted', tone: 'warn' },
  unavailable: { label: 'Unavailable', tone: 'warn' },
};

export const NOTE_WORDS: Record<OutcomeNote, string> = {
  'same-uuid': 'Same UUID as before: the same identifier gives the same UUID.',
  'not-reloaded':
    'The page was not reloaded: it may have asked whether to leave it, or kept its place. What the steps removed before that is removed.',
  'said-no': 'The SDK answered false: it did nothing.',
  'signed-in': 'The SDK ignored the call without an error, as it does while a customer is signed in.',
  'no-callback':
    "No answer came. SDKs swallow exceptions of their native side, and some cancel a call when another follows: look in the page's console.",
  'page-silent': 'The page did not answer. Is a dialog open in it, or is it paused in the debugger?',
  'document-gone': 'The page was left, reloaded or lost before an answer came. Whether the call took effect shows in the session below.',
  'never-started': 'The page did not take the call in time. It was not sent again.',
  'was-signed-out': 'Nobody was signed in before either.',
  'no-method': 'The method is not there any more.',
};

/** Why an operation counts as refused, by its expected effect. */
export const REFUSED_WORDS: Record<Expectation, string> = {
  'new-uuid': 'The SDK reported no error, but no new UUID came within 3 s.',
  'new-token': 'The SDK reported no error, but no new token came within 3 s.',
  'no-token': 'The SDK reported no error, but the token was still there after 3 s.',
  'signed-in': 'The SDK reported no error, but nobody was signed in after 3 s.',
  'simple-auth': 'The SDK reported no error, but the customer was not recognized by Simple Authentication after 3 s.',
  'signed-out': 'The SDK reported no error, but the customer was still signed in after 3 s.',
  conditions: 'The SDK gave no answer.',
  answer: 'The SDK gave no answer.',
  nothing: 'The SDK gave no answer.',
};
