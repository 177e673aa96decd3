/** The words for what a tab's history holds. */
import type { HistoryEntry } from '@/lib/session/history';
import { causeWords } from './cause';
import { about, clock, took } from './format';
import { IDENTITY_WORDS, VERDICT_WORDS } from './words';

const BY_WORDS: Readonly<Record<string, string>> = {
  reload: 'Reloaded',
  back_forward: 'Back or forward',
  restored: 'Back from the cache',
  prerender: 'Rendered ahead',
};

/** How an entry looks. */
export function toneOf(entry: HistoryEntry): string {
  if (entry.kind === 'token' && entry.fingerprint === '') return 'none';
  if (entry.kind === 'operation') return VERDICT_WORDS[entry.verdict].tone;
  if (entry.kind === 'call') return entry.ok === false ? 'bad' : 'page';
  if (entry.kind === 'document') return 'none';
  return entry.kind === 'identity' ? 'info' : '';
}

/** An entry in a word or two. */
export function labelOf(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'uuid':
      return entry.uuid;
    case 'token':
      return entry.fingerprint === '' ? 'no token' : (entry.origin ?? "the site's own");
    case 'operation':
      return entry.operation;
    case 'call':
      return `${entry.does}()`;
    case 'identity':
      return IDENTITY_WORDS[entry.identity];
    case 'document':
      return BY_WORDS[entry.by] ?? 'Page loaded';
  }
}

const lasted = (from: number, to: number | null, now: number) =>
  to === null ? `since ${clock(from, now)}` : `${clock(from, now)} to ${clock(to, now)}, ${about(to - from)}`;

/** Who ran an operation. */
const runBy = ({ by }: Pick<Extract<HistoryEntry, { kind: 'operation' }>, 'by'>): string => (by === 'alarm' ? 'by the alarm' : 'run here');

/** What happened at one time, without the time; nothing of what lasts. */
function eventWords(entry: Exclude<HistoryEntry, { kind: 'uuid' | 'token' }>): string {
  switch (entry.kind) {
    case 'operation':
      return `${entry.operation}, ${runBy(entry)} · ${VERDICT_WORDS[entry.verdict].label}`;
    case 'call':
      return `${entry.does}(), by the page${entry.ok === false ? ', failed' : ''}`;
    case 'identity':
      return `${IDENTITY_WORDS[entry.before]} → ${IDENTITY_WORDS[entry.identity]}${entry.reason === null ? '' : ` (${entry.reason})`}`;
    case 'document':
      return `${labelOf(entry)}: ${entry.path}`;
  }
}

/** An entry in a sentence; `to`: when what it began ended. */
export function nameOf(entry: HistoryEntry, to: number | null, now: number): string {
  switch (entry.kind) {
    case 'uuid':
      return `UUID ${entry.uuid} · ${lasted(entry.at, to, now)} · ${causeWords(entry.cause)}`;
    case 'token':
      return `${entry.fingerprint === '' ? 'No token' : `Token ${entry.origin ?? "of the site's own"}`} · ${lasted(entry.at, to, now)} · ${causeWords(entry.cause)}`;
    default:
      return `${eventWords(entry)} · ${clock(entry.at, now)}`;
  }
}

/** An entry in a line beside its time. */
export function summaryOf(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'uuid':
      return `UUID ${entry.uuid} · ${causeWords(entry.cause)}`;
    case 'token':
      return `${entry.fingerprint === '' ? 'No token' : `Token, ${labelOf(entry)}`} · ${causeWords(entry.cause)}`;
    case 'operation':
      return `${eventWords(entry)} after ${took(entry.endedAt - entry.at)}`;
    case 'call':
      return `${eventWords(entry)}${entry.endedAt === null ? '' : ` · ${took(entry.endedAt - entry.at)}`}`;
    default:
      return eventWords(entry);
  }
}
