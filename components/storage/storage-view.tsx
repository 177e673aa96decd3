import { tableOf } from '@/lib/sdk/dialects';
import './storage.css';
import { useSignal } from '@preact/signals';
import type { CookieChange } from '@/lib/protocol/view-message';
import type { TimelineKind } from '@/lib/session/history/timeline';
import { problemOf } from '@/lib/session/problem';
import type { Session } from '@/lib/session/session';
import { isAlways } from '@/lib/session/terms';
import { count } from '@/lib/text/count';
import { COOKIE_WORDS, cookieNotes, isCookieOf, parseCookie } from '@/lib/web/cookies';
import { CookieFields } from '../session/cookies-card';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { timelineColumns } from '../timeline/timeline-columns';
import { TimelineView } from '../timeline/timeline-view';
import { Time } from '../ui/cards';
import { copyText } from '../ui/copy';
import { type Column, DataTable } from '../ui/data-table';
import { DetailsPane } from '../ui/details-pane';
import { FilterInput, Pills } from '../ui/filter';
import { date } from '../ui/format';
import { ClearIcon, WarningIcon } from '../ui/icons';
import { CopyIconButton } from '../ui/parts';
import { changeOf, changesForAll, type KeptRow, keptRows, unkeepable } from './storage-rows';

const CHANGES: readonly TimelineKind[] = ['storage'];

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
  const shown = useSignal<KeptRow['area'] | 'changes'>('cookie');
  const selected = useSignal<string | null>(null);
  const words = useSignal('');
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
      const { undo, failed } = await model.editStorage(changes, origin);
      done.value = { origin, text: failed.length === changes.length ? '' : text, failed, undo: undoes ? [] : undo };
    } catch (error) {
      problem.value = problemOf(error).message;
    } finally {
      busy.value = false;
    }
  };

  const chosen = rows.find(({ key }) => key === selected.value) ?? null;
  const own = rows.filter(({ area }) => area === shown.value);
  const listed = own.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(words.value.trim().toLowerCase()));
  const duplicates = cookies.filter(({ twin }) => twin !== 'none').length;
  return (
    <section class="filled storage-view" aria-label="Storage" data-testid="cookies">
      <div class="toolbar">
        <button
          type="button"
          class="bare"
          data-testid="delete-all"
          aria-label="Delete all…"
          title="Delete all…"
          disabled={busy.value || rows.length === 0}
          onClick={() => (asks.value = true)}
        >
          <ClearIcon />
        </button>
        <span class="divider" />
        <FilterInput value={words.value} set={(value) => (words.value = value)} />
        <Pills pills={PILLS} chosen={shown.value} choose={(name) => (shown.value = name)} testid="storage-show" />
        <span class="spacer" />
        {notes
          .filter(({ tone }) => tone === 'warn')
          .map(({ text }) => (
            <span key={text} class="warn-text storage-note" title={text}>
              <WarningIcon /> {text}
            </span>
          ))}
      </div>
      {asks.value && (
        <section class="form loses" aria-label="Delete all" data-testid="confirm-delete-all">
          <div class="line run-line">
            <p>
              {`Delete ${rows.length === 1 ? 'this item' : `all ${rows.length} items`}? The SDK will treat this browser as a new visitor. You can undo while this panel is open.`}
              {jar === null && cookies.length > 0 && ' Restored cookies expire in 400 days; HttpOnly cookies aren’t affected.'}
            </p>
            <span class="spacer" />
            <button type="button" onClick={() => (asks.value = false)}>
              Cancel
            </button>
            <button
              type="button"
              class="primary danger"
              data-testid="delete-all-yes"
              onClick={() => {
                asks.value = false;
                void change(changesForAll(rows), `${rows.length} deleted.`);
              }}
            >
              Delete all
            </button>
          </div>
        </section>
      )}
      {shown.value === 'changes' ? (
        <div class="storage-changes">
          <TimelineView
            source={record}
            active={active}
            label="Storage changes"
            kinds={CHANGES}
            chips={[]}
            columns={timelineColumns}
            testid="storage-changes"
            empty="No changes recorded."
          />
        </div>
      ) : (
        <div class="panes">
          <DataTable
            label="Storage"
            testid="storage"
            rows={listed}
            columns={shown.value === 'cookie' ? COOKIE_COLUMNS : KEY_COLUMNS}
            keyOf={({ key }) => key}
            look={({ area, name, twin }) => ({
              ...(twin === 'other' && { tone: 'warn' }),
              data: { 'data-testid': 'kept', 'data-area': area, 'data-name': name },
            })}
            selected={selected.value}
            select={(key) => (selected.value = key === null ? null : String(key))}
            menu={(row) =>
              row.isCut
                ? []
                : [
                    { label: 'Copy value', run: () => void copyText(row.value) },
                    { label: 'Delete', run: () => void change([changeOf(row, null)], `${row.name} deleted.`) },
                  ]
            }
            empty={own.length ? 'No items match the filter.' : shown.value === 'cookie' ? emptyWords(session) : 'No Synerise keys here.'}
          />
          {chosen && chosen.area === shown.value && (
            <RowDetails key={chosen.key} row={chosen} now={now} busy={busy.value} change={change} close={() => (selected.value = null)} />
          )}
        </div>
      )}
      <div class="counts">
        <span>{count(cookies.length, 'cookie')}</span>
        {duplicates > 0 && <span class="warn-text">{count(duplicates, 'duplicate')}</span>}
        <span>{count(stored.length, 'storage key')}</span>
        <span class="quiet cut-off" data-testid="storage-access">
          {jar
            ? 'From the browser’s cookie store (includes HttpOnly).'
            : isAlways(session.tab.access)
              ? 'The browser’s cookie store is read once an SDK is found.'
              : 'From document.cookie: no domain, path, expiry or HttpOnly cookies. Watch this site to see them.'}
        </span>
        <span class="spacer" />
        <span role="status" data-testid="storage-result" class="line">
          {problem.value && <span class="error-text">{problem.value}</span>}
          {last && (
            <>
              <span>{last.text}</span>
              {last.failed.length > 0 && (
                <span class="warn-text">
                  Not changed: {last.failed.join(', ')}.{' '}
                  {jar ? 'Rejected by the browser.' : 'Not accessible to script (HttpOnly, or other domain/path).'}
                </span>
              )}
              {last.undo.length > 0 && (
                <button
                  type="button"
                  class="link"
                  data-testid="undo-storage"
                  disabled={busy.value}
                  onClick={() => void change(last.undo, 'Restored.', true)}
                >
                  Undo
                </button>
              )}
            </>
          )}
        </span>
      </div>
    </section>
  );
}

const PILLS: readonly (readonly [KeptRow['area'] | 'changes', string])[] = [
  ['cookie', 'Cookies'],
  ['local', 'Local storage'],
  ['session', 'Session storage'],
  ['changes', 'Changes'],
];

const NAME: Column<KeptRow> = {
  id: 'name',
  label: 'Name',
  width: 140,
  cell: ({ name, twin }) => (
    <>
      {twin !== 'none' && (
        <span title={twin === 'other' ? 'Duplicate, different value' : 'Duplicate'}>
          <WarningIcon />
        </span>
      )}
      {name}
    </>
  ),
  sorts: ({ name }) => name,
};
const VALUE: Column<KeptRow> = { id: 'value', label: 'Value', width: 160, grows: true, cell: ({ value }) => <code>{value}</code> };
const SIZE: Column<KeptRow> = {
  id: 'size',
  label: 'Size',
  width: 50,
  right: true,
  from: 520,
  cell: ({ size }) => size,
  sorts: ({ size }) => size,
};

const COOKIE_COLUMNS: readonly Column<KeptRow>[] = [
  NAME,
  VALUE,
  { id: 'domain', label: 'Domain', width: 120, from: 620, cell: ({ seen }) => seen?.domain ?? seen?.host ?? '' },
  { id: 'path', label: 'Path', width: 60, from: 620, cell: ({ seen }) => seen?.path ?? '' },
  {
    id: 'expires',
    label: 'Expires',
    width: 100,
    from: 760,
    cell: ({ seen }) =>
      !seen || seen.expiresAt === undefined ? (
        ''
      ) : seen.expiresAt === null ? (
        'Session'
      ) : (
        <Time at={seen.expiresAt}>{date(seen.expiresAt)}</Time>
      ),
  },
  SIZE,
  { id: 'httponly', label: 'HttpOnly', width: 64, from: 820, cell: ({ seen }) => (seen?.httpOnly ? '✓' : '') },
];
const KEY_COLUMNS: readonly Column<KeptRow>[] = [NAME, VALUE, SIZE];

function emptyWords({ stage, tab }: Session): string {
  if (stage.phase !== 'attached')
    return isAlways(tab.access) ? 'No SDK on this page.' : 'No SDK on this page. Watch the site to list its cookies anyway.';
  return tableOf(stage.client.dialect)?.cookies !== undefined ? 'No SDK cookies visible to script.' : 'This SDK doesn’t use cookies.';
}

type ChangeRows = (changes: readonly CookieChange[], text: string) => Promise<void>;

/** An item decoded or raw, with what changes it. */
function RowDetails({ row, now, busy, change, close }: { row: KeptRow; now: number; busy: boolean; change: ChangeRows; close(): void }) {
  const { area, name, value, parsed, seen, isCut } = row;
  const edits = useSignal<string | null>(null);
  const wrong = edits.value === null ? null : unkeepable(area, edits.value);
  const flags = [seen?.secure && 'Secure', seen?.sameSite && seen.sameSite !== 'unspecified' && `SameSite=${seen.sameSite}`].filter(
    Boolean,
  );
  const notes = (
    <>
      {COOKIE_WORDS[name] !== undefined && <p class="quiet">{COOKIE_WORDS[name]}</p>}
      {flags.length > 0 && <p class="quiet">{flags.join(' · ')}</p>}
      {isCut && <p class="quiet">Truncated: can’t be copied or edited.</p>}
    </>
  );
  const raw = <code class="value">{value || <span class="quiet">empty</span>}</code>;
  const decoded = parsed !== null && parsed.form !== 'text' ? <CookieFields cookie={parsed} now={now} /> : null;
  const form = edits.value !== null && (
    <form
      class="kept-edit"
      onSubmit={(event) => {
        event.preventDefault();
        if (edits.value === null || wrong) return;
        void change([changeOf(row, edits.value)], `${name} changed.`);
        edits.value = null;
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        edits.value = null;
        event.preventDefault();
        event.stopPropagation();
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
        <button type="submit" class="primary" data-testid="save-kept" disabled={wrong !== null || edits.value === value}>
          Save
        </button>
        <button type="button" onClick={() => (edits.value = null)}>
          Cancel
        </button>
      </div>
    </form>
  );
  const isDecoded = decoded !== null && !form;
  return (
    <DetailsPane
      label={name}
      title={name}
      testid="kept-details"
      close={close}
      sections={[
        {
          name: isDecoded ? 'decoded' : 'raw',
          label: isDecoded ? 'Decoded' : 'Raw',
          content: (
            <>
              {notes}
              {form || decoded || raw}
            </>
          ),
        },
        ...(isDecoded ? [{ name: 'raw', label: 'Raw', content: raw }] : []),
      ]}
      actions={
        <>
          <button
            type="button"
            class="link"
            data-testid="start-edit"
            disabled={busy || isCut}
            onClick={() => (edits.value = edits.value === null ? value : null)}
          >
            Edit
          </button>
          <button
            type="button"
            class="link"
            data-testid="delete-kept"
            disabled={busy}
            onClick={() => void change([changeOf(row, null)], `${name} deleted.`)}
          >
            Delete
          </button>
          <CopyIconButton what={`value of ${name}`} text={() => value} />
        </>
      }
    />
  );
}
