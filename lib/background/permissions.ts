/** Applies the browser's permissions: which sites are watched, and which no longer are. */
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
 * Brings pages, scripts, settings and sessions in line with the granted permissions, including what was left unfinished.
 * @param changed whether the permissions have just changed @param removed host patterns that were revoked
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
  /** Changes run one at a time: when a site is revoked and granted again right away, the revocation must not finish last. */
  const inTurn = createTurns();
  async function apply(changed: boolean, removed: readonly string[]): Promise<void> {
    const gone = [...new Set([...(await watching.gone()), ...removed])];
    const isNew = await watching.register();
    if (gone.length) await unwatched(gone);
    if (changed || isNew || gone.length) await channels.everywhere((one) => one.permitted());
    // Pages that loaded before our scripts were registered, have scripts of an earlier version, or rang while no worker was running.
    // Not awaited: a frozen page answers only when it is resumed.
    for (const tab of await watching.tabs()) void channels.of(tab).rung(isNew).catch(logBug);
    for (const { stage, tab } of await registry.sessions()) {
      if (gone.length && stage.phase === 'unreachable' && tab.closedAt === null && !views.of(tab.id).length) await registry.forget(tab.id);
    }
    await watching.settled();
  }

  /** Sites are no longer watched: ends our scripts in their pages, and turns off their auto-refresh and notifications. */
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
