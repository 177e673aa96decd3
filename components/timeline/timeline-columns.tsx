/** The columns of the timeline, and what other lists of entries share with it. */

import type { JSX } from 'preact';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { TimelineRow } from '@/lib/session/history/timeline';
import { CauseCell } from '../session/cause';
import { originWords } from '../session/token-words';
import type { Source } from '../state/record';
import { VERDICT_WORDS } from '../state/words';
import type { Column } from '../ui/data-table';
import { clock, exactTime, fullTime, took } from '../ui/format';
import { RefreshIcon } from '../ui/icons';
import { CallIcon, IdentityIcon, NavigationIcon, OperationIcon, RequestIcon, StorageIcon, TokenIcon, UuidIcon } from '../ui/kind-icons';
import { SourceLink } from '../ui/source-link';
import { entryName, identityWords, requestFailed, runBy, statusOf } from './entry-words';

type Kind = HistoryEntry['kind'];

const ICONS: Readonly<Record<Kind, () => JSX.Element>> = {
  operation: OperationIcon,
  call: CallIcon,
  request: RequestIcon,
  uuid: UuidIcon,
  token: TokenIcon,
  identity: IdentityIcon,
  callback: CallIcon,
  storage: StorageIcon,
  alarm: RefreshIcon,
  document: NavigationIcon,
};

const CODE: ReadonlySet<Kind> = new Set(['operation', 'call', 'callback']);

/** What an entry is about, in a line. */
export function entryDetails(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'uuid':
      return entry.uuid;
    case 'token':
      return entry.fingerprint === ''
        ? 'none'
        : `${originWords(entry.origin)}${entry.expiresAt === null ? '' : `, expires ${clock(entry.expiresAt, entry.at)}`}`;
    case 'operation':
      return entry.by === 'alarm' ? 'auto-refresh' : '';
    case 'call':
      return '';
    case 'request':
      return `${entry.method} ${entry.path}`;
    case 'identity':
      return identityWords(entry);
    case 'callback':
      return entry.reason ?? '';
    case 'storage':
      return entry.value === null
        ? `${entry.name} removed`
        : `${entry.name} ${entry.before === null ? '' : `${entry.before} → `}${entry.value}`;
    case 'alarm':
      return entry.expiresAt === null ? '' : `token expires ${clock(entry.expiresAt, entry.at)}`;
    case 'document':
      return entry.path;
  }
}

/** How an entry ended, in a word. */
export function entryStatus(entry: HistoryEntry): string {
  if (entry.kind === 'operation') return VERDICT_WORDS[entry.verdict].label.toLowerCase();
  if (entry.kind === 'call') return entry.ok === false ? 'failed' : entry.endedAt === null ? 'no callback' : entry.ok ? 'ok' : '';
  return entry.kind === 'request' ? statusOf(entry) : '';
}

/** How long an entry took (ms); `null` if it has no duration, or has not ended. */
const durationOf = (entry: HistoryEntry): number | null =>
  (entry.kind === 'operation' || entry.kind === 'call' || entry.kind === 'request') && entry.endedAt !== null
    ? entry.endedAt - entry.at
    : null;

/** `bad` where something failed. */
export function entryTone(entry: HistoryEntry): string {
  if (entry.kind === 'operation') return VERDICT_WORDS[entry.verdict].tone === 'good' ? '' : VERDICT_WORDS[entry.verdict].tone;
  if (entry.kind === 'call') return entry.ok === false ? 'bad' : '';
  return entry.kind === 'request' && requestFailed(entry) ? 'bad' : '';
}

/** Whether an entry is a failure: the rows that are shown in red. */
export const hasFailed = (entry: HistoryEntry): boolean => entryTone(entry) === 'bad';

function initiator({ entry, under }: TimelineRow, source: Source) {
  if ('cause' in entry) return <CauseCell cause={entry.cause} />;
  if (entry.kind === 'operation') return <span class="info-text">{runBy(entry)}</span>;
  if (under) return <code class="quiet">{entryName(under.entry)}</code>;
  const site = entry.kind === 'call' ? source.detailOf(entry.key)?.call?.site : undefined;
  if (site) return <SourceLink site={site} />;
  return entry.kind === 'call' ? <span class="quiet">page</span> : null;
}

type Cells = Pick<Column<TimelineRow>, 'cell' | 'sorts' | 'right'>;

/** When an entry began. */
export const START: Cells = {
  cell: ({ entry: { at } }) => (
    <span class="number" title={fullTime(at)}>
      {exactTime(at)}
    </span>
  ),
  sorts: ({ entry: { at } }) => at,
};

/** How long an entry took. */
export const DURATION: Cells = {
  right: true,
  cell: ({ entry }) => {
    const ms = durationOf(entry);
    return ms === null ? '' : <span class="number">{took(ms)}</span>;
  },
  sorts: ({ entry }) => durationOf(entry) ?? -1,
};

/** @param source of the calls' places */
export const timelineColumns = (source: Source): readonly Column<TimelineRow>[] => [
  { ...START, id: 'time', label: 'Time', width: 112 },
  {
    id: 'name',
    label: 'Name',
    width: 150,
    grows: true,
    cell({ entry }) {
      const Icon = ICONS[entry.kind];
      return (
        <>
          <Icon />
          {CODE.has(entry.kind) ? <code>{entryName(entry)}</code> : entryName(entry)}
        </>
      );
    },
    sorts: ({ entry }) => entryName(entry),
  },
  {
    id: 'details',
    label: 'Details',
    width: 150,
    grows: true,
    cell: ({ entry }) => <span title={entryDetails(entry)}>{entryDetails(entry)}</span>,
    sorts: ({ entry }) => entryDetails(entry),
  },
  {
    id: 'status',
    label: 'Status',
    width: 62,
    from: 560,
    cell: ({ entry }) => entryStatus(entry),
    sorts: ({ entry }) => entryStatus(entry),
  },
  { ...DURATION, id: 'duration', label: 'Duration', width: 60, from: 640 },
  { id: 'initiator', label: 'Initiator', width: 120, from: 560, controls: true, cell: (row) => initiator(row, source) },
];
