import './timeline.css';
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { HistoryEntry } from '@/lib/session/history/history';
import { TIMELINE_KINDS, type TimelineKind, type TimelineRow } from '@/lib/session/history/timeline';
import { count } from '@/lib/text/count';
import type { Source } from '../state/record';
import type { MenuItem } from '../ui/context-menu';
import { copyText } from '../ui/copy';
import { type Column, DataTable, type TableHandle } from '../ui/data-table';
import { FilterInput } from '../ui/filter';
import { ClearIcon, RecordIcon } from '../ui/icons';
import { CopyIconButton } from '../ui/parts';
import { entryJson } from './entry-more';
import { EntryPane } from './entry-pane';
import { createEntrySearch } from './entry-search';
import { entryName } from './entry-words';
import { entryTone } from './timeline-columns';
import { ALL, createTimelineState, type TimelineState } from './timeline-state';

/** A group of entries that a chip of the toolbar shows alone. */
export interface Chip {
  readonly id: string;
  readonly label: string;
  shows(entry: HistoryEntry): boolean;
}

export interface TimelineViewProps {
  readonly source: Source;
  /** Whether the view is visible; if not, it catches up later. */
  readonly active: boolean;
  readonly label: string;
  /** What the line below the table counts: one, and several. */
  readonly noun?: readonly [one: string, several: string];
  /** The kinds of entries that are listed; all without. */
  readonly kinds?: readonly TimelineKind[];
  readonly chips: readonly Chip[];
  columns(source: Source): readonly Column<TimelineRow>[];
  readonly testid?: string;
  /** Shown while there are no entries. */
  readonly empty: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** Above the table. */
  readonly overview?: ComponentChildren;
  /** Only entries within this range (epoch ms); `null` for all. */
  readonly range?: { readonly from: number; readonly to: number } | null;
  /** Whether an entry is a problem: with it, a checkbox shows problems alone. Another function means that entries are judged again. */
  readonly isProblem?: (entry: HistoryEntry) => boolean;
  /** The line below the table: counts of what is listed. */
  status?(rows: readonly TimelineRow[]): ComponentChildren;
  menu?(row: TimelineRow): readonly MenuItem[];
  /** `seq` of an entry to show regardless of the filter; reset to `null` once it is shown or doesn't exist. */
  readonly goTo?: Signal<number | null>;
}

/** What happened, as a table with its filters, and the details of the chosen entry beside it. */
export function TimelineView({
  source,
  active,
  label,
  noun = ['entry', 'entries'],
  kinds = TIMELINE_KINDS,
  chips,
  columns,
  testid = 'timeline',
  empty,
  note,
  actions,
  overview,
  range = null,
  isProblem,
  status,
  menu,
  goTo,
}: TimelineViewProps) {
  const state = useMemo(() => createTimelineState(() => createEntrySearch(source), { kinds: new Set(kinds) }), [source]);
  const selected = useSignal<number | null>(null);
  const section = useSignal('overview');
  const chosenChips = useSignal<ReadonlySet<string>>(new Set());
  const problems = useSignal(false);
  const table = useRef<TableHandle>(null);
  const held = active ? source.history.value : source.history.peek();
  const { entries, dropped } = held;
  useEffect(() => {
    if (active) state.follow(held);
  }, [state, held, active]);
  useEffect(() => () => state.close(), [state]);
  const asked = goTo?.value ?? null;
  const reset = () => {
    chosenChips.value = new Set();
    problems.value = false;
    state.want({ ...ALL, kinds: new Set(kinds), sort: state.wanted.value.sort });
  };
  useEffect(() => {
    if (active && asked !== null) reset();
  }, [active, asked]);
  const { from, to } = range ?? { from: null, to: null };
  const only = problems.value ? isProblem : undefined;
  useEffect(() => {
    const shownChips = chips.filter(({ id }) => chosenChips.value.has(id));
    const conditions = [
      ...(shownChips.length ? [(entry: HistoryEntry) => shownChips.some((chip) => chip.shows(entry))] : []),
      ...(only ? [only] : []),
      ...(from !== null && to !== null ? [({ at }: HistoryEntry) => at >= from && at <= to] : []),
    ];
    state.want({ only: conditions.length ? (entry) => conditions.every((fits) => fits(entry)) : null });
  }, [state, chosenChips.value, only, from, to]);
  const shown = state.shown.value;
  const wanted = state.wanted.value;
  // Not on every render, like the counts below: there may be 100,000 rows.
  const own = useMemo(
    () => (kinds.length === TIMELINE_KINDS.length ? entries : entries.filter(({ kind }) => kinds.includes(kind))),
    [held],
  );
  const last = entries.at(-1)?.seq ?? 0;
  const chosen = useMemo(
    () => (selected.value === null ? null : (entries.find(({ seq }) => seq === selected.value) ?? null)),
    [held, selected.value],
  );
  const isPaused = wanted.pausedAt !== null;
  const waiting = isPaused ? own.filter(({ seq }) => seq > (wanted.pausedAt ?? 0)).length : 0;
  useEffect(() => {
    const at = active && asked !== null && !state.busy.peek() ? shown.findIndex(({ entry }) => entry.seq === asked) : -1;
    if (at < 0 || !goTo) return;
    table.current?.select(at);
    goTo.value = null;
  }, [active, asked, shown]);
  const clear = () => {
    selected.value = null;
    state.want({ cleared: last });
  };
  const counts = useMemo(() => status?.(shown), [shown, held.epoch]);
  const shownColumns = useMemo(() => columns(source), [source]);
  const isEmpty = own.length === 0;
  // Drawn again only if what it shows changed: typing a filter changes nothing until the rows are found.
  const rows = useMemo(
    () => (
      <DataTable
        label={label}
        testid={testid}
        rows={shown}
        columns={shownColumns}
        keyOf={({ entry }) => entry.seq}
        look={(row) => ({
          tone: entryTone(row.entry),
          depth: wanted.sort ? 0 : depthOf(row),
          ...(!wanted.sort &&
            row.effects.some(({ fits }) => fits) && { folds: state.isFolded(row) ? ('closed' as const) : ('open' as const) }),
          data: {
            'data-kind': row.entry.kind,
            'data-seq': String(row.entry.seq),
            'data-of': row.under === null ? undefined : String(row.under.entry.seq),
          },
        })}
        selected={selected.value}
        select={(key) => (selected.value = key === null ? null : Number(key))}
        fold={({ entry: { seq } }) => {
          const folded = new Set(wanted.folded);
          if (!folded.delete(seq)) folded.add(seq);
          state.want({ folded });
        }}
        sorted={(sort) => {
          const by = shownColumns.find(({ id }) => id === sort?.column)?.sorts;
          const next = sort && by ? { key: by, descending: sort.descending } : null;
          if (next || state.wanted.value.sort) state.want({ sort: next });
        }}
        menu={(row) => [
          ...(menu?.(row) ?? []),
          { label: 'Copy as JSON', run: () => void copyText(JSON.stringify(entryJson(row.entry, source), null, 2)) },
          { label: `Filter by “${entryName(row.entry)}”`, run: () => state.want({ words: entryName(row.entry) }) },
          ...(wanted.sort
            ? []
            : [
                {
                  label: wanted.foldsAll ? 'Expand all' : 'Collapse all',
                  run: () => state.want({ folded: new Set(), foldsAll: !wanted.foldsAll }),
                },
              ]),
        ]}
        follows
        handle={table}
        empty={isEmpty ? empty : 'No entries match the filter.'}
      />
    ),
    [shown, selected.value, shownColumns, wanted.sort, wanted.folded, wanted.foldsAll, menu, isEmpty, empty],
  );
  return (
    <section
      class="filled timeline-view"
      aria-label={label}
      onKeyDown={(event) => {
        const { key, ctrlKey, metaKey } = event;
        if ((ctrlKey && key === 'l') || (metaKey && key === 'k')) clear();
        else if (key === 'Escape' && selected.value !== null) selected.value = null;
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div class="toolbar">
        {source.live && (
          <>
            <button
              type="button"
              class={`bare ${isPaused ? '' : 'recording'}`}
              data-testid={`${testid}-pause`}
              aria-pressed={!isPaused}
              aria-label={isPaused ? `Resume (${waiting} new)` : 'Pause'}
              title={isPaused ? `Resume (${waiting} new)` : 'Pause'}
              onClick={() => state.want({ pausedAt: isPaused ? null : last })}
            >
              <RecordIcon />
            </button>
            <button
              type="button"
              class="bare"
              data-testid={`${testid}-clear`}
              disabled={!own.length}
              aria-label="Clear"
              title="Clear (Ctrl+L)"
              onClick={clear}
            >
              <ClearIcon />
            </button>
            <span class="divider" />
          </>
        )}
        <FilterInput value={wanted.words} set={(value) => state.want({ words: value })} />
        <span class="divider" />
        <button type="button" class="pill" aria-pressed={chosenChips.value.size === 0} onClick={() => (chosenChips.value = new Set())}>
          All
        </button>
        {chips.map(({ id, label: words }) => (
          <button
            key={id}
            type="button"
            class="pill"
            data-testid={`${testid}-kind-${id}`}
            aria-pressed={chosenChips.value.has(id)}
            title="Ctrl+click to select several"
            onClick={({ ctrlKey, metaKey }) => {
              const { value } = chosenChips;
              if (!ctrlKey && !metaKey) {
                chosenChips.value = new Set(value.size === 1 && value.has(id) ? [] : [id]);
                return;
              }
              const next = new Set(value);
              if (!next.delete(id)) next.add(id);
              chosenChips.value = next;
            }}
          >
            {words}
          </button>
        ))}
        <span class="divider" />
        {isProblem && (
          <label class="check">
            <input
              type="checkbox"
              data-testid={`${testid}-problems`}
              checked={problems.value}
              onChange={({ currentTarget: { checked } }) => (problems.value = checked)}
            />
            Only problems
          </label>
        )}
        <label class="check" title="Keep entries from before the last page load">
          <input
            type="checkbox"
            data-testid={`${testid}-keep`}
            checked={wanted.preserved}
            onChange={({ currentTarget: { checked } }) => state.want({ preserved: checked })}
          />
          Keep log
        </label>
        <span class="spacer" />
        <Busy state={state} />
        {wanted.cleared > 0 && (
          <button type="button" class="link" data-testid={`${testid}-restore`} onClick={() => state.want({ cleared: 0 })}>
            Undo clear
          </button>
        )}
        {shown.length > 0 && (
          <CopyIconButton
            what="the listed entries as JSON"
            text={() =>
              JSON.stringify(
                shown.map(({ entry }) => entryJson(entry, source)),
                null,
                2,
              )
            }
          />
        )}
        {actions}
      </div>
      {note}
      {overview}
      <div class="panes">
        {rows}
        {chosen && (
          <EntryPane
            entry={chosen}
            entries={entries}
            source={source}
            chosen={section}
            select={(seq) => {
              const at = shown.findIndex(({ entry }) => entry.seq === seq);
              if (at < 0) selected.value = seq;
              else table.current?.select(at);
            }}
            close={() => (selected.value = null)}
          />
        )}
      </div>
      <div class="counts">
        <span>
          {shown.length === own.length ? '' : `${shown.length.toLocaleString('en')} of `}
          {count(own.length, ...noun)}
        </span>
        {counts}
        {dropped > 0 && <span data-testid="dropped">{dropped.toLocaleString('en')} older entries discarded (storage limit)</span>}
        {isPaused && <span class="warn-text">Paused, {waiting} new</span>}
      </div>
    </section>
  );
}

/** A row's depth below other visible rows. */
const depthOf = ({ under }: TimelineRow): number => (under ? (under.fits ? 1 : 0) + depthOf(under) : 0);

/** A spinner during filtering. Separate from the view, so that it doesn't redraw the toolbar and the panes. */
function Busy({ state }: { state: TimelineState }) {
  return state.busy.value ? <span class="spinner" role="status" aria-label="Filtering…" /> : null;
}
