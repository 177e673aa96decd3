// Kills the worker at random moments, again and again, while two tabs with panels change, reload, and navigate.
// `KILLS=2000 npx playwright test kills.spec` for a long run; `SEED` repeats a run.
import type { Page } from '@playwright/test';
import type { HistoryEntry } from '../../lib/session/history/history';
import { randomOf } from '../random';
import { expect, hookOf, type Inspector, type Panel, test, until } from './support';
import { historyOf } from './worker';

const KILLS = Number(process.env['KILLS'] ?? 12);
const SEED = Number(process.env['SEED'] ?? 1);
/** The latest moment in a round at which the worker is killed (ms). */
const LATEST = 80;
/** A view that is out of sync with its page for longer than this counts as frozen (ms). */
const FROZEN = 15_000;

test.use({ watched: true });
test.setTimeout(60_000 + KILLS * 8000);

type Sdk = { sandboxSdk: unknown; Synerise?: { Client: Record<string, () => unknown> } };
type Request = Extract<HistoryEntry, { kind: 'request' }>;

/** A tab, its panel, and every history entry seen so far. */
interface Watched {
  readonly page: Page;
  readonly v: Panel;
  readonly path: string;
  readonly entries: Map<string, HistoryEntry>;
  /** The entries as JSON, because comparing thousands of objects is slow. */
  readonly texts: Map<string, string>;
}

const uuidOf = async (page: Page) => (await until('the UUID of the page', async () => (await hookOf(page)).held.uuid)) as string;
const callsIn = async (page: Page) => (await hookOf(page)).calls.filter(([name]) => name === 'regenerateUUID').length;

async function follow({ chromium }: Inspector, { page, entries, texts }: Watched): Promise<void> {
  // Keyed by its position in the session's history; an entry must never change.
  for (const entry of await historyOf(chromium, page)) {
    const key = `${entry.nth} ${entry.seq}`;
    const text = JSON.stringify(entry);
    if ((texts.get(key) ?? text) !== text) throw new Error(`Entry ${key} was written anew: ${texts.get(key)} became ${text}`);
    texts.set(key, text);
    entries.set(key, entry);
  }
}
const uuidsIn = ({ entries }: Watched) => [...entries.values()].flatMap((entry) => (entry.kind === 'uuid' ? [entry] : []));
const requestsTo = ({ entries }: Watched, path: string) =>
  new Set([...entries.values()].flatMap((entry) => (entry.kind === 'request' && (entry as Request).path === path ? [entry.key] : []))).size;

test(`after ${KILLS} random kills, nothing is lost, duplicated, or frozen`, async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const random = randomOf(SEED);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const tabs: Watched[] = [];
  for (const path of ['/?shop=first', '/?sdk=react-native&shop=second']) {
    const page = tabs.length ? await chromium.context.newPage() : (await inspector.open(path)).page;
    await page.goto(`${sandbox.origin}${path}`);
    await uuidOf(page);
    const v = await inspector.panel(page);
    tabs.push({ page, v, path, entries: new Map(), texts: new Map() });
  }
  const done = { kills: 0, changes: 0, operations: 0, interrupted: 0, reloads: 0, navigations: 0, origins: 0, requests: 0, idle: 0 };

  /** Each does one thing in a tab and returns a check to run once the worker is back. */
  const deeds: Record<string, (tab: Watched) => Promise<() => Promise<void>>> = {
    async changes({ page }) {
      await page.evaluate(() => (globalThis as unknown as Sdk).Synerise?.Client['regenerateUUID']?.());
      return async () => {};
    },
    async operations({ page, v }) {
      const before = await callsIn(page);
      const run = await v.begin('regenerateUUID');
      return async () => {
        const { verdict } = await v.ended(run);
        expect(['done', 'interrupted']).toContain(verdict);
        const calls = (await callsIn(page)) - before;
        if (verdict === 'done') expect(calls).toBe(1);
        else done.interrupted += 1;
        expect(calls).toBeLessThanOrEqual(1);
      };
    },
    async reloads({ page }) {
      await page.reload();
      return async () => {};
    },
    async navigations({ page, path }) {
      await page.goto(`${new URL(page.url()).origin}${path}&n=${done.kills}`);
      return async () => {};
    },
    async origins({ page, path }) {
      const { hostname, port } = new URL(page.url());
      await page.goto(`http://${hostname === 'localhost' ? '127.0.0.1' : 'localhost'}:${port}${path}`);
      return async () => {};
    },
    async requests(tab) {
      const path = `/v4/events/kill-${done.kills}`;
      await tab.page.evaluate((to) => void fetch(to, { method: 'POST', body: '{}' }).catch(() => undefined), path);
      return async () => {
        await until('the request', async () => {
          await follow(inspector, tab);
          return requestsTo(tab, path) > 0;
        });
      };
    },
    idle: async () => async () => {},
  };

  while (done.kills < KILLS) {
    const tab = pick(tabs);
    // Each in turn, so that a short run includes them all.
    const names = Object.keys(deeds) as (keyof typeof done)[];
    const deed = names[done.kills % names.length] as keyof typeof done;
    await tab.page.bringToFront();
    const killing = new Promise<void>((resolve) => setTimeout(resolve, random() * LATEST)).then(() => chromium.killWorker());
    const [check] = await Promise.all([deeds[deed]?.(tab), killing]);
    done.kills += 1;
    if (done.kills % 100 === 0) console.log(JSON.stringify(done));
    done[deed] += 1;
    await check?.();
    for (const one of tabs) {
      const uuid = await uuidOf(one.page);
      await until(
        `the panel of ${one.path} to show ${uuid} after kill ${done.kills} (${deed}, seed ${SEED})`,
        async () => (await one.v.text('uuid')) === uuid && (await one.v.attr('connection', 'data-connection')) === 'connected',
        FROZEN,
      );
      await until('the history to contain the UUID', async () => {
        await follow(inspector, one);
        return uuidsIn(one).at(-1)?.uuid === uuid;
      });
    }
  }
  for (const one of tabs) {
    await follow(inspector, one);
    // Each UUID begins only once per session.
    const begun = uuidsIn(one).map(({ nth, uuid }) => `${nth} ${uuid}`);
    expect(begun.filter((each, at) => begun.indexOf(each) !== at)).toEqual([]);
    // Each request is recorded only once.
    const requests = new Map(
      [...one.entries.values()].flatMap((entry) => (entry.kind === 'request' ? [[entry.key, entry.path] as const] : [])),
    );
    const paths = [...requests.values()].filter((path) => path.startsWith('/v4/events/kill-'));
    expect(paths.filter((each, at) => paths.indexOf(each) !== at)).toEqual([]);
  }
  if (process.env['KILLS']) console.log(JSON.stringify(done));
});
