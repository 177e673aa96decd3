/** Pages of the sandbox's shop in Node: what a person and the page itself do on them, and what the background keeps of them. */
import type { HistoryEntry } from '@/lib/session/history/history';
import { lastOutcome, type Outcome } from '@/lib/session/run';
import type { Session } from '@/lib/session/session';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, type NodePage } from './inspector';

/** Opens a page of the shop, once its SDK has a token. */
export async function openShop(inspector: NodeInspector, path = '/'): Promise<NodePage> {
  const page = await inspector.open(path);
  await until('the token of the page', async () => (await hookOf(page)).held.token);
  return page;
}

/** Presses a button of the shop, by its `data-do`. */
export const press = (page: NodePage, does: string): Promise<void> =>
  page.evaluate((name) => document.querySelector<HTMLElement>(`[data-do="${name}"]`)?.click(), does);

/** Presses "Sign in as Ada", and waits until the SDK has signed her in. */
export async function signIn(page: NodePage): Promise<void> {
  await press(page, 'sign-in');
  await until('the sign-in', async () => (await hookOf(page)).held.signedIn);
}

/** Calls a method of the page's React Native client, as the page itself does. */
export const callClient = (page: NodePage, method: string, ...args: readonly unknown[]): Promise<void> =>
  page.evaluate(
    (call) => {
      const { Client } = (globalThis as unknown as { Synerise: { Client: Record<string, (...all: unknown[]) => void> } }).Synerise;
      Client[call.method]?.(...call.args);
    },
    { method, args },
  );

/** The session of a page's tab as the background keeps it. */
export const sessionOf = ({ stored }: NodeInspector, { tab }: NodePage): Session | null =>
  (stored.get(`session:${tab}`) as Session | undefined) ?? null;

/** How the last operation that a person ran on a page ended. */
export function outcomeOf(inspector: NodeInspector, page: NodePage): Outcome | null {
  const session = sessionOf(inspector, page);
  return session && lastOutcome(session.runs);
}

/** The history of a page's tab as the background keeps it. */
export const historyOf = ({ stored }: NodeInspector, { tab }: NodePage): HistoryEntry[] =>
  [...stored.keys()]
    .filter((key) => key.startsWith(`history:${tab}:`))
    .sort((a, b) => Number(a.split(':')[2]) - Number(b.split(':')[2]))
    .flatMap((key) => stored.get(key) as HistoryEntry[]);
