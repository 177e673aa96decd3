/** The list of requests: its columns, filters, and what counts as a problem. */
import { type PurposeKind, purposeNamed } from '@/lib/network/purposes';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { TimelineRow } from '@/lib/session/history/timeline';
import type { Held, Source } from '../state/record';
import { callOf, purposeLabel, requestFailed, statusOf } from '../timeline/entry-words';
import { DURATION, START } from '../timeline/timeline-columns';
import type { Chip } from '../timeline/timeline-view';
import type { Column } from '../ui/data-table';
import { RequestIcon } from '../ui/kind-icons';
import { type Generations, generationsOf, isMismatch, tokenSent, uuidHeld } from './request-identity';

type Request = Extract<HistoryEntry, { kind: 'request' }>;

const isOf =
  (...kinds: PurposeKind[]) =>
  (entry: HistoryEntry) =>
    entry.kind === 'request' && kinds.includes(purposeNamed(entry.purpose)?.kind ?? 'other');

export const NETWORK_CHIPS: readonly Chip[] = [
  { id: 'auth', label: 'Auth', shows: isOf('token') },
  { id: 'account', label: 'Account', shows: isOf('account') },
  { id: 'event', label: 'Events', shows: isOf('event') },
  { id: 'read', label: 'Recommendations', shows: isOf('read') },
  { id: 'other', label: 'Other', shows: isOf('other') },
];

/** The last parts of a path, as DevTools names requests. */
export const requestName = ({ path }: Request): string => {
  const parts = (path.split('?')[0] ?? '').split('/').filter(Boolean);
  return parts.slice(-2).join('/') || path;
};

const requestOf = ({ entry }: TimelineRow): Request => entry as Request;

/** @param source of the requests, and of the UUIDs and tokens that they are compared with */
export function networkColumns(source: Source): readonly Column<TimelineRow>[] {
  let known: { readonly held: Held; readonly from: number; readonly to: number } | null = null;
  const generations = () => generationsOf(source.history.peek());
  /** From the first request to the end of the last one (epoch ms), for the waterfall. */
  const span = () => {
    const held = source.history.peek();
    if (known?.held !== held) {
      const requests = held.entries.filter((one): one is Request => one.kind === 'request');
      const from = requests[0]?.at ?? 0;
      const to = requests.reduce((latest, one) => Math.max(latest, one.endedAt ?? one.at), from + 1);
      known = { held, from, to };
    }
    return known;
  };
  return [
    {
      id: 'name',
      label: 'Name',
      width: 160,
      grows: true,
      cell: (row) => {
        const request = requestOf(row);
        return (
          <span title={`${request.method} ${request.host}${request.path}`}>
            <RequestIcon />
            {requestName(request)}
          </span>
        );
      },
      sorts: (row) => requestName(requestOf(row)),
    },
    {
      id: 'type',
      label: 'Type',
      width: 128,
      cell: (row) => purposeLabel(requestOf(row).purpose),
      sorts: (row) => purposeLabel(requestOf(row).purpose),
    },
    { id: 'status', label: 'Status', width: 62, cell: (row) => statusOf(requestOf(row)), sorts: (row) => requestOf(row).status ?? 0 },
    {
      id: 'uuid',
      label: 'UUID',
      width: 84,
      from: 520,
      cell: (row) => {
        const request = requestOf(row);
        if (request.uuid === null) return '';
        const held = uuidHeld(generations(), request);
        if (held === null) return <span class="quiet">{request.uuid.slice(0, 8)}…</span>;
        return held === request.uuid ? (
          <span class="quiet">current</span>
        ) : (
          <span class="chip warn" data-testid="uuid-mismatch" title={`Sent ${request.uuid}. The SDK used ${held}.`}>
            ≠ {request.uuid.slice(0, 4)}…
          </span>
        );
      },
    },
    {
      id: 'token',
      label: 'Token',
      width: 62,
      from: 640,
      cell: (row) => {
        const request = requestOf(row);
        if (request.bearer === null) return '';
        const sent = tokenSent(generations(), request);
        if (!sent) return <span class="quiet">unknown</span>;
        return sent.newer ? <span class="chip warn">#{sent.number} old</span> : <span class="quiet">#{sent.number}</span>;
      },
    },
    {
      id: 'initiator',
      label: 'Initiator',
      width: 120,
      from: 760,
      cell: ({ under }) =>
        under && (
          <code class="quiet">
            {under.entry.kind === 'call' ? callOf(under.entry) : under.entry.kind === 'operation' ? under.entry.operation : ''}
          </code>
        ),
    },
    {
      id: 'size',
      label: 'Size',
      width: 62,
      right: true,
      from: 840,
      cell: (row) => {
        const { size } = requestOf(row);
        return size === null ? '' : <span class="number">{size < 1000 ? `${size} B` : `${(size / 1000).toFixed(1)} kB`}</span>;
      },
      sorts: (row) => requestOf(row).size ?? -1,
    },
    { ...DURATION, id: 'time', label: 'Time', width: 62, from: 600 },
    { ...START, id: 'started', label: 'Started', width: 112, from: 700 },
    {
      id: 'waterfall',
      label: 'Waterfall',
      width: 110,
      from: 1000,
      cell: (row) => {
        const { at, endedAt } = requestOf(row);
        const { from, to } = span();
        const share = (instant: number) => ((instant - from) / (to - from)) * 100;
        const left = Math.min(98, share(at));
        return <span class="waterfall" style={{ left: `${left}%`, width: `${Math.max(2, share(endedAt ?? at) - left)}%` }} />;
      },
    },
  ];
}

/** Counts for the line below the list. */
export function networkCounts(rows: readonly TimelineRow[], generations: Generations) {
  const requests = rows.map(requestOf);
  return {
    bytes: requests.reduce((sum, { size }) => sum + (size ?? 0), 0),
    failed: requests.filter(requestFailed).length,
    mismatches: requests.filter((one) => isMismatch(generations, one)).length,
    old: requests.filter((one) => (tokenSent(generations, one)?.newer ?? 0) > 0).length,
  };
}
