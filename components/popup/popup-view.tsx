import { traitsOf } from '@/lib/sdk/dialects/names';
import { EmptyState } from '../header/empty-state';
import { AccessChip, ClientSelect, ConnectionLine, DialectLine, SilenceLine, Site, StateChip } from '../header/status';
import { WatchSwitch } from '../header/watch-switch';
import { ResultView } from '../operations/result';
import type { Model } from '../state/model';
import { later } from '../ui/later';

const Actions = later(async () => (await import('../operations/actions')).Actions);
const Limits = later(async () => (await import('../header/limits')).Limits);
const SessionCards = later(async () => (await import('../session/session-cards')).SessionCards);
const CookiesCard = later(async () => (await import('../session/cookies-card')).CookiesCard);

/** The toolbar button's popup. */
export function PopupView({ model }: { model: Model }) {
  // Show the session only once all of its components have loaded, so that they appear together.
  const session = Actions.settled.value && SessionCards.settled.value ? model.session.value : null;
  return (
    <div class="popup">
      <header class="bar">
        <h1 class="offscreen">Synerise session</h1>
        <Site session={session} />
        <span class="spacer" />
        <WatchSwitch model={model} session={session} />
        <AccessChip session={session} />
      </header>
      <ConnectionLine model={model} />
      <main class="main">
        <div class="line">
          <StateChip session={session} />
          <DialectLine session={session} />
          {session && <ClientSelect model={model} session={session} />}
        </div>
        {session && <SilenceLine session={session} />}
        {session && <Limits session={session} view="popup" />}
        <EmptyState model={model} session={session} view="popup" />
        {session && <SessionCards model={model} session={session} />}
        {session?.stage.phase === 'attached' && <Actions model={model} session={session} />}
        {session?.stage.phase === 'attached' && traitsOf(session.stage.client.dialect).onWeb && (
          <CookiesCard model={model} session={session} />
        )}
        <ResultView model={model} />
      </main>
      <footer class="quiet">More room: the Synerise panel in DevTools.</footer>
    </div>
  );
}
