import './timeline.css';
import { useSignal } from '@preact/signals';
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { HistoryEntry } from '@/lib/session/history';
import { filtered, TIMELINE_KINDS, type TimelineKind, timelineOf } from '@/lib/session/timeline';
import { EntryDetails } from './entry-details';
import { summaryOf, toneOf } from './entry-words';
import { clock } from './format';
import { later } from './later';
import type { Model } from './model';
import { CopyButton } from './parts';
import type { Rows } from './virtual-rows';

const VirtualRows = later(async () => (await import('./virtual-rows')).VirtualRows);

const KIND_WORDS: Readonly<Record<TimelineKind, string>> = {
  operation: 'Operations',
  call: 'Calls of the page',
  uuid: 'UUIDs',
  token: 'Tokens',
  identity: 'Sign-ins and -outs',
  document: 'Page loads',
};
/** px */
const ROW = 24;

/** All that is said of an entry, for looking through it. */
const textOf = (entry: HistoryEntry): string => `${KIND_WORDS[entry.kind]} ${summaryOf(entry)} ${JSON.stringify(entry)}`;

/** What the tab has had, in order, with what came of what. */
export function TimelineView({ model }: { model: Model }) {
  const kinds = useSignal<ReadonlySet<TimelineKind>>(new Set(TIMELINE_KINDS));
  const words = useSignal('');
  const thisPage = useSignal(false);
  const cleared = useSignal(0);
  /** The history as it was when it was paused. */
  const paused = useSignal<readonly HistoryEntry[] | null>(null);
  const selected = useSignal<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const rows = useRef<Rows>(null);
  const { entries, dropped } = model.history.value;
  const source = paused.value ?? entries;
  const ordered = useMemo(() => timelineOf(source), [source]);
  const shown = useMemo(
    () => filtered(ordered, { kinds: kinds.value, words: words.value, thisPage: thisPage.value, after: cleared.value }, textOf),
    [ordered, kinds.value, words.value, thisPage.value, cleared.value],
  );
  /** The newest stays in sight while nobody looks at another. */
  const follows = useRef(true);
  useEffect(() => {
    if (follows.current && shown.length) rows.current?.show(shown.length - 1);
  }, [shown.length]);
  const now = model.now.value;
  const at = shown.findIndex(({ entry }) => entry.seq === selected.value);
  const chosen = shown[at]?.entry ?? null;
  const select = (index: number) => {
    const row = shown[index];
    if (!row) return;
    selected.value = row.entry.seq;
    follows.current = index === shown.length - 1;
    rows.current?.show(index);
  };
  const keys = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? ROW) / ROW) - 1);
    const from = at < 0 ? shown.length : at;
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: shown.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    select(Math.min(Math.max(to, 0), shown.length - 1));
  };
  return (
    <section class="timeline-view" aria-label="Timeline">
      <div class="line toolbar">
        <input
          type="search"
          aria-label="Look for words"
          placeholder="look for words"
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
          }}
        />
        {TIMELINE_KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            class="small"
            data-testid={`timeline-kind-${kind}`}
            aria-pressed={kinds.value.has(kind)}
            onClick={() => {
              const next = new Set(kinds.value);
              if (!next.delete(kind)) next.add(kind);
              kinds.value = next;
            }}
          >
            {KIND_WORDS[kind]}
          </button>
        ))}
        <label class="line">
          <input
            type="checkbox"
            checked={thisPage.value}
            onChange={(event) => {
              thisPage.value = event.currentTarget.checked;
            }}
          />
          this page load only
        </label>
        <span class="spacer" />
        <button
          type="button"
          class="small"
          aria-pressed={paused.value !== null}
          onClick={() => {
            paused.value = paused.value === null ? entries : null;
          }}
        >
          {paused.value === null ? 'Pause' : `Go on (${entries.length - paused.value.length} more)`}
        </button>
        {cleared.value > 0 ? (
          <button
            type="button"
            class="small"
            onClick={() => {
              cleared.value = 0;
            }}
          >
            Show what was cleared
          </button>
        ) : (
          <button
            type="button"
            class="small"
            disabled={!entries.length}
            onClick={() => {
              cleared.value = entries.at(-1)?.seq ?? 0;
              selected.value = null;
            }}
          >
            Clear
          </button>
        )}
        <button type="button" class="small" disabled={!shown.length} onClick={() => select(shown.length - 1)}>
          Jump to now
        </button>
        {shown.length > 0 && (
          <CopyButton
            what="the rows shown, as JSON"
            text={() =>
              JSON.stringify(
                shown.map(({ entry }) => entry),
                null,
                2,
              )
            }
          />
        )}
      </div>
      {dropped > 0 && <p class="quiet note">{dropped} older entries dropped: there is no room for more.</p>}
      <div class="timeline-columns">
        <div
          ref={list}
          class="timeline-list"
          data-testid="timeline"
          role="listbox"
          aria-label="What happened"
          aria-activedescendant={chosen ? `entry-${chosen.seq}` : undefined}
          tabIndex={0}
          onKeyDown={keys}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
            follows.current = scrollTop + clientHeight >= scrollHeight - ROW;
          }}
        >
          {shown.length === 0 && <p class="quiet timeline-empty">{emptyWords(entries.length)}</p>}
          <VirtualRows count={shown.length} height={ROW} rows={rows} scroller={list}>
            {(index, top) => {
              const row = shown[index];
              if (!row) return null;
              const { entry, of } = row;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys, by aria-activedescendant
                // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, by aria-activedescendant
                <div
                  key={entry.seq}
                  id={`entry-${entry.seq}`}
                  class={`timeline-row ${toneOf(entry)} ${of === null ? '' : 'effect'}`}
                  style={{ transform: `translateY(${top}px)` }}
                  role="option"
                  aria-selected={entry.seq === selected.value}
                  data-testid="timeline-entry"
                  data-kind={entry.kind}
                  data-seq={String(entry.seq)}
                  data-of={of === null ? undefined : String(of)}
                  onClick={() => select(index)}
                >
                  <span class="when">{clock(entry.at, now)}</span>
                  <span class="what" title={summaryOf(entry)}>
                    {summaryOf(entry)}
                  </span>
                </div>
              );
            }}
          </VirtualRows>
        </div>
        {chosen && (
          <aside class="timeline-details" aria-label="The chosen entry">
            <EntryDetails
              entry={chosen}
              entries={source}
              now={now}
              closed={null}
              select={(seq) => {
                selected.value = seq;
              }}
            />
            <CopyButton what="this entry as JSON" text={() => JSON.stringify(chosen, null, 2)} />
          </aside>
        )}
      </div>
    </section>
  );
}

function emptyWords(entries: number): string {
  if (entries > 0) return 'Nothing of what happened fits the filter.';
  return 'Nothing happened yet. Operations, calls of the page, new UUIDs and tokens, sign-ins and page loads show here as they come.';
}
