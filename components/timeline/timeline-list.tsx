import type { ComponentChildren, Ref, TargetedKeyboardEvent } from 'preact';
import { useEffect, useImperativeHandle, useRef } from 'preact/hooks';
import type { TimelineRow } from '@/lib/session/history/timeline';
import { clock } from '../ui/format';
import { later } from '../ui/later';
import type { Rows } from '../ui/virtual-rows';
import { summaryOf, toneOf } from './entry-words';

const VirtualRows = later(async () => (await import('../ui/virtual-rows')).VirtualRows);

/** px */
const ROW = 24;

export interface TimelineListHandle {
  /** Selects a row and scrolls it into view. */
  select(index: number): void;
}

/** A row's depth below other visible rows. */
const depthOf = ({ under }: TimelineRow): number => (under ? (under.fits ? 1 : 0) + depthOf(under) : 0);

/** A timeline's rows, with keyboard navigation; only visible ones are rendered. */
export function TimelineList({
  shown,
  selected,
  select,
  isFolded,
  fold,
  now,
  empty,
  label,
  testid,
  handle,
}: {
  shown: readonly TimelineRow[];
  /** `seq` of the selected row. */
  selected: number | null;
  select(seq: number): void;
  isFolded(row: TimelineRow): boolean;
  fold(row: TimelineRow): void;
  now: number;
  /** Shown if there are no rows. */
  empty: ComponentChildren;
  label: string;
  /** The list's test id; its rows have the same with `-entry`. */
  testid: string;
  handle: Ref<TimelineListHandle>;
}) {
  const list = useRef<HTMLDivElement>(null);
  const rows = useRef<Rows>(null);
  /** Keeps the newest row in view until the user looks at another. */
  const follows = useRef(true);
  const at = shown.findIndex(({ entry }) => entry.seq === selected);
  const go = (index: number) => {
    const row = shown[index];
    if (!row) return;
    follows.current = index === shown.length - 1;
    select(row.entry.seq);
    show(index);
  };
  useImperativeHandle(handle, () => ({ select: go }), [shown]);
  /** The position that we scrolled to, to tell our own scroll events from the user's. */
  const placed = useRef(0);
  const show = (index: number) => {
    rows.current?.show(index);
    placed.current = list.current?.scrollTop ?? 0;
  };
  useEffect(() => {
    if (follows.current && shown.length) show(shown.length - 1);
  }, [shown]);
  const keys = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? ROW) / ROW) - 1);
    const from = at < 0 ? shown.length : at;
    const chosen = shown[at];
    if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && chosen?.effects.length) {
      if (isFolded(chosen) === (event.key === 'ArrowRight')) fold(chosen);
      event.preventDefault();
      return;
    }
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: shown.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    go(Math.min(Math.max(to, 0), shown.length - 1));
  };
  // A listbox without options isn't valid.
  if (!shown.length)
    return (
      <div class="timeline-list" data-testid={testid}>
        <p class="quiet timeline-empty">{empty}</p>
      </div>
    );
  return (
    <div
      ref={list}
      class="timeline-list"
      data-testid={testid}
      role="listbox"
      aria-label={label}
      aria-activedescendant={at < 0 ? undefined : `${testid}-${selected}`}
      tabIndex={0}
      onKeyDown={keys}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        if (Math.abs(scrollTop - placed.current) > 1) follows.current = scrollTop + clientHeight >= scrollHeight - ROW;
      }}
    >
      <VirtualRows count={shown.length} height={ROW} rows={rows} scroller={list}>
        {(index, top) => {
          const row = shown[index];
          if (!row) return null;
          const { entry, under } = row;
          const effects = row.effects.filter(({ fits }) => fits);
          const words = summaryOf(entry);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys, by aria-activedescendant
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, by aria-activedescendant
            <div
              key={entry.seq}
              id={`${testid}-${entry.seq}`}
              class={`timeline-row ${toneOf(entry)} depth-${Math.min(2, depthOf(row))}`}
              style={{ transform: `translateY(${top}px)` }}
              role="option"
              aria-selected={entry.seq === selected}
              data-testid={`${testid}-entry`}
              data-kind={entry.kind}
              data-seq={String(entry.seq)}
              data-of={under === null ? undefined : String(under.entry.seq)}
              onClick={({ target }) => {
                if (effects.length && (target as HTMLElement).classList.contains('fold')) fold(row);
                else go(index);
              }}
            >
              <span class="when">{clock(entry.at, now)}</span>
              <span
                class={`fold ${effects.length ? (isFolded(row) ? 'closed' : 'open') : ''}`}
                title={effects.length ? `${effects.length} came of it` : undefined}
              />
              <span class="what" title={words}>
                {words}
              </span>
            </div>
          );
        }}
      </VirtualRows>
    </div>
  );
}
