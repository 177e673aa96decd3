/** Compares two moments of this session, another tab or a report file side by side, differences first. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { type Case, factsOf } from '@/lib/diagnostics/case';
import { maskSecrets } from '@/lib/network/secrets';
import { compare, type Difference, type Fields, fieldsAt, fieldsOf } from '@/lib/report/compare';
import { NO_SECRECY, type Secrecy, type SecretKind, untold } from '@/lib/report/secrecy';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Session } from '@/lib/session/session';
import { count as counted } from '@/lib/text/count';
import type { OpenedReport } from '../report/report-source';
import { SECRET_WORDS } from '../report/report-words';
import { summaryOf } from '../timeline/entry-words';
import { Card } from '../ui/cards';
import { clock } from '../ui/format';
import { FieldValue } from './field-value';

/** One side of a comparison. */
interface Side {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly secrecy: Secrecy;
  fields(): Fields;
}

/** The most moments that are offered, latest first. */
const MOMENTS = 100;
const isMoment = ({ kind }: HistoryEntry) => kind === 'uuid' || kind === 'token' || kind === 'identity' || kind === 'document';

function momentsOf(entries: readonly HistoryEntry[], now: number): Side[] {
  const latest: HistoryEntry[] = [];
  for (let at = entries.length - 1; at >= 0 && latest.length < MOMENTS; at -= 1) {
    const entry = entries[at];
    if (entry && isMoment(entry)) latest.push(entry);
  }
  return latest.map((entry) => ({
    id: `entry ${entry.seq}`,
    group: 'History of this tab',
    label: `#${entry.seq} ${clock(entry.at, now)} · ${summaryOf(entry)}`.slice(0, 100),
    secrecy: NO_SECRECY,
    fields: () => fieldsAt(entries, entry),
  }));
}

export function CheckCompare({
  now,
  live,
  entries,
  others,
  reports,
  ask,
  active,
}: {
  now: number;
  /** This tab's current state; `null` while there is none. */
  live: (() => Case) | null;
  entries: readonly HistoryEntry[];
  others: readonly Session[];
  reports: readonly OpenedReport[];
  /** Requests the sessions of the other tabs. */
  ask(): void;
  /** Whether the view is visible; otherwise the moments aren't updated. */
  active: boolean;
}) {
  const moments = useRef<readonly Side[]>([]);
  if (active) moments.current = momentsOf(entries, now);
  const sides: readonly Side[] = [
    ...(live === null
      ? []
      : [{ id: 'now', group: 'This tab', label: 'This tab, now', secrecy: NO_SECRECY, fields: () => fieldsOf(live()) }]),
    ...reports.map(
      ({ name, report, subject }): Side => ({
        id: `report ${name} ${report.createdAt}`,
        group: 'Reports',
        label: name,
        secrecy: report,
        fields: () => fieldsOf(subject),
      }),
    ),
    ...others.map(
      (session): Side => ({
        id: `tab ${session.tab.id}`,
        group: 'Other tabs',
        // A URL may contain a token.
        label: maskSecrets(
          `Tab ${session.tab.id}${session.tab.closedAt === null ? '' : ' (closed)'}: ${session.visit.origin ?? session.tab.site ?? ''}${session.page.path}`,
        ).slice(0, 100),
        secrecy: NO_SECRECY,
        fields: () => fieldsOf({ ...factsOf(session, Date.now(), []), entries: [], detailOf: () => null }),
      }),
    ),
    ...moments.current,
  ];
  const left = useSignal('');
  const right = useSignal('now');
  const shown = useSignal<Shown | null>(null);
  const [one, other] = [left.value, right.value].map((id) => sides.find((side) => side.id === id));
  // Once a report is closed, nothing of it stays.
  const isGone = (shown.value?.ids ?? []).some((id) => id.startsWith('report ') && !sides.some((side) => side.id === id));
  const show = () => {
    if (!one || !other) return;
    const secret = untold(one.secrecy, other.secrecy);
    shown.value = {
      rows: compare(one.fields(), other.fields(), secret),
      ids: [one.id, other.id],
      left: one.label,
      right: other.label,
      secret,
    };
  };
  return (
    <Card title="Compare">
      <p class="quiet">Compare two points in time, tabs or imported reports.</p>
      <div class="sides">
        <Choice id="compare-left" label="Left" sides={sides} value={left.value} choose={(id) => (left.value = id)} ask={ask} />
        <Choice id="compare-right" label="Right" sides={sides} value={right.value} choose={(id) => (right.value = id)} ask={ask} />
      </div>
      <div>
        <button type="button" class="primary" data-testid="compare" disabled={!one || !other || one === other} onClick={show}>
          Compare
        </button>
      </div>
      {shown.value && !isGone && <Differences {...shown.value} now={now} />}
    </Card>
  );
}

function Choice({
  id,
  label,
  sides,
  value,
  choose,
  ask,
}: {
  id: string;
  label: string;
  sides: readonly Side[];
  value: string;
  choose(id: string): void;
  ask(): void;
}) {
  const groups = [...new Set(sides.map(({ group }) => group))];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} data-testid={id} value={value} onFocus={ask} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <option value="">choose…</option>
        {groups.map((group) => (
          <optgroup key={group} label={group}>
            {sides
              .filter((side) => side.group === group)
              .map((side) => (
                <option key={side.id} value={side.id}>
                  {side.label}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}

interface Shown {
  readonly ids: readonly string[];
  readonly rows: readonly Difference[];
  readonly left: string;
  readonly right: string;
  /** Kinds of secrets that can't be compared because of how the sides were redacted, whatever the rows show. */
  readonly secret: readonly SecretKind[];
}

function Differences({ rows, left, right, secret, now }: Shown & { now: number }) {
  const count = (state: Difference['state']) => rows.filter((row) => row.state === state).length;
  const unsaid = count('unknown');
  return (
    <>
      <p role="status">
        {count('differs') === 0 ? 'Identical' : counted(count('differs'), 'difference')}, {count('same')} equal
        {unsaid > 0 && `, ${unsaid} unknown`}
      </p>
      {secret.length > 0 && (
        <p class="warn-text" data-testid="untold">
          Can’t compare: {secret.map((kind) => SECRET_WORDS[kind].label).join(', ')} (removed, or pseudonymized differently).
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions need keyboard access (axe scrollable-region-focusable) */}
      <section class="scrolls" tabIndex={0} aria-label="Both sides, field by field">
        <table class="differences" data-testid="differences">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">{left}</th>
              <th scope="col">{right}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, left: one, right: other, state }) => (
              <tr key={field} data-state={state}>
                <th scope="row">{field}</th>
                {[one, other].map((value, side) => (
                  <td key={side}>
                    {value === null ? (
                      <span class="quiet">{state === 'unknown' ? 'unknown' : 'none'}</span>
                    ) : (
                      <FieldValue field={field} value={value} now={now} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
