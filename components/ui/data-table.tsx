// A grid of divs: only the rows in sight are in the document, and they stand where the scrolling puts them.
// biome-ignore-all lint/a11y/useSemanticElements: a table can't be drawn in part
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, by aria-activedescendant
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid handles the keys
// biome-ignore-all lint/a11y/noStaticElementInteractions: it is a grid or a treegrid
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: as above
import './data-table.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren, Ref, TargetedKeyboardEvent } from 'preact';
import { useEffect, useImperativeHandle, useMemo, useRef } from 'preact/hooks';
import { ContextMenu, type MenuItem } from './context-menu';
import { copyText } from './copy';
import { later } from './later';
import { type TableLayout, tableLayout } from './table-layout';
import type { Rows } from './virtual-rows';
import { useWidth } from './width';

const VirtualRows = later(async () => (await import('./virtual-rows')).VirtualRows);

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** px; a column that grows takes what is left, and at least this. */
  readonly width: number;
  readonly grows?: true;
  readonly right?: true;
  /** Shown only in a table of at least this width (px). */
  readonly from?: number;
  /** Its cells have controls, whose focus must not pass to another row. */
  readonly controls?: true;
  cell(row: Row): ComponentChildren;
  /** What the column sorts by; one without does not sort. */
  sorts?(row: Row): number | string;
}

/** How a row is shown, besides its cells. */
export interface RowLook {
  /** Such as `bad` or `warn`. */
  readonly tone?: string;
  /** How deep it is nested. */
  readonly depth?: number;
  readonly folds?: 'open' | 'closed';
  readonly data?: Readonly<Record<`data-${string}`, string | undefined>>;
}

export interface TableHandle {
  /** Selects a row and brings it into view. */
  select(index: number): void;
}

export interface TableProps<Row> {
  /** The table's accessible name. */
  readonly label: string;
  /** Test id of the table; its rows have the same with `-entry`. Its layout is remembered under it. */
  readonly testid: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  keyOf(row: Row): number | string;
  look?(row: Row): RowLook;
  readonly selected: number | string | null;
  select(key: number | string | null): void;
  fold?(row: Row): void;
  /** Items of a row's context menu, besides copying it. */
  menu?(row: Row): readonly MenuItem[];
  /** Follows the newest row, until another is looked at. */
  readonly follows?: true;
  /** Where the order is not that of the rows; the table shows `rows` as they come. */
  sorted?(sort: TableLayout['sort']): void;
  /** Shown if there are no rows. */
  readonly empty: ComponentChildren;
  readonly handle?: Ref<TableHandle>;
}

/** px; the same as `--row-height`. */
const ROW = 21;
const NARROWEST = 32;

/**
 * A table as DevTools has them: rows of one height, drawn only where they are seen; columns that are sorted, resized and
 * hidden; arrow keys, Home, End, Page keys; Ctrl+C and a context menu.
 */
export function DataTable<Row>(props: TableProps<Row>) {
  const { label, testid, rows, columns, keyOf, look, selected, select, fold, menu, follows: canFollow, empty, handle } = props;
  const { layout, change } = useMemo(() => tableLayout(testid), [testid]);
  const { widths, hidden, sort } = layout.value;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useRef<Rows>(null);
  const width = useSignal(10_000);
  const open = useSignal<{ x: number; y: number; items: readonly MenuItem[] } | null>(null);
  const follows = useRef(canFollow === true);
  const placed = useRef(0);
  useWidth(box, (px) => (width.value = px));
  const fits = ({ id, from = 0 }: Column<Row>) => !hidden.includes(id) && width.value >= from;
  const shown = columns.filter(fits);
  const template = shown
    .map(({ id, width: own, grows }) => (widths[id] ? `${widths[id]}px` : grows ? `minmax(${own}px, 1fr)` : `${own}px`))
    .join(' ');
  const least = shown.reduce((sum, { id, width: own }) => sum + (widths[id] ?? own), 0);
  const at = useMemo(() => (selected === null ? -1 : rows.findIndex((row) => keyOf(row) === selected)), [rows, selected]);
  const show = (index: number) => {
    virtual.current?.show(index);
    placed.current = box.current?.scrollTop ?? 0;
  };
  const go = (index: number) => {
    const row = rows[index];
    if (row === undefined) return;
    follows.current = canFollow === true && index === rows.length - 1;
    select(keyOf(row));
    show(index);
  };
  useImperativeHandle(handle ?? null, () => ({ select: go }), [rows]);
  /** Follows the newest row only where nobody scrolled away from it. */
  const scrolled = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement) => {
    if (!canFollow || Math.abs(scrollTop - placed.current) <= 1) return;
    follows.current = scrollTop + clientHeight >= scrollHeight - ROW;
    // Nowhere: scrolling back to where it was placed is scrolling to the end again.
    placed.current = follows.current ? scrollTop : Number.NaN;
  };
  useEffect(() => {
    // The event of a scroll may be still to come.
    if (box.current && follows.current) scrolled(box.current);
    if (follows.current && sort === null && rows.length) show(rows.length - 1);
  }, [rows]);
  useEffect(() => props.sorted?.(sort), [sort]);
  const textOf = (index: number) =>
    [...(box.current?.querySelectorAll(`[aria-rowindex="${index + 2}"] > [role="gridcell"]`) ?? [])]
      .map((cell) => (cell as HTMLElement).innerText.trim())
      .join('\t');
  const keys = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor(((box.current?.clientHeight ?? ROW) - ROW) / ROW) - 1);
    const row = rows[at];
    const side = row !== undefined && look?.(row).folds;
    if (side && fold && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      if ((side === 'closed') === (event.key === 'ArrowRight')) fold(row);
    } else if (event.key === 'Escape' && selected !== null) select(null);
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && at >= 0 && !getSelection()?.toString()) void copyText(textOf(at));
    else if ((event.key === 'Enter' || event.key === ' ') && at < 0) go(0);
    else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && row !== undefined) {
      const { left = 0, bottom = 0 } = box.current?.querySelector(`[aria-rowindex="${at + 2}"]`)?.getBoundingClientRect() ?? {};
      openMenu(row, at, left + 40, bottom);
    } else {
      const from = at < 0 ? (canFollow ? rows.length : -1) : at;
      const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: rows.length - 1 }[
        event.key
      ];
      if (to === undefined || !rows.length) return;
      go(Math.min(Math.max(to, 0), rows.length - 1));
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const openMenu = (row: Row, index: number, x: number, y: number) => {
    select(keyOf(row));
    const copy = { label: 'Copy row', run: () => void copyText(textOf(index)) };
    open.value = { x, y, items: [...(menu?.(row) ?? []), copy] };
  };
  const order = (column: Column<Row>) => {
    if (!column.sorts) return;
    const isSame = sort?.column === column.id;
    change({ sort: isSame && sort.descending ? null : { column: column.id, descending: isSame } });
  };
  return (
    <div
      ref={box}
      class="data-table"
      style={{ '--columns': template, '--columns-width': `${least}px` }}
      data-testid={testid}
      role={fold ? 'treegrid' : 'grid'}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at < 0 ? undefined : `${testid}-${selected}`}
      tabIndex={0}
      onKeyDown={keys}
      onScroll={({ currentTarget }) => scrolled(currentTarget)}
    >
      <div
        class="head"
        role="row"
        aria-rowindex={1}
        onContextMenu={(event) => {
          event.preventDefault();
          const items = columns.map(({ id, label: name }, index) => ({
            label: name,
            checked: !hidden.includes(id),
            disabled: index === 0,
            run: () => change({ hidden: hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id] }),
          }));
          const reset = { label: 'Reset columns', run: () => change({ widths: {}, hidden: [], sort: null }) };
          open.value = { x: event.clientX, y: event.clientY, items: [...items, reset] };
        }}
      >
        {shown.map((column) => (
          <HeadCell
            key={column.id}
            column={column}
            sort={sort?.column === column.id ? (sort.descending ? 'descending' : 'ascending') : 'none'}
            order={() => order(column)}
            resize={(px) => change({ widths: { ...widths, [column.id]: Math.max(NARROWEST, Math.round(px)) } })}
          />
        ))}
      </div>
      {rows.length === 0 ? (
        <div class="empty-rows" role="row">
          <div class="quiet" role="gridcell">
            {empty}
          </div>
        </div>
      ) : (
        <VirtualRows count={rows.length} height={ROW} above={ROW} rows={virtual} scroller={box}>
          {(index, top, slot) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = keyOf(row);
            const { tone = '', depth = 0, folds, data } = look?.(row) ?? {};
            return (
              <div
                key={slot}
                id={`${testid}-${key}`}
                class={`row ${tone} ${index % 2 ? 'even' : ''}`}
                style={{ transform: `translateY(${top}px)` }}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={key === selected}
                aria-expanded={folds && folds === 'open'}
                data-testid={`${testid}-entry`}
                {...data}
                onClick={({ target }) => {
                  if (folds && fold && (target as HTMLElement).classList.contains('fold')) fold(row);
                  else go(index);
                }}
                onContextMenu={(event) => {
                  event.preventDefault();
                  openMenu(row, index, event.clientX, event.clientY);
                }}
              >
                {shown.map((column, nth) => (
                  <div
                    key={column.controls ? `${column.id} ${key}` : column.id}
                    role="gridcell"
                    class={column.right ? 'right' : undefined}
                    data-column={column.id}
                  >
                    {nth === INDENTED && (depth > 0 || folds) && (
                      <span class={`fold ${folds ?? ''}`} style={{ marginInlineStart: `${depth * 16}px` }} />
                    )}
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          }}
        </VirtualRows>
      )}
      {open.value && <ContextMenu {...open.value} close={() => (open.value = null)} />}
    </div>
  );
}

/** Which column shows how deep a row stands, and folds it. */
const INDENTED = 1;

function HeadCell<Row>({
  column: { id, label, right, sorts },
  sort,
  order,
  resize,
}: {
  column: Column<Row>;
  sort: 'none' | 'ascending' | 'descending';
  order(): void;
  resize(px: number): void;
}) {
  const cell = useRef<HTMLDivElement>(null);
  const drag = (event: PointerEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const grip = event.currentTarget as HTMLElement;
    const from = event.clientX;
    const before = cell.current?.getBoundingClientRect().width ?? 0;
    grip.setPointerCapture(event.pointerId);
    grip.onpointermove = ({ clientX }) => resize(before + clientX - from);
    grip.onpointerup = () => {
      grip.onpointermove = null;
      grip.onpointerup = null;
    };
  };
  return (
    <div ref={cell} role="columnheader" class={right ? 'right' : undefined} aria-sort={sorts ? sort : undefined} data-column={id}>
      {sorts ? (
        <button type="button" class="sorts" tabIndex={-1} onClick={order} title={`Sort by ${label.toLowerCase()}`}>
          <span class="cut-off">{label}</span>
          {sort !== 'none' && <span aria-hidden="true">{sort === 'ascending' ? '▴' : '▾'}</span>}
        </button>
      ) : (
        <span class="cut-off">{label}</span>
      )}
      <span class="grip" aria-hidden="true" onPointerDown={drag} />
    </div>
  );
}
