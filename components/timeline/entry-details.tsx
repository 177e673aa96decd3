import type { HistoryEntry } from '@/lib/session/history/history';
import { CauseLine } from '../session/cause';
import { IDENTITY_WORDS, VERDICT_WORDS } from '../state/words';
import { about, clock, took } from '../ui/format';
import { Time } from '../ui/parts';
import { labelOf } from './entry-words';

/** The selected entry, with links to the previous and next one of its kind. */
export function EntryDetails({
  entry,
  entries,
  now,
  closed,
  select,
}: {
  entry: HistoryEntry;
  entries: readonly HistoryEntry[];
  now: number;
  closed: number | null;
  select(seq: number): void;
}) {
  const kin = entries.filter(({ kind }) => kind === entry.kind);
  const at = kin.indexOf(entry);
  const step = (to: number, label: string) => {
    const other = kin[to];
    return (
      <button type="button" class="small" disabled={!other} onClick={() => other && select(other.seq)}>
        {label}
      </button>
    );
  };
  const next = kin[at + 1];
  return (
    <div class="generation-details" data-testid="generation-details" data-kind={entry.kind}>
      <div class="line">
        <strong>{labelOf(entry)}</strong>
        <span class="quiet">
          {at + 1} of {kin.length}
        </span>
        <span class="spacer" />
        {step(at - 1, 'Earlier')}
        {step(at + 1, 'Later')}
      </div>
      <p class="quiet">
        <Time at={entry.at}>{clock(entry.at, now)}</Time>
        {(entry.kind === 'uuid' || entry.kind === 'token') && (
          <>
            {next ? (
              <>
                {' to '}
                <Time at={next.at}>{clock(next.at, now)}</Time>
              </>
            ) : closed === null ? (
              ' until now'
            ) : (
              ` to ${clock(closed, now)}`
            )}
            {entry.after < entry.at && ` · it may have begun up to ${about(entry.at - entry.after)} earlier: nobody looked meanwhile`}
          </>
        )}
        {entry.kind === 'token' && entry.expiresAt !== null && (
          <>
            {' · expires '}
            <Time at={entry.expiresAt}>{clock(entry.expiresAt, now)}</Time>
          </>
        )}
        {entry.kind === 'operation' &&
          ` · ${entry.by === 'alarm' ? 'run by the alarm' : 'run here'} · ${VERDICT_WORDS[entry.verdict].label} after ${took(entry.endedAt - entry.at)}`}
        {entry.kind === 'call' &&
          ` · called by the page${entry.ok === false ? ', failed' : entry.ok ? ', succeeded' : ''}${entry.endedAt === null ? '' : ` · ${took(entry.endedAt - entry.at)}`}`}
        {entry.kind === 'identity' &&
          ` · ${IDENTITY_WORDS[entry.before]} before${entry.reason === null ? '' : ` · ${entry.reason}, says the SDK`}`}
      </p>
      {'cause' in entry && <CauseLine cause={entry.cause} />}
    </div>
  );
}
