/** A table's layout as the user arranged it: widths, hidden columns, order. Kept per table, in the browser. */
import { type Signal, signal } from '@preact/signals';

export interface TableLayout {
  /** px, by column. */
  readonly widths: Readonly<Record<string, number>>;
  readonly hidden: readonly string[];
  /** `null`: in order of time. */
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
}

const AS_MADE: TableLayout = { widths: {}, hidden: [], sort: null };

const keyOf = (table: string) => `table:${table}`;

function stored(table: string): TableLayout {
  try {
    const { widths, hidden } = JSON.parse(localStorage.getItem(keyOf(table)) ?? '{}') as Partial<TableLayout>;
    return {
      widths: Object.fromEntries(Object.entries(widths ?? {}).filter(([, width]) => width >= 24 && width < 4000)),
      hidden: Array.isArray(hidden) ? hidden.filter((one) => typeof one === 'string') : [],
      sort: null,
    };
  } catch {
    // No storage here, or something else wrote there.
    return AS_MADE;
  }
}

/** The layout of the table of that name. Widths and hidden columns are kept; sorting lasts as long as the view. */
export function tableLayout(table: string): { readonly layout: Signal<TableLayout>; change(change: Partial<TableLayout>): void } {
  const layout = signal(stored(table));
  return {
    layout,
    change(change) {
      layout.value = { ...layout.value, ...change };
      try {
        const { widths, hidden } = layout.value;
        localStorage.setItem(keyOf(table), JSON.stringify({ widths, hidden }));
      } catch {
        // Kept for this view only.
      }
    },
  };
}
