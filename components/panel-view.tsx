import { EmptyState } from './empty-state';
import { later } from './later';
import type { Model } from './model';
import { ResultView } from './result';
import { AccessChip, BeyondLine, ClientSelect, ConnectionLine, DialectLine, SilenceLine, Site, StateChip } from './status';
import { WatchSwitch } from './watch-switch';

const Actions = later(async () => (await import('./actions')).Actions);
const SessionCards = later(async () => (await import('./session-cards')).SessionCards);
const Lanes = later(async () => (await import('./lanes')).Lanes);
const CookiesCard = later(async () => (await import('./cookies-card')).CookiesCard);

/** The DevTools panel. */
export function PanelView({ model }: { model: Model }) {
  // A session and what can be done with it show together.
  const session = Actions.settled.value && SessionCards.settled.value ? model.session.value : null;
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
        <div class="tabs" role="tablist" aria-label="Views">
          <button type="button" role="tab" id="tab-session" aria-selected="true" aria-controls="view-session">
            Session
          </button>
        </div>
        <ConnectionLine model={model} />
        <div class="main" role="tabpanel" id="view-session" aria-labelledby="tab-session">
          {session && <SilenceLine session={session} />}
          {session && <BeyondLine session={session} view="panel" />}
          <EmptyState model={model} session={session} view="panel" />
          {session && <Lanes model={model} session={session} />}
          {session?.stage.phase === 'attached' && (
            <div class="columns">
              <SessionCards model={model} session={session} />
            </div>
          )}
          {session?.stage.phase === 'attached' && <Actions model={model} session={session} />}
          {session?.stage.phase === 'attached' && session.stage.client.dialect === 'web' && <CookiesCard model={model} session={session} />}
          <ResultView model={model} />
        </div>
      </main>
    </div>
  );
}
