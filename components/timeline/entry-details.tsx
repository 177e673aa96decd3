import type { HistoryEntry } from '@/lib/session/history/history';
import { CauseCell } from '../session/cause';
import { originWords } from '../session/token-words';
import { Fact, Time } from '../ui/cards';
import { about, clock, exactTime, took } from '../ui/format';
import { CopyIconButton } from '../ui/parts';
import { entryName, runBy } from './entry-words';
import { entryDetails, entryStatus } from './timeline-columns';

type Uuid = Extract<HistoryEntry, { kind: 'uuid' }>;
type Token = Extract<HistoryEntry, { kind: 'token' }>;

/** What an entry was, when and why; of a change, what was before. With links to the earlier and later one of its kind. */
export function EntryDetails({
  entry,
  entries,
  select,
}: {
  entry: HistoryEntry;
  entries: readonly HistoryEntry[];
  select(seq: number): void;
}) {
  const kin = entries.filter(({ kind, nth }) => kind === entry.kind && nth === entry.nth);
  const at = kin.indexOf(entry);
  const step = (to: number, label: string) => {
    const other = kin[to];
    return (
      <button type="button" class="link" disabled={!other} onClick={() => other && select(other.seq)}>
        {label}
      </button>
    );
  };
  const status = entryStatus(entry);
  const next = kin[at + 1];
  return (
    <div class="generation-details" data-testid="generation-details" data-kind={entry.kind}>
      <dl>
        <Fact name="What">
          <strong>{entry.kind === 'uuid' || entry.kind === 'token' ? `${entryName(entry)} changed` : entryName(entry)}</strong>{' '}
          <span class="quiet">
            {at + 1} of {kin.length}
          </span>{' '}
          {step(at - 1, 'Earlier')} {step(at + 1, 'Later')}
        </Fact>
        <Fact name="When">
          <Time at={entry.at}>{exactTime(entry.at)}</Time>
          {(entry.kind === 'uuid' || entry.kind === 'token') && (
            <span class="quiet">
              {next ? ` until ${clock(next.at, entry.at)}` : ''}
              {entry.after < entry.at && ` · up to ${about(entry.at - entry.after)} earlier: not observed in between`}
            </span>
          )}
        </Fact>
        {'endedAt' in entry && entry.endedAt !== null && entry.kind !== 'request' && (
          <Fact name="Duration">{took(entry.endedAt - entry.at)}</Fact>
        )}
        {status !== '' && entry.kind !== 'request' && <Fact name="Status">{status}</Fact>}
        {entry.kind !== 'uuid' && entry.kind !== 'token' && entry.kind !== 'request' && entryDetails(entry) !== '' && (
          <Fact name={entry.kind === 'identity' ? 'Change' : 'Details'}>{entryDetails(entry)}</Fact>
        )}
        {entry.kind === 'operation' && <Fact name="Initiator">{runBy(entry)}</Fact>}
        {'cause' in entry && (
          <Fact name="Cause">
            <CauseCell cause={entry.cause} />
          </Fact>
        )}
      </dl>
      {entry.kind === 'uuid' && <Change before={kin[at - 1]} after={entry} text={(one) => (one as Uuid).uuid} />}
      {entry.kind === 'token' && <Change before={kin[at - 1]} after={entry} text={(one) => tokenText(one as Token)} />}
      {'cause' in entry && entry.cause.evidence.length > 0 && (
        <>
          <h3>Why</h3>
          <ul class="why">
            {entry.cause.evidence.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

const tokenText = ({ fingerprint, origin, createdAt, expiresAt, at }: Token): string =>
  fingerprint === ''
    ? 'none'
    : [
        originWords(origin),
        createdAt !== null && `issued ${exactTime(createdAt)}`,
        expiresAt !== null && `expires ${clock(expiresAt, at)}`,
        `#${fingerprint.slice(0, 6)}`,
      ]
        .filter(Boolean)
        .join(', ');

function Change({ before, after, text }: { before: HistoryEntry | undefined; after: HistoryEntry; text(entry: HistoryEntry): string }) {
  return (
    <>
      <h3>Before → after</h3>
      <div class="diff">
        {before && (
          <div class="before">
            <span>−</span> <code data-testid="value-before">{text(before)}</code>
          </div>
        )}
        <div class="after">
          <span>+</span> <code data-testid="value-after">{text(after)}</code>
          <CopyIconButton what="new value" text={() => text(after)} />
        </div>
      </div>
    </>
  );
}
