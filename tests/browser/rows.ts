// Reads and uses the rows of the timeline and similar lists.
import type { Surface } from '../../scripts/view.mjs';

/** A view in any browser, or in Node. */
interface Shown {
  readonly target: Pick<Surface, 'evaluate'>;
}

export interface Row {
  readonly kind: string;
  readonly seq: number;
  /** `seq` of the parent row. */
  readonly of: number | null;
  readonly text: string;
}

/** The rendered rows, from the top. @param list test id of the list */
export const rowsOf = (v: Shown, list = 'timeline'): Promise<Row[]> =>
  v.target.evaluate(`[...document.querySelectorAll('[data-testid="${list}-entry"]')].map((row) => ({
    kind: row.dataset.kind, seq: Number(row.dataset.seq), of: row.dataset.of === undefined ? null : Number(row.dataset.of),
    text: ['type', 'name', 'details', 'status'].map((name) => row.querySelector('[data-column="' + name + '"]')?.textContent ?? '').join(' ').trim() }))`);

export const kindsOf = (rows: readonly Row[]) => rows.map(({ kind }) => kind);

/** The top-level rows in order, each in a word or two, with the kinds of the rows nested in it. */
export const groupsOf = (rows: readonly Row[]): string[] =>
  rows
    .filter(({ of }) => of === null)
    .map(({ seq, kind, text }) => {
      const under = rows.filter(({ of }) => of === seq).map((row) => row.kind);
      const name = kind === 'call' || kind === 'operation' ? (text.split(' ')[0] ?? '') : kind;
      // Entries of the same reading have no defined order.
      return under.length ? `${name}: ${under.sort().join(' ')}` : name;
    });

/** Clicks a toolbar button in the visible tab. */
export const press = (v: Shown, name: string) =>
  v.target.evaluate(
    `[...document.querySelectorAll('[role="tabpanel"]:not([hidden]) .toolbar button')].find((one) => (one.ariaLabel ?? one.getAttribute('aria-label') ?? one.textContent).startsWith('${name}')).click()`,
  );

/** An expression that enters words in the search field of the visible tab. */
export const entering = (words: string) => `(() => {
    const input = document.querySelector('[role="tabpanel"]:not([hidden]) .toolbar input[type="search"]');
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, ${JSON.stringify(words)});
    input.dispatchEvent(new Event('input', { bubbles: true })); })()`;

/** Enters words in the search field of the visible tab. */
export const look = (v: Shown, words: string) => v.target.evaluate(entering(words));

/** Selects a row of a list. */
export const choose = (v: Shown, seq: number, list = 'timeline') =>
  v.target.evaluate(`document.querySelector('[data-testid="${list}-entry"][data-seq="${seq}"]').click()`);

/** Collapses or expands a row, as a click on its arrow does. */
export const fold = (v: Shown, seq: number, list = 'timeline') =>
  v.target.evaluate(`document.querySelector('[data-testid="${list}-entry"][data-seq="${seq}"] .fold').click()`);

/** Toggles between the whole history and the entries since the last page load. */
export const preserve = (v: Shown, list = 'timeline') =>
  v.target.evaluate(`document.querySelector('[data-testid="${list}-keep"]').click()`);

/** How many entries a paused list is holding back. */
export const waiting = async (v: Shown, list = 'timeline'): Promise<number> =>
  Number(
    /\d+/.exec(await v.target.evaluate(`document.querySelector('[data-testid="${list}-pause"]').getAttribute('aria-label')`))?.[0] ?? 0,
  );
