/** An opened report: read-only, with this version's rules run on it again. */
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { diagnose } from '@/lib/diagnostics/diagnose';
import type { Diagnosis } from '@/lib/diagnostics/diagnosis';
import type { Rule } from '@/lib/diagnostics/rule';
import { fieldsOf } from '@/lib/report/compare';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { count } from '@/lib/text/count';
import { FindingList } from '../diagnostics/finding-list';
import { causeWords } from '../session/cause';
import { Jar } from '../session/cookies-card';
import { IDENTITY_WORDS } from '../state/words';
import { TimelineView } from '../timeline/timeline-view';
import { clock } from '../ui/format';
import { Card, Fact, Time } from '../ui/parts';
import type { OpenedReport } from './report-source';
import { WAY_WORDS } from './report-words';

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
          a report of {new Date(report.createdAt).toLocaleString('en-GB')} by {report.by.name} {report.by.version} · read-only
        </span>
        <span class="spacer" />
        <button type="button" class="small" data-testid="report-close" onClick={close}>
          Back to this tab
        </button>
      </div>
      <Card title="Session">
        <dl>
          <Fact name="Page" wide>
            <code>
              {session.origin ?? session.site ?? 'not known'}
              {session.path}
            </code>
          </Fact>
          <Fact name="SDK">
            {sdk ? `${traitsOf(sdk.dialect).label} · ${sdk.place}${sdk.version === null ? '' : ` · ${sdk.version}`}` : 'none'}
          </Fact>
          <Fact name="Customer">{IDENTITY_WORDS[session.identity]}</Fact>
          <Fact name="UUID">
            <code>{customer?.uuid ?? 'not known'}</code>
          </Fact>
          <Fact name="Token">
            {token ? (
              <>
                {token.origin ?? "the site's own"}
                {token.expiresAt !== null && (
                  <>
                    , ends <Time at={token.expiresAt}>{clock(token.expiresAt, now)}</Time>
                  </>
                )}
              </>
            ) : (
              'none'
            )}
          </Fact>
          <Fact name="Browser" wide>
            {report.browser || 'not told'}
          </Fact>
          <Fact name="Secrets" wide>
            tokens {WAY_WORDS[report.redaction.tokens]}, personal data {WAY_WORDS[report.redaction.personal]}, UUIDs{' '}
            {WAY_WORDS[report.redaction.ids]}
          </Fact>
          {report.muted.length > 0 && (
            <Fact name="Muted there" wide>
              {report.muted.join(', ')}
            </Fact>
          )}
          <Fact name="Holds" wide>
            {count(report.timeline.length, 'entry', 'entries')} of {count(sessions.length, 'session')},{' '}
            {count(generations.filter(({ what }) => what === 'uuid').length, 'UUID')}, {count(requests.length, 'request')} with what was
            sent and answered
          </Fact>
        </dl>
      </Card>
      <Card title="Findings">
        {findings.length > 0 && <FindingList findings={findings} go={go} mute={null} />}
        {ours === null && (
          <p class="quiet">
            {trouble === null ? 'The rules of this version are being loaded.' : trouble}
            {findings.length > 0 && ' These are the findings that stand in the report.'}
          </p>
        )}
        {ours && findings.length === 0 && (
          <p class="quiet">The rules of this version find nothing {muted.length > 0 ? 'else ' : ''}wrong.</p>
        )}
        {muted.length > 0 && (
          <details data-testid="report-muted">
            <summary>{count(muted.length, 'finding')} of rules that are muted there</summary>
            <FindingList findings={muted} go={go} mute={null} />
          </details>
        )}
        {broken.length > 0 && <p class="error-text">These rules failed, which is a fault of the inspector: {broken.join(', ')}.</p>}
        {gone.length > 0 && (
          <p class="quiet">The report had more, which this version does not find: {gone.map(({ title }) => title).join('; ')}.</p>
        )}
      </Card>
      <State opened={opened} />
      {generations.length > 0 && (
        <Card title="UUIDs and tokens">
          {generations.length > GENERATIONS && (
            <p class="quiet">
              The latest {GENERATIONS} of {generations.length.toLocaleString('en')}.
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
          now={now}
          goTo={entry}
          label="Timeline of the report"
          testid="report-timeline"
          empty="The report has no entries."
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
    <Card title="As it stood then">
      {clients.length > 1 && (
        <p class="quiet">
          {clients.length} SDKs in the tab:{' '}
          {clients.map(({ dialect, place, path }) => `${traitsOf(dialect).label} · ${place} on ${path}`).join('; ')}
        </p>
      )}
      {strays.length > 0 && <p class="quiet">Handed over and not used: {strays.join(', ')}</p>}
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
                  <code>{value === '' ? <span class="quiet">empty</span> : value}</code>
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
