import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { anyPort, LEAD, type Settings, type SiteSettings, siteSettings, withSite } from '@/lib/settings/settings';
import { covers, sitePattern } from '@/lib/settings/site-pattern';
import { Card } from '../ui/cards';
import { NumberField } from '../ui/number-field';
import { Chip, Switch } from '../ui/parts';
import type { ApplySettings } from './apply';

/** Permission requests of the settings page; each must be called within the click's handler. */
export interface Permissions {
  watch(site: string): Promise<boolean>;
  /** @param pattern the browser's host pattern */
  unwatch(pattern: string): Promise<unknown>;
  /** Requests permission for notifications if needed; resolves with whether it is granted. */
  notifications(): Promise<boolean>;
}

/** The watched sites and their settings. */
export function SitesCard({
  settings,
  apply,
  watched,
  permissions,
}: {
  settings: Settings;
  apply: ApplySettings;
  watched: readonly string[] | null;
  permissions: Permissions;
}) {
  const patterns = watched ?? [];
  const origins = Object.keys(settings.sites);
  const others = origins.filter((origin) => !patterns.some((pattern) => covers(pattern, origin)));
  return (
    <Card title="Sites">
      <p class="quiet">
        Watched sites are recorded from page load, and their tokens can be refreshed, even when DevTools is closed. The browser asks for
        permission for each site.
      </p>
      {watched !== null && patterns.length === 0 && (
        <p class="quiet">No watched sites. Turn on “Watch this site” in the popup or panel, or add a site here.</p>
      )}
      {patterns.map((pattern) => (
        <section key={pattern} class="site-settings" data-testid="watched-site" data-pattern={pattern} aria-label={pattern}>
          <div class="line">
            <h3>{patternWords(pattern)}</h3>
            <Chip tone="good" dot>
              Watched
            </Chip>
            <span class="spacer" />
            <button
              type="button"
              class="small"
              data-testid="unwatch"
              onClick={() => void permissions.unwatch(pattern).catch(() => undefined)}
            >
              Stop watching
            </button>
          </div>
          {originsOf(pattern, origins).map((origin) => (
            <SiteFields key={origin} origin={origin} settings={settings} apply={apply} permissions={permissions} />
          ))}
        </section>
      ))}
      {others.map((origin) => (
        <section key={origin} class="site-settings" data-testid="other-site" aria-label={`Settings for ${origin}`}>
          <div class="line">
            <h3>{origin}</h3>
            <Chip tone="quiet">Not watched</Chip>
            <span class="spacer" />
            <button type="button" class="small" onClick={() => apply(withoutSite(settings, origin), `Removed the settings for ${origin}.`)}>
              Remove
            </button>
          </div>
          <SiteFields origin={origin} settings={settings} apply={apply} permissions={permissions} />
        </section>
      ))}
      <WatchForm permissions={permissions} />
    </Card>
  );
}

function withoutSite(settings: Settings, origin: string): Settings {
  const { [origin]: _, ...sites } = settings.sites;
  return { ...settings, sites };
}

const patternWords = (pattern: string) => (/^(\*:\/\/\*\/\*|<all_urls>)$/.test(pattern) ? 'All sites' : pattern.replace(/\/\*$/, ''));

/** The origins that a pattern covers: the one that it names, and those with their own settings. */
function originsOf(pattern: string, origins: readonly string[]): readonly string[] {
  const own = origins.filter((origin) => covers(pattern, origin));
  const named = pattern.replace(/\/\*$/, '');
  // The browser's permissions ignore ports: a pattern for a host covers all of its ports.
  return !URL.canParse(named) || named.includes('*') ? own : [...new Set([new URL(named).origin, ...own])];
}

function SiteFields({
  origin,
  settings,
  apply,
  permissions,
}: {
  origin: string;
  settings: Settings;
  apply: ApplySettings;
  permissions: Permissions;
}) {
  const { lead, autoRefresh, notify, places } = siteSettings(settings, origin);
  const refused = useSignal(false);
  const change = (what: Partial<SiteSettings>) => apply(withSite(settings, origin, what));
  const toggleNotify = () => {
    if (notify) {
      change({ notify: false });
      return;
    }
    // Must come first: the browser accepts a permission request only within the click's handler.
    void permissions.notifications().then((granted) => {
      refused.value = !granted;
      if (granted) change({ notify: true });
    });
  };
  return (
    <div class="site-fields" data-testid="site-settings" data-origin={origin}>
      <p class="quiet">
        <code>{origin}</code>
        {origin === anyPort(origin) && ' (all ports)'}
        {places.length > 0 && ` · SDK at ${places.map(({ path }) => path).join(', ')}`}
      </p>
      <div class="line">
        <NumberField
          label="Warn before token expiry (seconds)"
          testid="site-lead"
          value={lead / 1000}
          least={LEAD.least / 1000}
          most={LEAD.most / 1000}
          change={(seconds) => change({ lead: seconds * 1000 })}
        />
        <Switch
          testid="site-auto-refresh"
          on={autoRefresh}
          title="Calls refreshToken() in that window, with exponential backoff, never after expiry."
          toggle={() => change({ autoRefresh: !autoRefresh })}
        >
          Auto-refresh token
        </Switch>
        <Switch
          testid="site-notify"
          on={notify}
          title="Notify me when the token is about to expire, fails to refresh, or has expired."
          toggle={toggleNotify}
        >
          Notify
        </Switch>
      </div>
      {refused.value && <p class="warn-text">Notifications are blocked for this browser.</p>}
    </div>
  );
}

/** Adds a watched site by its URL. */
function WatchForm({ permissions }: { permissions: Permissions }) {
  const typed = useSignal('');
  const refused = useSignal('');
  const url = URL.canParse(typed.value) ? new URL(typed.value) : null;
  const fits = url !== null && sitePattern(url.origin) !== null;
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!fits) return;
    // Must come first: the browser accepts a permission request only within the click's handler.
    const asked = permissions.watch(url.origin);
    void asked.then((granted) => {
      refused.value = granted ? '' : `Permission for ${url.origin} was denied.`;
      if (granted) typed.value = '';
    });
  };
  return (
    <form class="form" aria-label="Add site" onSubmit={submit} noValidate>
      <div class="field">
        <label for="watch-address">Add site</label>
        <input
          id="watch-address"
          type="url"
          data-testid="watch-address"
          placeholder="https://shop.example"
          value={typed.value}
          aria-invalid={typed.value !== '' && !fits}
          aria-describedby="watch-wrong"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <small id="watch-wrong" class="warn-text">
          {typed.value !== '' && !fits ? 'Enter a URL such as https://shop.example' : refused.value}
        </small>
      </div>
      <div class="line">
        <button type="submit" class="primary" data-testid="watch-add" disabled={!fits}>
          Watch
        </button>
      </div>
    </form>
  );
}
