import { useMemo } from 'preact/hooks';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Source } from '../state/record';
import { type Column, DataTable } from '../ui/data-table';
import { fullTime, time } from '../ui/format';
import { TokenIcon, UuidIcon } from '../ui/kind-icons';
import { CauseCell } from './cause';
import { originWords } from './token-words';

type Generation = Extract<HistoryEntry, { kind: 'uuid' | 'token' }>;

const COLUMNS: readonly Column<Generation>[] = [
  { id: 'time', label: 'Time', width: 92, cell: ({ at }) => <span title={fullTime(at)}>{time(at)}</span> },
  {
    id: 'what',
    label: 'What',
    width: 72,
    cell: ({ kind }) =>
      kind === 'uuid' ? (
        <>
          <UuidIcon />
          UUID
        </>
      ) : (
        <>
          <TokenIcon />
          Token
        </>
      ),
  },
  {
    id: 'value',
    label: 'New value',
    width: 90,
    grows: true,
    cell: (entry) =>
      entry.kind === 'uuid' ? (
        <code title={entry.uuid}>{entry.uuid}</code>
      ) : entry.fingerprint === '' ? (
        <span class="quiet">none</span>
      ) : (
        originWords(entry.origin)
      ),
  },
  { id: 'cause', label: 'Cause', width: 110, grows: true, cell: ({ cause }) => <CauseCell cause={cause} /> },
];

/** The UUIDs and tokens of a tab's `nth` session, newest first. @param go shows an entry in the timeline */
export function HistoryPane({ nth, record, active, go }: { nth: number; record: Source; active: boolean; go(seq: number): void }) {
  // Catches up once it is visible.
  const held = active ? record.history.value : record.history.peek();
  const rows = useMemo(
    () => held.entries.filter((one): one is Generation => one.nth === nth && (one.kind === 'uuid' || one.kind === 'token')).reverse(),
    [held, nth],
  );
  return (
    <section class="history-pane" aria-label="History">
      <header class="strip">
        <h2>History</h2>
        <button type="button" class="link" disabled={!rows.length} onClick={() => go(rows[0]?.seq ?? 0)}>
          Show in Timeline
        </button>
      </header>
      <DataTable
        label="History"
        testid="history"
        rows={rows}
        columns={COLUMNS}
        keyOf={({ seq }) => seq}
        look={({ kind, seq, cause }) => ({ data: { 'data-kind': kind, 'data-seq': String(seq), 'data-cause': cause.kind } })}
        selected={null}
        select={(seq) => seq !== null && go(Number(seq))}
        empty="No UUID or token seen yet."
      />
    </section>
  );
}
