import { type Signal, useSignal } from '@preact/signals';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Session } from '@/lib/session/session';
import { count } from '@/lib/text/count';
import { Lanes } from '../session/lanes';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { time } from '../ui/format';
import { hasFailed, timelineColumns } from './timeline-columns';
import { type Chip, TimelineView } from './timeline-view';

const OTHER: ReadonlySet<HistoryEntry['kind']> = new Set(['callback', 'alarm', 'document']);
const of =
  (...kinds: HistoryEntry['kind'][]) =>
  (entry: HistoryEntry) =>
    kinds.includes(entry.kind);

export const TIMELINE_CHIPS: readonly Chip[] = [
  { id: 'call', label: 'Calls', shows: of('call', 'operation') },
  { id: 'request', label: 'Requests', shows: of('request') },
  { id: 'uuid', label: 'UUID', shows: of('uuid') },
  { id: 'token', label: 'Token', shows: of('token') },
  { id: 'identity', label: 'Sign-in', shows: of('identity') },
  { id: 'storage', label: 'Storage', shows: of('storage') },
  { id: 'other', label: 'Other', shows: ({ kind }) => OTHER.has(kind) },
];

/** The Timeline tab: the generations over time, and below them everything that happened. */
export function TimelineTab({
  model,
  session,
  record,
  active,
  goTo,
}: {
  model: Model;
  session: Session;
  record: Source;
  active: boolean;
  goTo: Signal<number | null>;
}) {
  const range = useSignal<{ from: number; to: number } | null>(null);
  const held = active ? record.history.value : record.history.peek();
  // Nothing known of a page that is now out of reach is shown as current.
  const shows = session.stage.phase !== 'unreachable' || session.tab.closedAt !== null;
  return (
    <TimelineView
      source={record}
      active={active}
      goTo={goTo}
      label="Timeline"
      chips={TIMELINE_CHIPS}
      columns={timelineColumns}
      range={range.value}
      overview={
        shows && (
          <Lanes model={model} session={session} record={record} active={active} range={range} choose={(seq) => (goTo.value = seq)} />
        )
      }
      isProblem={hasFailed}
      status={(rows) => {
        // In one pass: there may be 100,000 rows.
        const counts = { uuid: 0, token: 0, failed: 0 };
        for (const { entry } of rows) {
          if (entry.kind === 'uuid' || entry.kind === 'token') counts[entry.kind] += 1;
          if (hasFailed(entry)) counts.failed += 1;
        }
        const first = held.entries[0]?.at;
        return (
          <>
            <span>{count(counts.uuid, 'UUID')}</span>
            <span>{count(counts.token, 'token')}</span>
            {counts.failed > 0 && <span class="bad-text">{counts.failed} failed</span>}
            <span class="spacer" />
            {first !== undefined && <span class="quiet">since {time(first)}</span>}
          </>
        );
      }}
      empty="No activity yet. Actions, SDK calls, requests, and changes of UUID, token and sign-in appear here."
    />
  );
}
