import { useSignal } from '@preact/signals';
import type { Session } from '@/lib/session/session';
import { EmptyState } from './empty-state';
import { later } from './later';
import type { Model } from './model';
import type { Source } from './record';
import { ResultView } from './result';
import { AccessChip, BeyondLine, ClientSelect, ConnectionLine, DialectLine, SilenceLine, Site, StateChip } from './status';
import { Tabs } from './tabs';
import { WatchSwitch } from './watch-switch';

const Actions = later(async () => (await import('./actions')).Actions);
const SessionCards = later(async () => (await import('./session-cards')).SessionCards);
const Lanes = later(async () => (await import('./lanes')).Lanes);
const TimelineView = later(async () => (await import('./timeline-view')).TimelineView);
const AccountView = later(async () => (await import('./account-view')).AccountView);

const NetworkView = later(async () => (await import('./network-view')).NetworkView);
const StorageView = later(async () => (await import('./storage-view')).StorageView);

type TabName = 'session' | 'timeline' | 'network' | 'storage' | 'account';

/** The DevTools panel. */
export function PanelView({
  model,
  record,
  version,
}: {
  model: Model;
  record: Source;
  /** Of the extension. */
  version: string;
}) {
  // A session and what can be done with it show together.
  const session = Actions.settled.value && SessionCards.settled.value ? model.session.value : null;
  const tab = useSignal<TabName>('session');
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
              content: session && <TimelineTab model={model} record={record} active={tab.value === 'timeline'} />,
            },
            // A recording opens on any page, also on one that cannot be reached.
            {
              name: 'network',
              label: 'Network',
              content: <NetworkView model={model} record={record} version={version} active={tab.value === 'network'} />,
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
          ]}
          between={
            <>
              <ConnectionLine model={model} />
              {/* What keeps a view from showing anything is the same on every tab. */}
              <div class="main between">
                {session && <SilenceLine session={session} />}
                {session && <BeyondLine session={session} view="panel" />}
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

function TimelineTab({ model, record, active }: { model: Model; record: Source; active: boolean }) {
  return (
    <TimelineView
      source={record}
      active={active}
      now={model.now.value}
      label="Timeline"
      empty="Nothing happened yet. Operations, calls of the page and their requests, new UUIDs and tokens, sign-ins, storage and navigation show here as they come."
    />
  );
}

function SessionTab({ model, session, record, active }: { model: Model; session: Session; record: Source; active: boolean }) {
  const isAttached = session.stage.phase === 'attached';
  return (
    <>
      <Lanes model={model} session={session} record={record} active={active} />
      {isAttached && (
        <div class="columns">
          <SessionCards model={model} session={session} />
        </div>
      )}
      {isAttached && <Actions model={model} session={session} />}
    </>
  );
}
