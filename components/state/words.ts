/** Labels for the domain's codes, in one table each, shared by all views. */

import type { ClientInfo } from '@/lib/page/wire';
import type { Session } from '@/lib/session/session';
import { type Access, type Identity, isApp, type Verdict } from '@/lib/session/terms';

export const IDENTITY_WORDS: Record<Identity, string> = {
  anonymous: 'Anonymous',
  'simple-auth': 'Simple Auth',
  'signed-in': 'Signed in',
  incognito: 'Incognito',
  unknown: 'Unknown',
};

/** How the inspector reaches the page. */
export const ACCESS_WORDS: Record<Access, string> = {
  none: 'The extension has no access to this page.',
  panel: 'Access through DevTools. No site permission needed.',
  connected: 'Connected over a debugging port.',
  visit: 'Temporary access: ends when this tab leaves the site.',
  watched: 'Always allowed on this site. Turn off here or in the browser’s settings.',
};

/** A text that speaks of a page, as it reads where the site is an app. */
export const placeWords = (text: string, site: string | null): string =>
  isApp(site)
    ? text
        .replace(/\bon the page\b/g, 'in the app')
        .replace(/\bpage\b/g, 'app')
        .replace(/\bPage\b/g, 'App')
        .replace('navigation', 'start')
    : text;

export const PHASE_WORDS: Record<Session['stage']['phase'], string> = {
  unreachable: 'No access',
  searching: 'Detecting SDK…',
  absent: 'No SDK',
  attached: 'Connected',
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
  refused: { label: 'No effect', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  'timed-out': { label: 'Timed out', tone: 'bad' },
  interrupted: { label: 'Interrupted', tone: 'warn' },
  unavailable: { label: 'Unavailable', tone: 'warn' },
};
