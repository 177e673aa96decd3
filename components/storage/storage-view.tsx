import { tableOf } from '@/lib/sdk/dialects';
import './storage.css';
import { useSignal } from '@preact/signals';
import type { CookieChange } from '@/lib/protocol/view-message';
import type { TimelineKind } from '@/lib/session/history/timeline';
import { problemOf } from '@/lib/session/problem';
import type { Session } from '@/lib/session/session';
import { COOKIE_WORDS, cookieNotes, isCookieOf, parseCookie } from '@/lib/web/cookies';
import { CookieFields } from '../session/cookies-card';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { TimelineView } from '../timeline/timeline-view';
import { clock } from '../ui/format';
import { Card, CopyButton, Time } from '../ui/parts';
import { changeOf, changesForAll, type KeptRow, keptRows, unkeepable } from './storage-rows';

const CHANGES: readonly TimelineKind[] = ['storage'];
const AREA_WORDS = { cookie: 'Cookie', local: 'localStorage', session: 'sessionStorage' } as const;

/** The last change, and how to undo it. */
interface Done {
  /** The origin that was changed; the message only shows there. */
  readonly origin: string;
  readonly text: string;
  readonly failed: readonly string[];
  readonly undo: readonly CookieChange[];
}

/** The SDK's data in the browser: its cookies field by field, its Web Storage keys, and their changes. */
export function StorageView({ model, session, record, active }: { model: Model; session: Session; record: Source; active: boolean }) {
  const now = model.now.value;
  const rows = keptRows(session, model.seenCookies.value, now);
  const cookies = rows.filter(({ area }) => area === 'cookie');
  const stored = rows.filter(({ area }) => area !== 'cookie');
  const {
    stage,
    visit: { origin, jar },
  } = session;
  const asks = useSignal(false);
  const done = useSignal<Done | null>(null);
  const problem = useSignal('');
  const busy = useSignal(false);
  const last = done.value?.origin === origin ? done.value : null;
  const uuid = stage.phase === 'attached' ? stage.customer.uuid : null;
  const set = origin === null ? [] : model.seenCookies.value.filter((cookie) => isCookieOf(cookie, origin, now));
  const isWeb = stage.phase === 'attached' && tableOf(stage.client.dialect)?.cookies !== undefined;
  const notes = isWeb ? cookieNotes(stage.customer.cookies.map(parseCookie), uuid, { set, jar }) : [];

  /** @param text message after success */
  const change = async (changes: readonly CookieChange[], text: string, undoes = false) => {
    if (origin === null) return;
    busy.value = true;
    problem.value = '';
    try {
      const { undo, failed } = await model.keep(changes, origin);
      done.value = { origin, text: failed.length === changes.length ? '' : text, failed, undo: undoes ? [] : undo };
    } catch (error) {
      problem.value = problemOf(error).message;
    } finally {
      busy.value = false;
    }
  };

  return (
    <section class="storage-view" aria-label="Storage">
      <div data-testid="cookies">
        <Card
          title="Cookies"
          aside={
            rows.length > 0 && (
              <button
                type="button"
                class="small danger"
                data-testid="delete-all"
                disabled={busy.value}
                onClick={() => {
                  asks.value = true;
                }}
              >
                Delete all…
              </button>
            )
          }
        >
          {asks.value && (
            <section class="note confirm" aria-label="Delete all" data-testid="confirm-delete-all">
              <p>
                {`All ${rows.length} of what the SDK keeps here go: at its next start it takes this browser for a new visitor. You can undo it while this panel is open.`}
                {jar === null &&
                  cookies.length > 0 &&
                  ' Put back by script, cookies get an expiry of 400 days, and HttpOnly ones stay as they are.'}
              </p>
              <div class="line">
                <button
                  type="button"
                  class="danger"
                  data-testid="delete-all-yes"
                  onClick={() => {
                    asks.value = false;
                    void change(changesForAll(rows), `${rows.length} deleted.`);
                  }}
                >
                  Delete all
                </button>
                <button
                  type="button"
                  onClick={() => {
                    asks.value = false;
                  }}
                >
                  Cancel
                </button>
              </div>
            </section>
          )}
          <p class="quiet small" data-testid="storage-access">
            {jar
              ? 'As the browser has them, with what no script is told. They are changed through the browser.'
              : 'As the page’s own script sees them. Domains, paths, expiry and HttpOnly cookies are not told to script: watch this site to see and change those too.'}
          </p>
          {cookies.length === 0 && <p class="quiet">{emptyWords(session)}</p>}
          <Rows rows={cookies} now={now} busy={busy.value} change={change} />
          {notes.map(({ tone, text }) => (
            <p key={text} class={tone === 'warn' ? 'warn-text' : 'quiet'}>
              {text}
            </p>
          ))}
        </Card>
      </div>
      <Card title="Web Storage">
        {stored.length === 0 ? (
          <p class="quiet">No key of localStorage or sessionStorage here has “snr” or “synerise” in its name. The vendor publishes none.</p>
        ) : (
          <Rows rows={stored} now={now} busy={busy.value} change={change} />
        )}
      </Card>
      <div role="status" data-testid="storage-result">
        {problem.value && <p class="error-text">{problem.value}</p>}
        {last && (
          <p class="line">
            <span>{last.text}</span>
            {last.failed.length > 0 && (
              <span class="warn-text">
                Not changed: {last.failed.join(', ')}.{' '}
                {jar ? 'The browser refused.' : 'Script does not reach them: they are HttpOnly, or of another domain or path.'}
              </span>
            )}
            {last.undo.length > 0 && (
              <button
                type="button"
                class="small"
                data-testid="undo-storage"
                disabled={busy.value}
                onClick={() => void change(last.undo, 'It is as it was.', true)}
              >
                Undo
              </button>
            )}
          </p>
        )}
      </div>
      <h2 class="storage-changes">Changes</h2>
      <TimelineView
        source={record}
        active={active}
        now={now}
        label="Changes of storage"
        kinds={CHANGES}
        testid="storage-changes"
        empty="Nothing of it changed while somebody looked."
      />
    </section>
  );
}

function emptyWords({ stage }: Session): string {
  if (stage.phase !== 'attached') return 'No SDK is there to ask: its cookies show with it, or where this site is watched.';
  return tableOf(stage.client.dialect)?.cookies !== undefined
    ? 'The page’s script sees no cookie of the SDK.'
    : 'This SDK keeps its session in the app: only the Web SDK has cookies.';
}

type ChangeRows = (changes: readonly CookieChange[], text: string) => Promise<void>;

function Rows({ rows, now, busy, change }: { rows: readonly KeptRow[]; now: number; busy: boolean; change: ChangeRows }) {
  if (!rows.length) return null;
  return (
    <ul class="kept">
      {rows.map((row) => (
        <Row key={row.key} row={row} now={now} busy={busy} change={change} />
      ))}
    </ul>
  );
}

function Row({ row, now, busy, change }: { row: KeptRow; now: number; busy: boolean; change: ChangeRows }) {
  const { area, name, value, parsed, seen, twin, size, isCut } = row;
  const edits = useSignal<string | null>(null);
  const wrong = edits.value === null ? null : unkeepable(area, edits.value);
  const about = parsed ? COOKIE_WORDS[name] : undefined;
  return (
    <li data-testid="kept" data-area={area} data-name={name}>
      <div class="line">
        <code title={about}>{name}</code>
        {area !== 'cookie' && <span class="chip quiet">{AREA_WORDS[area]}</span>}
        {twin !== 'none' && (
          <span class={`chip ${twin === 'other' ? 'warn' : 'quiet'}`}>
            {twin === 'other' ? 'also elsewhere, with another value' : 'also elsewhere'}
          </span>
        )}
        {seen && <Place seen={seen} now={now} />}
        <span class="quiet">{size} bytes</span>
        <span class="spacer" />
        {isCut ? (
          <span class="quiet">too long to be shown, copied or edited whole</span>
        ) : (
          <CopyButton what={`the value of ${name}`} text={() => value} />
        )}
        <button
          type="button"
          class="small"
          aria-label={`Edit ${name}`}
          disabled={busy || isCut}
          onClick={() => {
            edits.value = edits.value === null ? value : null;
          }}
        >
          Edit
        </button>
        <button
          type="button"
          class="small danger"
          aria-label={`Delete ${name}`}
          data-testid="delete-kept"
          disabled={busy}
          onClick={() => void change([changeOf(row, null)], `${name} deleted.`)}
        >
          Delete
        </button>
      </div>
      {edits.value === null ? (
        parsed && parsed.form !== 'text' ? (
          <CookieFields cookie={parsed} now={now} />
        ) : (
          <code class="value">{value || <span class="quiet">empty</span>}</code>
        )
      ) : (
        <form
          class="kept-edit"
          onSubmit={(event) => {
            event.preventDefault();
            if (edits.value === null || wrong) return;
            void change([changeOf(row, edits.value)], `${name} changed.`);
            edits.value = null;
          }}
        >
          <textarea
            aria-label={`Value of ${name}`}
            data-testid="edit-kept"
            value={edits.value}
            onInput={({ currentTarget }) => {
              edits.value = currentTarget.value;
            }}
          />
          {wrong && <p class="error-text">{wrong}</p>}
          <div class="line">
            <button type="submit" data-testid="save-kept" disabled={wrong !== null || edits.value === value}>
              Save
            </button>
            <button
              type="button"
              onClick={() => {
                edits.value = null;
              }}
            >
              Cancel
            </button>
          </div>
        </form>
      )}
    </li>
  );
}

/** A cookie's domain, path, flags and expiry, from the browser or the server that set it. */
function Place({
  seen: { domain, host, path, httpOnly, secure, sameSite, expiresAt },
  now,
}: {
  seen: NonNullable<KeptRow['seen']>;
  now: number;
}) {
  const flags = [httpOnly && 'HttpOnly', secure && 'Secure', sameSite && sameSite !== 'unspecified' && `SameSite=${sameSite}`];
  return (
    <span class="quiet">
      {[`${domain ?? host ?? ''}${path ?? ''}`, ...flags].filter(Boolean).join(' · ')}
      {expiresAt === null && ' · until the browser ends'}
      {typeof expiresAt === 'number' && (
        <>
          {' · until '}
          <Time at={expiresAt}>{clock(expiresAt, now)}</Time>
        </>
      )}
    </span>
  );
}
