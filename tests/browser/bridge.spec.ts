// React Native on the vendor's bridges as they are (facts §8), which let nothing pass that a real one would not: through the panel.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { reactNativeBridge } from '../fixtures/react-native-bridge';
import { openAt, page, withPages } from './own-pages';
import { expect, type Inspector, type Panel, test, until } from './support';

type Bridge = ReturnType<typeof reactNativeBridge>;
const FIXTURE = readFileSync(new URL('../fixtures/react-native-bridge.js', import.meta.url), 'utf8');

/** A page whose SDK stands on a bridge. @param place what it is put at, in script */
const files = (options: Parameters<typeof reactNativeBridge>[0], place = 'window.Synerise = bridge.Synerise') => ({
  '/bridge.js': FIXTURE,
  '/': page(`<h1>an app</h1><script type="module">
    import { reactNativeBridge } from '/bridge.js';
    const bridge = (window.bridge = reactNativeBridge(${JSON.stringify(options)}));
    ${place};
  </script>`),
});

async function onBridge(
  inspector: Inspector,
  made: ReturnType<typeof files>,
  work: (v: Panel, tab: Page, noise: readonly string[]) => Promise<void>,
): Promise<void> {
  await withPages(inspector, made, async ({ origin }) => {
    const { page: tab, noise } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await v.waitAttr('session-state', 'data-phase', 'attached');
    await work(v, tab, noise);
  });
}

const stateIn = (tab: Page) => tab.evaluate(() => (globalThis as unknown as { bridge: Bridge }).bridge.state);
const expiryIn = async (v: Panel) => Date.parse((await v.attr('token-expiry', 'datetime')) ?? '');

for (const platform of ['android', 'ios'] as const) {
  test.describe(platform, () => {
    test('a refresh while one of the page is under way brings the new token, and says so', async ({ inspector }) => {
      await onBridge(inspector, files({ platform, takes: 1500 }), async (v, tab, noise) => {
        await v.waitAttr('token', 'data-token', 'valid');
        const before = await expiryIn(v);
        await tab.evaluate(() => {
          const { Synerise } = (globalThis as unknown as { bridge: Bridge }).bridge;
          Synerise.Client.refreshToken(() => undefined);
        });
        const refreshed = await v.operate('refreshToken');
        expect(refreshed.verdict, refreshed.text).toBe('done');
        expect(await expiryIn(v)).toBeGreaterThan(before);
        expect((await stateIn(tab)).canceled.includes('refreshToken')).toBe(platform === 'android');
        expect(noise).toEqual([]);
      });
    });

    test('what the page asks for as it starts is answered to the page', async ({ inspector }) => {
      const asks = `window.answered = 0; window.Synerise = bridge.Synerise; bridge.Synerise.Client.retrieveToken(() => { window.answered += 1; })`;
      await onBridge(inspector, files({ platform, takes: 3000 }, asks), async (v, tab) => {
        await v.waitAttr('token', 'data-token', 'valid');
        expect(await tab.evaluate(() => (globalThis as unknown as { answered: number }).answered)).toBe(1);
      });
    });

    test('Do Not Track makes the customer incognito', async ({ inspector }) => {
      await onBridge(inspector, files({ platform, doNotTrack: true }), async (v) => {
        await v.waitAttr('session-state', 'data-identity', 'incognito');
      });
    });

    test('a field that is sent as null is reset, or said not to be', async ({ inspector }) => {
      await onBridge(inspector, files({ platform }), async (v, tab) => {
        await v.waitAttr('token', 'data-token', 'valid');
        await v.tab('Account');
        const got = await v.operate('getAccount');
        expect(got.verdict, got.text).toBe('done');
        await v.click('action-updateAccount');
        await until('the form', () => v.there('form-updateAccount'));
        await v.fill('company', '');
        const updated = await v.submit('run');
        const { verdict, text } = await v.ended(updated);
        expect(verdict, text).toBe('done');
        await until('the account afterwards', async () => {
          const told = (await v.text('operation-result')) ?? '';
          return platform === 'ios' ? /not reset: Company/.test(told) : /Company/.test(told) && !/not reset/.test(told);
        });
        expect((await stateIn(tab)).account['company']).toBe(platform === 'ios' ? 'Engines' : null);
      });
    });
  });
}

test('recognizeAnonymous without parameters arrives on Android', async ({ inspector }) => {
  await onBridge(inspector, files({ platform: 'android' }), async (v, tab, noise) => {
    await v.waitAttr('token', 'data-token', 'valid');
    await v.tab('Account');
    const { verdict, text } = await v.operate('recognizeAnonymous', { customIdentify: 'c-1' });
    expect(verdict, text).toBe('done');
    expect((await stateIn(tab)).received.at(-1)).toEqual({ name: 'recognizeAnonymous', args: [null, 'c-1', {}] });
    expect(noise).toEqual([]);
  });
});

test('a wrong phone code is explained as one', async ({ inspector }) => {
  await onBridge(inspector, files({ platform: 'ios' }), async (v) => {
    await v.waitAttr('token', 'data-token', 'valid');
    await v.tab('Account');
    const { verdict, text } = await v.operate('confirmPhoneUpdate', { phone: '+48111222333', confirmationCode: '0000' });
    expect(verdict, text).toBe('failed');
    expect(text).toMatch(/code/i);
  });
});

test('a module namespace that the app hands over is found', async ({ inspector }) => {
  const hands = `(window[Symbol.for('synerise.inspector')] ??= { pending: [] }).pending.push([{ Synerise: bridge.Synerise }, { name: 'app' }])`;
  await onBridge(inspector, files({ platform: 'ios' }, hands), async (v, tab) => {
    await v.waitAttr('dialect', 'data-dialect', 'react-native');
    await v.shows('uuid', (await stateIn(tab)).uuid);
  });
});
