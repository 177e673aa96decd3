import { useSignal } from '@preact/signals';
import type { Session } from '@/lib/session/session';
import { sitePattern } from '@/lib/settings/site-pattern';
import type { Model } from '../state/model';
import { ACCESS_WORDS } from '../state/words';
import { Switch } from '../ui/parts';

/** ≤ 90 characters. */
const ABOUT = 'Keep recording this site when DevTools is closed. The browser asks for permission.';

/** Shows whether the site is watched, and changes it. */
export function WatchSwitch({ model, session }: { model: Model; session: Session | null }) {
  const asking = useSignal(false);
  const { permission } = model;
  const site = session?.tab.site ?? null;
  const watched = session?.tab.access === 'watched';
  const can = permission !== null && site !== null && sitePattern(site) !== null;
  const toggle = () => {
    if (!can || asking.value) return;
    // Must come first: the browser accepts a permission request only within the click's handler.
    const answer = watched ? permission.drop(site) : permission.ask(site);
    asking.value = true;
    void answer
      .catch(() => undefined)
      .finally(() => {
        asking.value = false;
      });
  };
  // Needs no permission, and records from the first line on.
  if (session?.tab.access === 'connected')
    return (
      <span data-testid="access" data-access="connected" class="quiet" title={ACCESS_WORDS.connected}>
        {session.stage.phase === 'unreachable' ? 'Not connected' : 'Connected'}
      </span>
    );
  return (
    <span data-testid="access" data-access={session?.tab.access ?? 'none'} title={ACCESS_WORDS[session?.tab.access ?? 'none']}>
      <Switch
        testid="watch-site"
        data-watch={asking.value ? 'asking' : undefined}
        on={watched}
        disabled={!can}
        title={
          can ? ABOUT : permission === null ? 'This browser can’t ask for permission here. Use the toolbar popup.' : 'No site to watch'
        }
        toggle={toggle}
      >
        {asking.value ? 'Waiting for permission…' : 'Watch site'}
      </Switch>
    </span>
  );
}
