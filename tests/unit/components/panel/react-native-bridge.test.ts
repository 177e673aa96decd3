// The panel on React Native's bridges as the vendor ships them (facts §8), which let nothing pass that a real one would not.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ERROR_HINTS } from '@/lib/forms/error-hints';
import { differences, notReset } from '@/lib/session/account';
import { until } from '@/scripts/until.mjs';
import type { reactNativeBridge } from '@/tests/fixtures/react-native-bridge';
import { hintsIn } from '../../fakes/account';
import { type NodeInspector, type NodePage, type NodeView, openInspector } from '../../fakes/inspector';
import { outcomeOf } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

type Bridge = ReturnType<typeof reactNativeBridge>;
type InPage = { readonly bridge: Bridge };
const FIXTURE = readFileSync(new URL('../../../fixtures/react-native-bridge.js', import.meta.url), 'utf8');

let inspector: NodeInspector;
afterEach(() => inspector.close());

/** The panel on a page whose SDK stands on a bridge. @param place where the page puts it, as script */
async function onBridge(options: Parameters<typeof reactNativeBridge>[0], place = 'window.Synerise = bridge.Synerise') {
  inspector = await openInspector({
    files: {
      '/bridge.js': FIXTURE,
      '/': `<!doctype html><h1>an app</h1><script type="module">
        import { reactNativeBridge } from '/bridge.js';
        const bridge = (window.bridge = reactNativeBridge(${JSON.stringify(options)}));
        ${place};
      </script>`,
    },
  });
  const page = await inspector.open();
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'attached');
  return { page, v };
}

const stateIn = async (page: NodePage): Promise<Bridge['state']> =>
  JSON.parse(await page.evaluate(() => JSON.stringify((globalThis as unknown as InPage).bridge.state)));
const expiryIn = async (v: NodeView) => Date.parse((await v.attr('token-expiry', 'datetime')) ?? '');

describe.each(['android', 'ios'] as const)('on %s', (platform) => {
  it('a refresh while one of the page is under way brings the new token', async () => {
    const { v, page } = await onBridge({ platform, takes: 300 });
    await v.waitAttr('token', 'data-token', 'valid');
    const before = await expiryIn(v);
    await page.evaluate(() => (globalThis as unknown as InPage).bridge.Synerise.Client.refreshToken(() => undefined));
    expect(await v.operate('refreshToken')).toMatchObject({ verdict: 'done' });
    await until('the new expiry', async () => (await expiryIn(v)) > before);
    expect((await stateIn(page)).canceled.includes('refreshToken')).toBe(platform === 'android');
    expect(page.noise).toEqual([]);
  });

  it('Do Not Track makes the customer incognito', async () => {
    const { v } = await onBridge({ platform, doNotTrack: true });
    await v.waitAttr('session-state', 'data-identity', 'incognito');
  });

  it(`a field that is sent as null is ${platform === 'ios' ? 'said not to be reset' : 'reset'}`, async () => {
    const { v, page } = await onBridge({ platform });
    await v.waitAttr('token', 'data-token', 'valid');
    await v.tab('Account');
    expect(await v.operate('getAccount')).toMatchObject({ verdict: 'done' });
    expect(await v.operate('updateAccount', { company: '' })).toMatchObject({ verdict: 'done' });
    const change = await until('the account afterwards', () => {
      const account = outcomeOf(inspector, page)?.account;
      return account?.state === 'read' && account;
    });
    const isIos = platform === 'ios';
    expect(notReset(change)).toEqual(isIos ? ['company'] : []);
    const changed = differences(change.before.value, change.after?.value ?? {}).map(({ field }) => field);
    expect(changed.includes('company')).toBe(!isIos);
    await until('the company in the result', async () => (await v.text('operation-result'))?.includes('Company'));
    expect((await stateIn(page)).account['company']).toBe(isIos ? 'Engines' : null);
  });
});

it('recognizeAnonymous without parameters arrives on Android', async () => {
  const { v, page } = await onBridge({ platform: 'android' });
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Account');
  expect(await v.operate('recognizeAnonymous', { customIdentify: 'c-1' })).toMatchObject({ verdict: 'done' });
  expect((await stateIn(page)).received.at(-1)).toEqual({ name: 'recognizeAnonymous', args: [null, 'c-1', {}] });
  expect(page.noise).toEqual([]);
});

it('a wrong phone code is explained as one on Android, whose bridge gives the status', async () => {
  const { v } = await onBridge({ platform: 'android' });
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Account');
  expect(await v.operate('confirmPhoneUpdate', { phone: '+48111222333', confirmationCode: '0000' })).toMatchObject({ verdict: 'failed' });
  const [hint] = ERROR_HINTS.flatMap(({ operations, text }) => (operations?.includes('confirmPhoneUpdate') ? [text] : []));
  expect(await hintsIn(v)).toContain(hint);
});

it('a module namespace that the app hands over is found', async () => {
  const hands = `(window[Symbol.for('synerise.inspector')] ??= { pending: [] }).pending.push([{ Synerise: bridge.Synerise }, { name: 'app' }])`;
  const { v, page } = await onBridge({ platform: 'ios' }, hands);
  await v.waitAttr('dialect', 'data-dialect', 'react-native');
  await v.shows('uuid', (await stateIn(page)).uuid);
});
