import './timeline.css';
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { HistoryEntry } from '@/lib/session/history/history';
import { TIMELINE_KINDS, type TimelineKind } from '@/lib/session/history/timeline';
import type { Source } from '../state/record';
import { CopyButton } from '../ui/parts';
import { EntryDetails } from './entry-details';
import { detailText, EntryMore, safeDetail } from './entry-more';
import { summaryOf } from './entry-words';
import { TimelineList, type TimelineListHandle } from './timeline-list';
import { ALL, createTimelineState } from './timeline-state';

const KIND_WORDS: Readonly<Record<TimelineKind, string>> = {
  operation: 'Operations',
  call: 'Calls of the page',
  request: 'Requests',
  uuid: 'UUIDs',
  token: 'Tokens',
  identity: 'Sign-ins and -outs',
  callback: 'Callbacks',
  storage: 'Storage',
  alarm: 'Alarms',
  document: 'Navigation',
};

/** The history in order, with effects below their causes. @param kinds the kinds that are shown and can be toggled */
export function TimelineView({
  source,
  active,
  now,
  label,
  kinds = TIMELINE_KINDS,
  testid = 'timeline',
  empty,
  note,
  actions,
  goTo,
}: {
  source: Source;
  /** Whether the view is visible; if not, it catches up later. */
  active: boolean;
  now: number;
  label: string;
  kinds?: readonly TimelineKind[];
  testid?: string;
  /** Shown while there are no entries. */
  empty: ComponentChildren;
  note?: ComponentChildren;
  actions?: ComponentChildren;
  /** `seq` of an entry to show regardless of the filter; reset to `null` once it is shown or doesn't exist. */
  goTo?: Signal<number | null>;
}) {
  const textOf = (entry: HistoryEntry) =>
    `${KIND_WORDS[entry.kind]} ${summaryOf(entry)} ${JSON.stringify(entry)} ${'key' in entry ? detailText(source.detailOf(entry.key)) : ''}`;
  const state = useMemo(() => createTimelineState(textOf, { kinds: new Set(kinds) }), [source]);
  const selected = useSignal<number | null>(null);
  const list = useRef<TimelineListHandle>(null);
  const held = active ? source.history.value : source.history.peek();
  const { entries, dropped } = held;
  useEffect(() => {
    if (active) state.follow(held);
  }, [state, held, active]);
  useEffect(() => () => state.close(), [state]);
  const asked = goTo?.value ?? null;
  useEffect(() => {
    if (active && asked !== null) state.want({ ...ALL, kinds: new Set(kinds) });
  }, [active, asked]);
  const shown = state.shown.value;
  const wanted = state.wanted.value;
  const own = kinds.length === TIMELINE_KINDS.length ? entries : entries.filter(({ kind }) => kinds.includes(kind));
  const last = entries.at(-1)?.seq ?? 0;
  const drawn = shown.map(({ entry }) => entry);
  const chosen = selected.value === null ? null : (drawn.find(({ seq }) => seq === selected.value) ?? null);
  const waiting = wanted.pausedAt === null ? 0 : own.filter(({ seq }) => seq > (wanted.pausedAt ?? 0)).length;
  useEffect(() => {
    const at = active && asked !== null && !state.busy.value ? shown.findIndex(({ entry }) => entry.seq === asked) : -1;
    if (at < 0 || !goTo) return;
    list.current?.select(at);
    goTo.value = null;
  }, [active, asked, shown, state.busy.value]);
  const select = (seq: number) => {
    selected.value = seq;
  };
  return (
    <section class="timeline-view" aria-label={label}>
      <div class="line toolbar">
        <input
          type="search"
          aria-label="Look for words"
          placeholder="look for words"
          value={wanted.words}
          onInput={({ currentTarget: { value } }) => state.want({ words: value })}
        />
        {kinds.length > 1 &&
          kinds.map((kind) => (
            <button
              key={kind}
              type="button"
              class="small"
              data-testid={`timeline-kind-${kind}`}
              aria-pressed={wanted.kinds.has(kind)}
              onClick={() => {
                const next = new Set(wanted.kinds);
                if (!next.delete(kind)) next.add(kind);
                state.want({ kinds: next });
              }}
            >
              {KIND_WORDS[kind]}
            </button>
          ))}
        <label class="line" title="What came before the last page load stays in view">
          <input
            type="checkbox"
            checked={wanted.preserved}
            onChange={({ currentTarget: { checked } }) => state.want({ preserved: checked })}
          />
          Preserve log
        </label>
        <span class="spacer" />
        {state.busy.value && <span class="quiet">looking…</span>}
        {kinds.length > 1 && (
          <button type="button" class="small" onClick={() => state.want({ folded: new Set(), foldsAll: !wanted.foldsAll })}>
            {wanted.foldsAll ? 'Unfold all' : 'Fold all'}
          </button>
        )}
        {source.live && (
          <>
            <button
              type="button"
              class="small"
              aria-pressed={wanted.pausedAt !== null}
              onClick={() => state.want({ pausedAt: wanted.pausedAt === null ? last : null })}
            >
              {wanted.pausedAt === null ? 'Pause' : `Go on (${waiting} more)`}
            </button>
            {wanted.cleared > 0 ? (
              <button type="button" class="small" onClick={() => state.want({ cleared: 0 })}>
                Show what was cleared
              </button>
            ) : (
              <button
                type="button"
                class="small"
                disabled={!own.length}
                onClick={() => {
                  selected.value = null;
                  state.want({ cleared: last });
                }}
              >
                Clear
              </button>
            )}
          </>
        )}
        <button type="button" class="small" disabled={!shown.length} onClick={() => list.current?.select(shown.length - 1)}>
          {source.live ? 'Jump to now' : 'Jump to the end'}
        </button>
        {shown.length > 0 && (
          <CopyButton
            what="the rows shown, as JSON"
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
      {dropped > 0 && <p class="quiet note">{dropped.toLocaleString('en')} older entries dropped: there is no room for more.</p>}
      <div class="timeline-columns">
        <TimelineList
          shown={shown}
          selected={selected.value}
          select={select}
          isFolded={state.isFolded}
          fold={({ entry: { seq } }) => {
            const folded = new Set(wanted.folded);
            if (!folded.delete(seq)) folded.add(seq);
            state.want({ folded });
          }}
          now={now}
          label={label}
          testid={testid}
          handle={list}
          empty={own.length ? 'Nothing of what happened fits the filter.' : empty}
        />
        {chosen && (
          <aside class="timeline-details" aria-label="The chosen entry">
            <EntryDetails entry={chosen} entries={drawn} now={now} closed={null} select={select} />
            <EntryMore entry={chosen} source={source} />
          </aside>
        )}
      </div>
    </section>
  );
}

/** An entry with its details, without secrets, for the clipboard. */
const entryJson = (entry: HistoryEntry, source: Source) => {
  const detail = 'key' in entry ? safeDetail(source.detailOf(entry.key)) : null;
  return detail ? { ...entry, detail } : entry;
};
