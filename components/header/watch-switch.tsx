import { useSignal } from '@preact/signals';
import type { Session } from '@/lib/session/session';
import { sitePattern } from '@/lib/settings/site-pattern';
import type { Model } from '../state/model';
import { Switch } from '../ui/parts';

const ABOUT = 'Inspect each page of this site from its first line. The browser asks for permission.';

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
  return (
    <Switch
      testid="watch-site"
      data-watch={asking.value ? 'asking' : undefined}
      on={watched}
      disabled={!can}
      title={can ? ABOUT : permission === null ? 'Here the browser cannot ask: use the toolbar button.' : 'No site to watch.'}
      toggle={toggle}
    >
      {asking.value ? 'The browser asks…' : 'Watch this site'}
    </Switch>
  );
}
