import { useSignal } from '@preact/signals';
import type { Session } from '@/lib/session/session';
import { sitePattern } from '@/lib/site-pattern';
import type { Model } from './model';

const ABOUT =
  'Lets the inspector look at this site without a click, on every port and in its frames, and read its cookies with their flags. The browser asks you first; take it back here or in its own settings.';

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
    <button
      type="button"
      role="switch"
      class="switch"
      data-testid="watch-site"
      data-watch={asking.value ? 'asking' : undefined}
      aria-checked={watched}
      aria-disabled={!can}
      title={
        can
          ? ABOUT
          : permission === null
            ? 'Here the browser lets nobody ask: use the popup of the toolbar button.'
            : 'There is no site to watch.'
      }
      onClick={toggle}
    >
      <span class="knob" aria-hidden="true" />
      {asking.value ? 'The browser asks…' : 'Watch this site'}
    </button>
  );
}
