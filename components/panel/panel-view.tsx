import { type Signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Diagnosis } from '@/lib/diagnostics/diagnosis';
import type { Session } from '@/lib/session/session';
import type { Watched } from '../diagnostics/case-now';
import { createDiagnoser } from '../diagnostics/diagnosis';
import { SEVERITY_WORDS } from '../diagnostics/finding-list';
import { EmptyState } from '../header/empty-state';
import { AccessChip, ClientSelect, ConnectionLine, DialectLine, SilenceLine, Site, StateChip } from '../header/status';
import { WatchSwitch } from '../header/watch-switch';
import { ResultView } from '../operations/result';
import type { ReportBy } from '../report/report-maker';
import type { Model } from '../state/model';
import type { Source, TabRecord } from '../state/record';
import { later } from '../ui/later';
import { Tabs } from '../ui/tabs';

const Actions = later(async () => (await import('../operations/actions')).Actions);
const SessionCards = later(async () => (await import('../session/session-cards')).SessionCards);
const Limits = later(async () => (await import('../header/limits')).Limits);
const Lanes = later(async () => (await import('../session/lanes')).Lanes);
const TimelineView = later(async () => (await import('../timeline/timeline-view')).TimelineView);
const AccountView = later(async () => (await import('../account/account-view')).AccountView);

const NetworkView = later(async () => (await import('../network/network-view')).NetworkView);
const StorageView = later(async () => (await import('../storage/storage-view')).StorageView);

const DiagnosticsView = later(async () => (await import('../diagnostics/diagnostics-view')).DiagnosticsView);

type TabName = 'session' | 'timeline' | 'network' | 'storage' | 'account' | 'diagnostics';

/** The DevTools panel. */
export function PanelView({ model, record, by }: { model: Model; record: TabRecord; by: ReportBy }) {
  // Show the session only once all of its components have loaded, so that they appear together.
  const session = Actions.settled.value && SessionCards.settled.value ? model.session.value : null;
  const tab = useSignal<TabName>('session');
  const entry = useSignal<number | null>(null);
  const watched: Watched = { session: model.session, record, seenCookies: model.seenCookies };
  const diagnoser = useMemo(() => createDiagnoser(watched), [model, record]);
  return (
    <div class="panel">
      <header class="bar">
        <h1 class="offscreen">Synerise session</h1>
        <StateChip session={session} />
        <DialectLine session={session} />
        {session && <ClientSelect model={model} session={session} />}
        <span class="spacer" />
        <WatchSwitch model={model} session={session} />
        <Site session={session} />
        <AccessChip session={session} />
      </header>
      <main>
        <Tabs<TabName>
          label="Views"
          chosen={tab}
          tabs={[
            {
              name: 'session',
              label: 'Session',
              content: session && <SessionTab model={model} session={session} record={record} active={tab.value === 'session'} />,
            },
            {
              name: 'timeline',
              label: 'Timeline',
              content: session && <TimelineTab model={model} record={record} active={tab.value === 'timeline'} goTo={entry} />,
            },
            // Available on unreachable pages too, because a recording can be opened on any page.
            {
              name: 'network',
              label: 'Network',
              content: <NetworkView model={model} record={record} version={by.version} active={tab.value === 'network'} />,
            },
            {
              name: 'storage',
              label: 'Storage',
              content: session && <StorageView model={model} session={session} record={record} active={tab.value === 'storage'} />,
            },
            {
              name: 'account',
              label: 'Account',
              content: session?.stage.phase === 'attached' && <AccountView model={model} session={session} />,
            },
            {
              name: 'diagnostics',
              label: 'Diagnostics',
              badge: badgeOf(diagnoser.diagnosis.value, model.session.value?.policy.muted ?? []),
              content: (
                <DiagnosticsView
                  model={model}
                  record={record}
                  diagnoser={diagnoser}
                  watched={watched}
                  by={by}
                  active={tab.value === 'diagnostics'}
                  go={(seq) => {
                    entry.value = seq;
                    tab.value = 'timeline';
                  }}
                />
              ),
            },
          ]}
          between={
            <>
              <ConnectionLine model={model} />
              {/* The reasons why there is nothing to show are the same on every tab. */}
              <div class="main between">
                {session && <SilenceLine session={session} />}
                {session && <Limits session={session} view="panel" />}
                <EmptyState model={model} session={session} view="panel" />
              </div>
            </>
          }
        />
        <div class="main last">
          <ResultView model={model} />
        </div>
      </main>
    </div>
  );
}

/** The number of findings, in the color of the worst one. */
function badgeOf(diagnosis: Diagnosis | null, muted: readonly string[]) {
  const found = diagnosis?.findings.filter(({ rule }) => !muted.includes(rule)) ?? [];
  const [worst] = found;
  if (!worst) return null;
  const { label, tone } = SEVERITY_WORDS[worst.severity];
  return {
    text: String(found.length),
    tone,
    title: `${found.length} ${found.length === 1 ? 'finding' : 'findings'}, the worst: ${label.toLowerCase()}`,
  };
}

function TimelineTab({ model, record, active, goTo }: { model: Model; record: Source; active: boolean; goTo: Signal<number | null> }) {
  return (
    <TimelineView
      source={record}
      active={active}
      now={model.now.value}
      goTo={goTo}
      label="Timeline"
      empty="Nothing happened yet. Operations, calls of the page and their requests, new UUIDs and tokens, sign-ins, storage and navigation show here as they come."
    />
  );
}

function SessionTab({ model, session, record, active }: { model: Model; session: Session; record: Source; active: boolean }) {
  const isAttached = session.stage.phase === 'attached';
  return (
    <>
      {/* Not for an unreachable page, whose session may be out of date. */}
      {(session.stage.phase !== 'unreachable' || session.tab.closedAt !== null) && (
        <Lanes model={model} session={session} record={record} active={active} />
      )}
      <div class="columns">
        <SessionCards model={model} session={session} />
      </div>
      {isAttached && <Actions model={model} session={session} />}
    </>
  );
}
