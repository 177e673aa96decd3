/** What follows from the browser's permissions: which sites are watched, and which no more. */
import { withSite } from '../settings/settings';
import { covers } from '../settings/site-pattern';
import { createTurns } from '../tasks/turns';
import type { Channels } from './channels';
import { logBug } from './log';
import type { Watching } from './platform';
import type { Registry } from './registry';
import type { SettingsStore } from './settings';
import type { Views } from './views';

/**
 * Makes pages, scripts, settings and sessions fit what the browser has granted, whatever of it was left undone.
 * @param changed it just changed @param removed host patterns that were taken back
 */
export type FitPermissions = (changed: boolean, removed?: readonly string[]) => Promise<void>;

export function createPermissions({
  registry,
  channels,
  views,
  settings,
  watching,
}: {
  readonly registry: Registry;
  readonly channels: Channels;
  readonly views: Views;
  readonly settings: SettingsStore;
  readonly watching: Watching;
}): FitPermissions {
  /** One after another: a site that is taken back and given again at once must not be left by the slower of the two. */
  const inTurn = createTurns();
  async function apply(changed: boolean, removed: readonly string[]): Promise<void> {
    const gone = [...new Set([...(await watching.gone()), ...removed])];
    const isNew = await watching.register();
    if (gone.length) await unwatched(gone);
    if (changed || isNew || gone.length) await channels.everywhere((one) => one.permitted());
    // Pages that were there before our scripts were registered, or have those of a version before, or told what nobody heard.
    // Not waited for: a frozen page answers when it thaws.
    for (const tab of await watching.tabs()) void channels.of(tab).rung(isNew).catch(logBug);
    for (const { stage, tab } of await registry.sessions()) {
      if (gone.length && stage.phase === 'unreachable' && tab.closedAt === null && !views.of(tab.id).length) await registry.forget(tab.id);
    }
    await watching.settled();
  }

  /** Sites are watched no more: what was put into their pages goes at once, and what was to be done for them. */
  async function unwatched(patterns: readonly string[]): Promise<void> {
    const origins = (await registry.sessions()).flatMap(({ visit: { origin } }) => (origin === null ? [] : [origin]));
    await watching.leave(patterns);
    await settings.update((all) =>
      [...new Set([...Object.keys(all.sites), ...origins])]
        .filter((origin) => patterns.some((pattern) => covers(pattern, origin)))
        .reduce((changed, origin) => withSite(changed, origin, { autoRefresh: false, notify: false }), all),
    );
  }

  return (changed, removed = []) => inTurn(() => apply(changed, removed));
}
