import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import type { Place } from '@/lib/page/wire';
import { DIALECT_NAMES, type DialectName, traitsOf } from '@/lib/sdk/dialects/names';
import type { Session } from '@/lib/session/session';
import { MAX_PATH, MAX_PLACES, PATH_PATTERN, type Settings, siteSettings, withSite } from '@/lib/settings/settings';
import { Card } from '../ui/cards';
import { Chip } from '../ui/parts';
import type { ApplySettings } from './apply';

/** Places of a site's SDK, besides the well-known globals. */
export function PlacesCard({ settings, apply, session }: { settings: Settings; apply: ApplySettings; session: Session | null }) {
  const sites = Object.entries(settings.sites).filter(([, { places }]) => places.length > 0);
  return (
    <Card title="Custom SDK locations">
      <p class="quiet">
        The SDK is detected on <code>window.Synerise</code>, <code>Client</code>, <code>SNRClient</code> and <code>SR</code>, or when the
        app registers it. Add other window paths here.
      </p>
      {sites.length === 0 && <p class="quiet">No custom paths</p>}
      {sites.map(([origin, { places }]) => (
        <section key={origin} aria-label={`Paths on ${origin}`}>
          <h3>{origin}</h3>
          <ul class="places">
            {places.map((place) => (
              <li key={`${place.path} ${place.dialect}`} data-testid="place" data-found={foundAt(session, origin, place)?.found}>
                <code>{place.path}</code> <span class="quiet">{traitsOf(place.dialect).label}</span>{' '}
                <Found place={place} origin={origin} session={session} />
                <button
                  type="button"
                  class="small"
                  aria-label={`Remove ${place.path} from ${origin}`}
                  onClick={() => apply(withSite(settings, origin, { places: places.filter((other) => other !== place) }), 'Removed.')}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <AddPlace
        origin={session?.visit.origin ?? ''}
        settings={settings}
        add={(origin, place) =>
          apply(
            withSite(settings, origin, {
              places: [...siteSettings(settings, origin).places.filter(({ path }) => path !== place.path), place],
            }),
          )
        }
      />
    </Card>
  );
}

/** What was found at a place on the tab that this page was opened from; `null` if not known. */
function foundAt(session: Session | null, origin: string, { path, dialect }: Place): { found: 'yes' | 'no'; words: string } | null {
  if (session?.visit.origin !== origin || session.stage.phase === 'unreachable') return null;
  const client = session.page.clients.find((one) => one.place === path && one.dialect === dialect);
  if (client?.state === 'ready') return { found: 'yes', words: `found${client.version === null ? '' : ` (${client.version})`}` };
  if (client) return { found: 'no', words: 'found, not initialized' };
  if (session.page.strays.includes(path)) return { found: 'no', words: 'not found in the open tab' };
  const same = session.page.clients.some((one) => one.dialect === dialect && one.state === 'ready');
  return same ? { found: 'yes', words: 'same SDK as at another path' } : null;
}

function Found({ place, origin, session }: { place: Place; origin: string; session: Session | null }) {
  const known = foundAt(session, origin, place);
  if (!known)
    return <span class="quiet">{session?.visit.origin === origin ? 'checking…' : 'not checked (open a tab of that site first)'}</span>;
  return (
    <Chip tone={known.found === 'yes' ? 'good' : 'warn'} dot>
      {known.words}
    </Chip>
  );
}

function AddPlace({ origin, settings, add }: { origin: string; settings: Settings; add(origin: string, place: Place): void }) {
  const site = useSignal<string | null>(null);
  const path = useSignal('');
  const dialect = useSignal<DialectName>('react-native');
  const typed = site.value ?? origin;
  const url = URL.canParse(typed) ? new URL(typed) : null;
  const wrongSite = typed !== '' && !(url && /^https?:$/.test(url.protocol));
  const wrongPath = path.value !== '' && !PATH_PATTERN.test(path.value);
  const full = url !== null && siteSettings(settings, url.origin).places.length >= MAX_PLACES;
  const ready = url !== null && !wrongSite && path.value !== '' && !wrongPath && !full;
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!ready) return;
    add(url.origin, { path: path.value, dialect: dialect.value });
    path.value = '';
  };
  return (
    <form class="form" aria-label="Add path" onSubmit={submit} noValidate>
      <h3>Add path</h3>
      <div class="field">
        <label for="site">Site</label>
        <input
          id="site"
          type="url"
          data-testid="place-site"
          value={typed}
          placeholder="https://shop.example"
          aria-invalid={wrongSite}
          aria-describedby="site-wrong"
          onInput={(event) => {
            site.value = event.currentTarget.value;
          }}
        />
        <small id="site-wrong" class="warn-text">
          {wrongSite && 'Enter a URL such as https://shop.example'}
        </small>
      </div>
      <div class="field">
        <label for="path">Window path</label>
        <input
          id="path"
          type="text"
          data-testid="place-path"
          value={path.value}
          placeholder="app.services.synerise"
          maxLength={MAX_PATH}
          spellcheck={false}
          aria-invalid={wrongPath}
          aria-describedby="path-wrong"
          onInput={(event) => {
            path.value = event.currentTarget.value.trim();
          }}
        />
        <small id="path-wrong" class="warn-text">
          {wrongPath && 'Names separated by dots, such as app.services.synerise'}
          {full && `Limit of ${MAX_PLACES} paths per site reached. Remove one first.`}
        </small>
      </div>
      <div class="field">
        <label for="place-dialect">SDK</label>
        <select
          id="place-dialect"
          data-testid="place-dialect"
          value={dialect.value}
          onChange={(event) => {
            dialect.value = event.currentTarget.value as DialectName;
          }}
        >
          {DIALECT_NAMES.map((name) => (
            <option key={name} value={name}>
              {traitsOf(name).label}
            </option>
          ))}
        </select>
      </div>
      <div class="line">
        <button type="submit" class="primary" data-testid="place-add" disabled={!ready}>
          Add
        </button>
      </div>
    </form>
  );
}
