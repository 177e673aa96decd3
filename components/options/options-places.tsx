import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import type { Place } from '@/lib/page/wire';
import { DIALECT_NAMES, type DialectName, traitsOf } from '@/lib/sdk/dialects/names';
import type { Session } from '@/lib/session/session';
import { MAX_PATH, MAX_PLACES, PATH_PATTERN, type Settings, siteSettings, withSite } from '@/lib/settings/settings';
import { Card, Chip } from '../ui/parts';
import type { Keep } from './keep';

/** Places of a site's SDK, besides the well-known globals. */
export function PlacesCard({ settings, keep, session }: { settings: Settings; keep: Keep; session: Session | null }) {
  const sites = Object.entries(settings.sites).filter(([, { places }]) => places.length > 0);
  return (
    <Card title="Where the SDK stands">
      <p class="quiet">
        The inspector looks at the well-known globals (<code>Synerise</code>, <code>Client</code>, <code>SNRClient</code>, <code>SR</code>)
        and at SDKs that a page hands over. An app that keeps its SDK elsewhere on <code>window</code> is told of here. These settings stay
        in this browser.
      </p>
      {sites.length === 0 && <p class="quiet">No place is set.</p>}
      {sites.map(([origin, { places }]) => (
        <section key={origin} aria-label={`Places of ${origin}`}>
          <h3>{origin}</h3>
          <ul class="places">
            {places.map((place) => (
              <li key={`${place.path} ${place.dialect}`} data-testid="place" data-found={foundAt(session, origin, place)?.found}>
                <code>{place.path}</code> <span class="quiet">{traitsOf(place.dialect).label}</span>{' '}
                <Found place={place} origin={origin} session={session} />
                <button
                  type="button"
                  class="small"
                  aria-label={`Remove ${place.path} of ${origin}`}
                  onClick={() => keep(withSite(settings, origin, { places: places.filter((other) => other !== place) }), 'Removed.')}
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
          keep(
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
  if (client?.state === 'ready')
    return { found: 'yes', words: `found on the open tab${client.version === null ? '' : `, version ${client.version}`}` };
  if (client) return { found: 'no', words: 'there, and not initialized yet' };
  if (session.page.strays.includes(path)) return { found: 'no', words: `no ${traitsOf(dialect).label} SDK stands there on the open tab` };
  const same = session.page.clients.some((one) => one.dialect === dialect && one.state === 'ready');
  return same ? { found: 'yes', words: 'the same SDK as at another place' } : null;
}

function Found({ place, origin, session }: { place: Place; origin: string; session: Session | null }) {
  const known = foundAt(session, origin, place);
  if (!known)
    return (
      <span class="quiet">
        {session?.visit.origin === origin ? 'being checked…' : 'not checked: open this page from a tab of the site'}
      </span>
    );
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
    <form class="form" aria-label="Add a place" onSubmit={submit} noValidate>
      <h3>Add a place</h3>
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
          {wrongSite && 'Give an address such as https://shop.example.'}
        </small>
      </div>
      <div class="field">
        <label for="path">Path</label>
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
          {wrongPath && 'Member names joined by dots, from window on.'}
          {full && `A site may have ${MAX_PLACES} places: remove one first.`}
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
          Add and check
        </button>
      </div>
    </form>
  );
}
