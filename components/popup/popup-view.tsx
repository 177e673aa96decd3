import './popup.css';
import { ConnectionLine, Sdk, SilenceLine, Site, State } from '../header/status';
import { WatchSwitch } from '../header/watch-switch';
import { StatusBar } from '../operations/status-bar';
import type { Model } from '../state/model';
import { Boundary } from '../ui/boundary';
import { SettingsLink } from '../ui/settings-link';
import { EmptyState, Limits, useShown } from './popup-parts';
import { PopupSession } from './popup-session';

/** The popup of the toolbar button: who the customer is, their token, and the actions. */
export function PopupView({ model }: { model: Model }) {
  const session = useShown(model.session.value);
  return (
    <div class="popup">
      <header class="popup-head">
        <h1 class="offscreen">Synerise session</h1>
        <State model={model} session={session} />
        <Site session={session} />
        <span class="spacer" />
        <WatchSwitch model={model} session={session} />
      </header>
      <ConnectionLine model={model} />
      <main>
        {session && <SilenceLine session={session} />}
        {session && <Limits session={session} view="popup" />}
        <EmptyState model={model} session={session} view="popup" />
        <Boundary>{session && <PopupSession model={model} session={session} sdk={<Sdk model={model} session={session} />} />}</Boundary>
        {!session && <Sdk model={model} session={session} />}
      </main>
      <StatusBar model={model} />
      <footer>
        <span class="quiet">Timeline and requests: F12 → Synerise</span>
        <span class="spacer" />
        <SettingsLink tab={model.tab} />
      </footer>
    </div>
  );
}
