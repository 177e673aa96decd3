// What a timeline shows, as a test reads it.
import type { Surface } from '../../scripts/view.mjs';

/** A view in whatever browser, or in Node. */
interface Shown {
  readonly target: Pick<Surface, 'evaluate'>;
}

export interface Row {
  readonly kind: string;
  readonly seq: number;
  /** `seq` of the row that it stands under. */
  readonly of: number | null;
  readonly text: string;
}

/** The rows that are drawn, from the top. @param list test id of the list */
export const rowsOf = (v: Shown, list = 'timeline'): Promise<Row[]> =>
  v.target.evaluate(`[...document.querySelectorAll('[data-testid="${list}-entry"]')].map((row) => ({
    kind: row.dataset.kind, seq: Number(row.dataset.seq), of: row.dataset.of === undefined ? null : Number(row.dataset.of),
    text: ['type', 'name', 'details', 'status'].map((name) => row.querySelector('[data-column="' + name + '"]')?.textContent ?? '').join(' ').trim() }))`);

export const kindsOf = (rows: readonly Row[]) => rows.map(({ kind }) => kind);

/** The groups from the top: what stands under nothing, in a word or two, with the kinds of what stands under it. */
export const groupsOf = (rows: readonly Row[]): string[] =>
  rows
    .filter(({ of }) => of === null)
    .map(({ seq, kind, text }) => {
      const under = rows.filter(({ of }) => of === seq).map((row) => row.kind);
      const name = kind === 'call' || kind === 'operation' ? (text.split(' ')[0] ?? '') : kind;
      // What one reading brings has no order of its own.
      return under.length ? `${name}: ${under.sort().join(' ')}` : name;
    });

/** Presses a button of the toolbar of the tab that is shown. */
export const press = (v: Shown, name: string) =>
  v.target.evaluate(
    `[...document.querySelectorAll('[role="tabpanel"]:not([hidden]) .toolbar button')].find((one) => (one.ariaLabel ?? one.getAttribute('aria-label') ?? one.textContent).startsWith('${name}')).click()`,
  );

/** Looks for words. */
export const look = (v: Shown, words: string) =>
  v.target.evaluate(`(() => {
    const input = document.querySelector('[role="tabpanel"]:not([hidden]) .toolbar input[type="search"]');
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, ${JSON.stringify(words)});
    input.dispatchEvent(new Event('input', { bubbles: true })); })()`);

/** Selects a row of a list. */
export const choose = (v: Shown, seq: number, list = 'timeline') =>
  v.target.evaluate(`document.querySelector('[data-testid="${list}-entry"][data-seq="${seq}"]').click()`);

/** Folds or unfolds what stands under a row, as a click on its mark does. */
export const fold = (v: Shown, seq: number, list = 'timeline') =>
  v.target.evaluate(`document.querySelector('[data-testid="${list}-entry"][data-seq="${seq}"] .fold').click()`);

/** Switches between all that happened and what came since the last page load. */
export const preserve = (v: Shown, list = 'timeline') =>
  v.target.evaluate(`document.querySelector('[data-testid="${list}-keep"]').click()`);

/** How many entries wait for a paused list to go on. */
export const waiting = async (v: Shown, list = 'timeline'): Promise<number> =>
  Number(
    /\d+/.exec(await v.target.evaluate(`document.querySelector('[data-testid="${list}-pause"]').getAttribute('aria-label')`))?.[0] ?? 0,
  );
