// The Storage tab's rows, as a person uses them: in a browser and in Node.
import { until } from '../../scripts/until.mjs';
import type { Surface, View } from '../../scripts/view.mjs';

/** A popup or panel of either. */
export type Shown = View<Surface>;

const row = (name: string) => `document.querySelector('[data-testid="kept"][data-name="${name}"]')`;

/** Whether there is a row of that name. */
export const isThere = (v: Shown, name: string): Promise<boolean> => v.target.evaluate(`!!${row(name)}`);

/** How many rows have that name. */
export const countOf = (v: Shown, name: string): Promise<number> =>
  v.target.evaluate(`document.querySelectorAll('[data-testid="kept"][data-name="${name}"]').length`);

/** Chooses a row, and presses a button of its details once it can be pressed. */
export async function pressIn(v: Shown, name: string, what: 'Edit' | 'Delete'): Promise<void> {
  await until(`the row ${name}`, () => isThere(v, name));
  await v.target.evaluate(`${row(name)}.click()`);
  const button = `document.querySelector('[data-testid="kept-details"][aria-label="${name}"] [data-testid="${what === 'Edit' ? 'start-edit' : 'delete-kept'}"]')`;
  await until(`${what} of ${name}`, () => v.target.evaluate(`${button}?.disabled === false`));
  await v.target.evaluate(`${button}.click()`);
}

/** Gives a row another value, by its form. */
export async function edit(v: Shown, name: string, value: string): Promise<void> {
  await pressIn(v, name, 'Edit');
  await until('the form', () => v.there('edit-kept'));
  await v.type('edit-kept', value);
  await v.click('save-kept');
}

/** Takes the last change back, once the view knows that it was made: until then the button is for the one before, and off. */
export async function undo(v: Shown): Promise<void> {
  await until('something to undo', async () => (await v.there('undo-storage')) && !(await v.disabled('undo-storage')));
  await v.click('undo-storage');
}
