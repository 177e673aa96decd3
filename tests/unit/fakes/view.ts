/** What several Node tests ask of a popup or panel, beyond `scripts/view.mjs`. */
import { until } from '@/scripts/until.mjs';
import type { NodePage, NodeView } from './inspector';
import { hookOf } from './inspector';

export const uuidIn = async (page: NodePage): Promise<string> => (await hookOf(page)).held.uuid ?? '';

/** Waits until the page's SDK has a UUID and the view shows it; gives it. */
export const uuidShown = (v: NodeView, page: NodePage): Promise<string> =>
  until('the UUID of the page in the view', async () => {
    const uuid = await uuidIn(page);
    return (await v.text('uuid')) === uuid && uuid;
  });

/** Waits until the text of `id` matches; gives the text. */
export const textOf = (v: NodeView, id: string, words: RegExp): Promise<string> =>
  until(`${words} in ${id}`, async () => {
    const text = (await v.text(id)) ?? '';
    return words.test(text) && text;
  });

/** The clients that can be chosen, in their words. */
export const clientsOf = (v: NodeView) =>
  v.target.evaluate(`[...document.querySelector('[data-testid="client-select"]')?.options ?? []].map((one) => one.text)`) as Promise<
    string[]
  >;

/** Chooses the client whose option's words contain `words`. */
export async function chooseClient(v: NodeView, words: string): Promise<void> {
  const at = await until(`a client called ${words}`, async () => {
    const found = (await clientsOf(v)).findIndex((one) => one.includes(words));
    return found >= 0 && String(found);
  });
  await v.target.evaluate(`(() => {
    const select = document.querySelector('[data-testid="client-select"]');
    select.value = select.options[${at}].value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  })()`);
}

/** The text of `id` without what is folded away, which happy-dom's `innerText` has too. */
export const unfolded = (v: NodeView, id: string): Promise<string> =>
  v.target.evaluate(`(() => {
    const copy = document.querySelector('[data-testid="${id}"]').cloneNode(true);
    for (const one of copy.querySelectorAll('details:not([open])')) one.remove();
    return copy.textContent;
  })()`) as Promise<string>;
