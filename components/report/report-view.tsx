/** An opened report: read-only, with this version's rules run on it again. */

import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { diagnose } from '@/lib/diagnostics/diagnose';
import type { Diagnosis } from '@/lib/diagnostics/diagnosis';
import type { Rule } from '@/lib/diagnostics/rule';
import { fieldsOf } from '@/lib/report/compare';
import { SECRET_KINDS } from '@/lib/report/secrecy';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { count } from '@/lib/text/count';
import { FieldValue } from '../diagnostics/field-value';
import { FindingList } from '../diagnostics/finding-list';
import { causeWords } from '../session/cause';
import { Jar } from '../session/cookies-card';
import { originWords } from '../session/token-words';
import { IDENTITY_WORDS } from '../state/words';
import { timelineColumns } from '../timeline/timeline-columns';
import { TIMELINE_CHIPS } from '../timeline/timeline-tab';
import { TimelineView } from '../timeline/timeline-view';
import { Card, Fact, Time } from '../ui/cards';
import { clock, fullTime } from '../ui/format';
import type { OpenedReport } from './report-source';
import { SECRET_WORDS, WAY_WORDS } from './report-words';

/** The most generations that are listed: only the latest ones. The timeline has all. */
const GENERATIONS = 200;

export function ReportView({
  opened,
  rules,
  trouble,
  active,
  close,
}: {
  opened: OpenedReport;
  /** Empty until loaded. */
  rules: readonly Rule[];
  /** Why the rules could not be loaded. */
  trouble: string | null;
  active: boolean;
  close(): void;
}) {
  const { name, report, subject } = opened;
  const { session, generations, sessions, requests } = report;
  const ours = useMemo<Diagnosis | null>(() => (rules.length ? diagnose(rules, subject) : null), [rules, subject]);
  const entry = useSignal<number | null>(null);
  const all = ours?.findings ?? report.findings;
  const findings = all.filter(({ rule }) => !report.muted.includes(rule));
  const muted = all.filter(({ rule }) => report.muted.includes(rule));
  const timeline = useRef<HTMLDivElement>(null);
  const go = (seq: number) => {
    entry.value = seq;
    timeline.current?.scrollIntoView();
  };
  const broken = ours ? ours.broken : report.broken;
  const gone = ours ? report.findings.filter(({ rule }) => ![...ours.findings.map((one) => one.rule), ...broken].includes(rule)) : [];
  const now = session.at;
  const { sdk, customer, token } = session;
  return (
    <div class="report-view" data-testid="report-view">
      <div class="note line" role="status">
        <strong>{name}</strong>
        <span class="quiet">
          {fullTime(Date.parse(report.createdAt))} · {report.by.name} {report.by.version} · read-only
        </span>
        <span class="spacer" />
        <button type="button" class="small" data-testid="report-close" onClick={close}>
          Close file
        </button>
      </div>
      <Card title="Session">
        <dl>
          <Fact name="Page" wide>
            <code>
              {session.origin ?? session.site ?? 'unknown'}
              {session.path}
            </code>
          </Fact>
          <Fact name="SDK">
            {sdk ? `${traitsOf(sdk.dialect).label} · ${sdk.place}${sdk.version === null ? '' : ` · ${sdk.version}`}` : 'none'}
          </Fact>
          <Fact name="Customer">{IDENTITY_WORDS[session.identity]}</Fact>
          <Fact name="UUID">
            <code>{customer?.uuid ?? 'unknown'}</code>
          </Fact>
          <Fact name="Token">
            {token ? (
              <>
                {originWords(token.origin)}
                {token.expiresAt !== null && (
                  <>
                    , expires <Time at={token.expiresAt}>{clock(token.expiresAt, now)}</Time>
                  </>
                )}
              </>
            ) : (
              'none'
            )}
          </Fact>
          <Fact name="Browser" wide>
            {report.browser || 'unknown'}
          </Fact>
          <Fact name="Secrets" wide>
            {SECRET_KINDS.map((kind) => `${SECRET_WORDS[kind].label}: ${WAY_WORDS[report.redaction[kind]].toLowerCase()}`).join(' · ')}
          </Fact>
          {report.muted.length > 0 && (
            <Fact name="Hidden checks" wide>
              {report.muted.join(', ')}
            </Fact>
          )}
          <Fact name="Contains" wide>
            {count(report.timeline.length, 'entry', 'entries')}, {count(sessions.length, 'session')},{' '}
            {count(generations.filter(({ what }) => what === 'uuid').length, 'UUID')}, {count(requests.length, 'request')} (with bodies)
          </Fact>
        </dl>
      </Card>
      <Card title="Issues">
        {findings.length > 0 && <FindingList findings={findings} now={now} entries={report.timeline} go={go} />}
        {ours === null && (
          <p class="quiet">
            {trouble === null ? 'Loading checks…' : trouble}
            {findings.length > 0 && ' Showing the issues from the report.'}
          </p>
        )}
        {ours && findings.length === 0 && <p class="quiet">No {muted.length > 0 ? 'other ' : ''}issues found by this version.</p>}
        {muted.length > 0 && (
          <details data-testid="report-muted">
            <summary>{count(muted.length, 'hidden issue')}</summary>
            <FindingList findings={muted} now={now} entries={report.timeline} go={go} />
          </details>
        )}
        {broken.length > 0 && <p class="error-text">Checks that failed (inspector bug): {broken.join(', ')}.</p>}
        {gone.length > 0 && <p class="quiet">Only in the original report: {gone.map(({ title }) => title).join('; ')}.</p>}
      </Card>
      <State opened={opened} />
      {generations.length > 0 && (
        <Card title="UUIDs and tokens">
          {generations.length > GENERATIONS && (
            <p class="quiet">
              Latest {GENERATIONS} of {generations.length.toLocaleString('en')}
            </p>
          )}
          <ul class="generations">
            {generations.slice(-GENERATIONS).map(({ seq, what, value, from, cause }) => (
              <li key={seq}>
                <Time at={from}>{clock(from, now)}</Time> {what === 'uuid' ? 'UUID' : 'Token'} <code>{value === '' ? 'none' : value}</code>{' '}
                <span class="quiet">{causeWords(cause)}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <div ref={timeline}>
        <TimelineView
          source={opened}
          active={active}
          goTo={entry}
          label="Report timeline"
          chips={TIMELINE_CHIPS}
          columns={timelineColumns}
          testid="report-timeline"
          empty="No entries"
        />
      </div>
    </div>
  );
}

/** Everything known about the session when the report was made, field by field. */
function State({ opened: { report, subject } }: { opened: OpenedReport }) {
  const groups = useMemo(() => {
    const byGroup = new Map<string, [string, string][]>();
    for (const [field, value] of fieldsOf(subject).values) {
      const [group = '', name = ''] = field.split(/: (.*)/s);
      if (group !== 'Page' && group !== 'SDK') byGroup.set(group, [...(byGroup.get(group) ?? []), [name, value]]);
    }
    return byGroup;
  }, [subject]);
  const { jar, at, clients, strays } = report.session;
  return (
    <Card title="Snapshot">
      {clients.length > 1 && (
        <p class="quiet">
          {clients.length} SDKs in the tab:{' '}
          {clients.map(({ dialect, place, path }) => `${traitsOf(dialect).label} · ${place} on ${path}`).join('; ')}
        </p>
      )}
      {strays.length > 0 && <p class="quiet">Registered but unused: {strays.join(', ')}</p>}
      {[...groups].map(([group, fields]) => (
        <details key={group} data-testid="report-group">
          <summary>
            {group} <span class="quiet">({fields.length})</span>
          </summary>
          <dl>
            {fields.map(([name, value]) => (
              <div class="fact" key={name}>
                <dt>{name}</dt>
                <dd>
                  {value === '' ? <span class="quiet">empty</span> : <FieldValue field={`${group}: ${name}`} value={value} now={at} />}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
      {jar && <Jar jar={jar} now={at} />}
    </Card>
  );
}
