/** The panel's Account tab in Node. */
import { ERROR_HINTS, type ErrorHint, errorHintsOf } from '@/lib/forms/error-hints';
import type { OperationName } from '@/lib/sdk/operations';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, type NodePage, type NodeView } from './inspector';
import { openShop, outcomeOf, press, sessionOf } from './shop';

export const ADA = 'ada@shop.example';

export interface AccountTab {
  readonly page: NodePage;
  readonly v: NodeView;
}

/** The Account tab of a page of the shop whose SDK has a token; with Ada signed in where `ada` says so. */
export async function accountTab(inspector: NodeInspector, path = '/', { ada = false } = {}): Promise<AccountTab> {
  const page = await openShop(inspector, path);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Account');
  await until('the operations on accounts', () => v.there('action-getAccount'));
  if (ada) await signInAsAda(page, v);
  return { page, v };
}

export async function signInAsAda(page: NodePage, v: NodeView): Promise<void> {
  await press(page, 'sign-in');
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
}

/** The arguments of each call of a method of the page's SDK. */
export const callsOf = async (page: NodePage, method: string): Promise<readonly (readonly unknown[])[]> =>
  (await hookOf(page)).calls.flatMap(([name, args]) => (name === method ? [args] : []));

/** Deletes the account in the panel, with `email` typed to confirm it. */
export async function deleteAccount(v: NodeView, clientAuthFactor: string, email = ADA) {
  await v.open('deleteAccount', { clientAuthFactor });
  await v.type('confirm-email', email);
  return v.ended(await v.submit());
}

/** All words of the view, also of what is folded away, such as the details of the last operation's result. */
export async function wordsOf(v: NodeView): Promise<string> {
  if ((await v.attr('result-details', 'aria-expanded')) === 'false') {
    await v.click('result-details');
    await until('the details', async () => (await v.attr('result-details', 'aria-expanded')) === 'true');
  }
  return String(await v.target.evaluate('document.body.textContent'));
}

/** The hints on the error that the last operation got, once the view shows them all, the most specific first. */
export async function hintsOn(inspector: NodeInspector, { page, v }: AccountTab): Promise<readonly ErrorHint[]> {
  const outcome = outcomeOf(inspector, page);
  const error = outcome?.answer?.error;
  if (!outcome || !error) throw new Error('The last operation got no error.');
  const hints = errorHintsOf(outcome, sessionOf(inspector, page)?.history.of?.dialect ?? null, error);
  await until('the hints in their order', async () => {
    const words = await wordsOf(v);
    const places = hints.map(({ text }) => words.indexOf(text));
    return places.every((place, at) => place > (places[at - 1] ?? -1));
  });
  return hints;
}

/** The hint of the table on an operation's status, or on a status whatever the operation. */
export function hintOf(status: number, operation?: OperationName): string {
  const rule = ERROR_HINTS.find(
    ({ operations, codes, dialects, ...rule }) =>
      (operation === undefined ? !operations && !codes && !dialects : operations?.includes(operation)) &&
      (rule.status === status || (rule.from && rule.from[0] <= status && status <= rule.from[1])),
  );
  if (!rule) throw new Error(`no hint on ${status} of ${operation}`);
  return rule.text;
}

const HINTS = [...new Set(ERROR_HINTS.map(({ text }) => text))];

/** The hints of the table that the view shows, in their order. */
export async function hintsIn(v: NodeView): Promise<readonly string[]> {
  const words = await wordsOf(v);
  return HINTS.filter((text) => words.includes(text)).sort((a, b) => words.indexOf(a) - words.indexOf(b));
}
