// Uses the rows of the Storage tab as a user would, in a browser and in Node.
import { until } from '../../scripts/until.mjs';
import type { Surface, View } from '../../scripts/view.mjs';

/** A popup or panel, in a browser or in Node. */
export type Shown = View<Surface>;

const row = (name: string) => `document.querySelector('[data-testid="kept"][data-name="${name}"]')`;

/** Whether there is a row with that name. */
export const isThere = (v: Shown, name: string): Promise<boolean> => v.target.evaluate(`!!${row(name)}`);

/** How many rows have that name. */
export const countOf = (v: Shown, name: string): Promise<number> =>
  v.target.evaluate(`document.querySelectorAll('[data-testid="kept"][data-name="${name}"]').length`);

/** Selects a row and clicks a button in its details once the button is enabled. */
export async function pressIn(v: Shown, name: string, what: 'Edit' | 'Delete'): Promise<void> {
  await until(`the row ${name}`, () => isThere(v, name));
  await v.target.evaluate(`${row(name)}.click()`);
  const button = `document.querySelector('[data-testid="kept-details"][aria-label="${name}"] [data-testid="${what === 'Edit' ? 'start-edit' : 'delete-kept'}"]')`;
  await until(`${what} of ${name}`, () => v.target.evaluate(`${button}?.disabled === false`));
  await v.target.evaluate(`${button}.click()`);
}

/** Changes the value of a row in its form. */
export async function edit(v: Shown, name: string, value: string): Promise<void> {
  await pressIn(v, name, 'Edit');
  await until('the form', () => v.there('edit-kept'));
  await v.type('edit-kept', value);
  await v.click('save-kept');
}

/** Undoes the last change, once the view knows about it: until then, Undo refers to the previous change and is disabled. */
export async function undo(v: Shown): Promise<void> {
  await until('something to undo', async () => (await v.there('undo-storage')) && !(await v.disabled('undo-storage')));
  await v.click('undo-storage');
}
