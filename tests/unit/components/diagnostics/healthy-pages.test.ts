/** On a page on which nothing is wrong, no rule has a finding. */
import { afterEach, expect, it, vi } from 'vitest';
import { factsOf } from '@/lib/diagnostics/case';
import { diagnose } from '@/lib/diagnostics/diagnose';
import { RULES } from '@/lib/diagnostics/rules';
import { until } from '@/scripts/until.mjs';
import { badgeIn, findingsIn, lookedAnew } from '../../fakes/diagnostics';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';
import { historyOf, openShop, press, sessionOf } from '../../fakes/shop';
import { uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const NATIVE = ['refresh', 'sign-in', 'refresh', 'sign-out', 'regenerate'];
/** The token of the Web SDK is the site's. */
const WEB = ['sign-in', 'sign-out', 'regenerate'];

it.each<[string, readonly string[]]>([
  ['/', NATIVE],
  ['/?sdk=flutter', NATIVE],
  ['/?sdk=ios', NATIVE],
  ['/?sdk=android', NATIVE],
  ['/?opaque', NATIVE],
  ['/?sdk=web', WEB],
  ['/?sdk=web&jwt&events', WEB],
])('%s has no finding, through sign-in, refresh, regeneration, sign-out and a reload', async (path, actions) => {
  inspector = await openInspector({ requests: true });
  const page = path.includes('sdk=web') ? await inspector.open(path) : await openShop(inspector, path);
  const v = await inspector.panel(page);
  await uuidShown(v, page);
  await v.tab('Diagnostics');
  await lookedAnew(v);
  expect(await findingsIn(v)).toEqual([]);
  for (const does of actions) {
    // Two tokens that a site makes in one second are the same: then the call is the only trace.
    const seen = async () => JSON.stringify([(await hookOf(page)).held, path.includes('jwt') && (await hookOf(page)).calls]);
    const before = await seen();
    await press(page, does);
    await until(`the effect of ${does}`, async () => (await seen()) !== before);
    // A native SDK opens another anonymous session by itself; what is done before that is done to none.
    if (actions === NATIVE) await until('a token', async () => (await hookOf(page)).held.token);
    await uuidShown(v, page);
    await lookedAnew(v);
    expect(await findingsIn(v), `after ${does}`).toEqual([]);
  }
  await page.reload();
  await uuidShown(v, page);
  await lookedAnew(v);
  expect(await findingsIn(v)).toEqual([]);
  expect(await badgeIn(v)).toBeNull();
  // The popup judges without the history: that it lacks one is no finding either.
  const session = sessionOf(inspector, page);
  if (!session) throw new Error('no session');
  const withoutHistory = { ...factsOf(session, Date.now(), []), entries: [], detailOf: () => null };
  expect(diagnose(RULES, withoutHistory).findings).toEqual([]);
  // The rules had requests to look at.
  expect(historyOf(inspector, page).some(({ kind }) => kind === 'request')).toBe(true);
});
