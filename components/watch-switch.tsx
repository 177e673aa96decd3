import { useSignal } from '@preact/signals';
import type { Session } from '@/lib/session/session';
import { sitePattern } from '@/lib/site-pattern';
import type { Model } from './model';
import { Switch } from './parts';

const ABOUT =
  'Lets the inspector look at this site without a click, on every port and in its frames, from the first line of each page on, look after its token with no view open, and read its cookies with their flags. The browser asks you first; take it back here or in its own settings.';

/** Whether the site is watched, and the way to change it. */
export function WatchSwitch({ model, session }: { model: Model; session: Session | null }) {
  const asking = useSignal(false);
  const { permission } = model;
  const site = session?.site ?? null;
  const watched = session?.access === 'watched';
  const can = permission !== null && site !== null && sitePattern(site) !== null;
  const toggle = () => {
    if (!can || asking.value) return;
    // First of all: the browser takes a request only from the click itself.
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
      title={
        can
          ? ABOUT
          : permission === null
            ? 'Here the browser lets nobody ask: use the popup of the toolbar button.'
            : 'There is no site to watch.'
      }
      toggle={toggle}
    >
      {asking.value ? 'The browser asks…' : 'Watch this site'}
    </Switch>
  );
}
