/** Texts for the entries of a tab's history. */

import { purposeNamed } from '@/lib/network/purposes';
import type { HistoryEntry, StorageArea } from '@/lib/session/history/history';
import { causeWords } from '../session/cause';
import { originWords } from '../session/token-words';
import { IDENTITY_WORDS, VERDICT_WORDS } from '../state/words';
import { about, clock, took } from '../ui/format';

/** A document's name, by the browser's navigation type. */
export const BY_WORDS: Readonly<Record<string, string>> = {
  reload: 'Reload',
  back_forward: 'Back/forward',
  restored: 'Back/forward cache',
  prerender: 'Prerender',
  within: 'URL change',
};

type Request = Extract<HistoryEntry, { kind: 'request' }>;

/** Whether a request got an error status, or no response. */
export const requestFailed = ({ status, problem }: Pick<Request, 'status' | 'problem'>): boolean =>
  problem !== null || (status ?? 0) >= 400;

/** The label of a request's purpose. */
export const purposeLabel = (purpose: string): string => purposeNamed(purpose)?.label ?? purpose;

/** A request's outcome, in a word or two. */
export const statusOf = ({ status, problem, endedAt }: Pick<Request, 'status' | 'problem' | 'endedAt'>): string =>
  status === null ? (problem ?? (endedAt === null ? 'pending' : 'unknown')) : String(status);

const AREA_WORDS: Readonly<Record<StorageArea, string>> = { cookie: 'Cookie', local: 'localStorage', session: 'sessionStorage' };

function storageWords({ area, name, before, value }: Extract<HistoryEntry, { kind: 'storage' }>): string {
  const what = `${AREA_WORDS[area]} ${name}`;
  if (value === null) return `${what} removed`;
  return before === null ? `${what} set: ${value}` : `${what}: ${before} → ${value}`;
}

/** A page's call; through a bridge, the method that the app is to call. */
export const callOf = ({ does, told: { method } }: Pick<Extract<HistoryEntry, { kind: 'call' }>, 'does' | 'told'>): string =>
  `${typeof method === 'string' ? method : does}()`;

/** What an entry is, in a word or two: its name in the table. */
export function entryName(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'uuid':
      return 'UUID';
    case 'token':
      return 'Token';
    case 'operation':
      return entry.operation;
    case 'call':
      return `${callOf(entry)}${entry.times === undefined ? '' : ` × ${entry.times}`}`;
    case 'request':
      return purposeLabel(entry.purpose);
    case 'identity':
      return 'Identity';
    case 'callback':
      return entry.signedIn ? 'onClientSignedIn' : 'onClientSignedOut';
    case 'storage':
      return entry.area === 'cookie' ? 'Cookie' : entry.area === 'local' ? 'Local storage' : 'Session storage';
    case 'alarm':
      return 'Token check';
    case 'document':
      return BY_WORDS[entry.by] ?? 'Navigation';
  }
}

/** What an entry is about, in a word: its name, or its value if that says more. */
export function labelOf(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'uuid':
      return entry.uuid;
    case 'token':
      return entry.fingerprint === '' ? 'no token' : originWords(entry.origin);
    case 'identity':
      return IDENTITY_WORDS[entry.identity];
    case 'storage':
      return entry.name;
    default:
      return entryName(entry);
  }
}

const lasted = (from: number, to: number | null, now: number) =>
  to === null ? `since ${clock(from, now)}` : `${clock(from, now)} to ${clock(to, now)}, ${about(to - from)}`;

/** Who ran an operation. */
export const runBy = ({ by }: Pick<Extract<HistoryEntry, { kind: 'operation' }>, 'by'>): string =>
  by === 'alarm' ? 'auto-refresh' : 'you';

/** How a customer's identity changed, and why if the SDK told. */
export const identityWords = ({ before, identity, reason }: Extract<HistoryEntry, { kind: 'identity' }>): string =>
  `${IDENTITY_WORDS[before]} → ${IDENTITY_WORDS[identity]}${reason === null ? '' : ` (${reason})`}`;

/** Describes an event without its time. Not for UUIDs and tokens, which last. */
function eventWords(entry: Exclude<HistoryEntry, { kind: 'uuid' | 'token' }>): string {
  switch (entry.kind) {
    case 'operation':
      return `${entry.operation}, ${runBy(entry)} · ${VERDICT_WORDS[entry.verdict].label}`;
    case 'call':
      return `${entryName(entry)}, by the page${entry.ok === false ? ', failed' : entry.endedAt === null ? ', no answer' : ''}`;
    case 'request':
      return `${purposeLabel(entry.purpose)} · ${entry.method} ${entry.host}${entry.path} · ${statusOf(entry)}`;
    case 'callback':
      return `${labelOf(entry)}${entry.reason === null ? '' : ` (${entry.reason})`}, reported to the page’s listener`;
    case 'storage':
      return storageWords(entry);
    case 'alarm':
      return 'Token check before expiry';
    case 'identity':
      return identityWords(entry);
    case 'document':
      return `${labelOf(entry)}: ${entry.path}`;
  }
}

/** An entry in a sentence; `to`: when the UUID or token that it started ended. */
export function nameOf(entry: HistoryEntry, to: number | null, now: number): string {
  switch (entry.kind) {
    case 'uuid':
      return `UUID ${entry.uuid} · ${lasted(entry.at, to, now)} · ${causeWords(entry.cause)}`;
    case 'token':
      return `${entry.fingerprint === '' ? 'No token' : `Token ${originWords(entry.origin)}`} · ${lasted(entry.at, to, now)} · ${causeWords(entry.cause)}`;
    default:
      return `${eventWords(entry)} · ${clock(entry.at, now)}`;
  }
}

/** An entry as one line, without its time. */
export function summaryOf(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'uuid':
      return `UUID ${entry.uuid} · ${causeWords(entry.cause)}`;
    case 'token':
      return `${entry.fingerprint === '' ? 'No token' : `Token, ${labelOf(entry)}`} · ${causeWords(entry.cause)}`;
    case 'operation':
      return `${eventWords(entry)} after ${took(entry.endedAt - entry.at)}`;
    case 'call':
    case 'request':
      return `${eventWords(entry)}${entry.endedAt === null ? '' : ` · ${took(entry.endedAt - entry.at)}`}`;
    default:
      return eventWords(entry);
  }
}
