// React Native on a bridge that behaves like the vendor's Android bridge (facts §8), with a real browser's timing. Node tests cover
// both bridges: the panel in `tests/unit/components/panel/react-native-bridge.test.ts`, the page script in
// `tests/unit/page/bridge.test.ts`.
import { readFileSync } from 'node:fs';
import type { reactNativeBridge } from '../fixtures/react-native-bridge';
import { openAt, page, withPages } from './own-pages';
import { expect, test } from './support';

type Bridge = ReturnType<typeof reactNativeBridge>;
const FIXTURE = readFileSync(new URL('../fixtures/react-native-bridge.js', import.meta.url), 'utf8');

/** A page whose SDK runs on a bridge. @param place script that assigns the SDK to its location */
const files = (options: Parameters<typeof reactNativeBridge>[0], place = 'window.Synerise = bridge.Synerise') => ({
  '/bridge.js': FIXTURE,
  '/': page(`<h1>an app</h1><script type="module">
    import { reactNativeBridge } from '/bridge.js';
    const bridge = (window.bridge = reactNativeBridge(${JSON.stringify(options)}));
    ${place};
  </script>`),
});

test("on Android, the page's startup call is answered, and a refresh concurrent with the page's own returns the new token", async ({
  inspector,
}) => {
  const asks = `window.answered = 0; window.Synerise = bridge.Synerise; bridge.Synerise.Client.retrieveToken(() => { window.answered += 1; })`;
  await withPages(inspector, files({ platform: 'android', takes: 1500 }, asks), async ({ origin }) => {
    const { page: tab, noise } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await v.waitAttr('token', 'data-token', 'valid');
    expect(await tab.evaluate(() => (globalThis as unknown as { answered: number }).answered)).toBe(1);
    const expiry = async () => Date.parse((await v.attr('token-expiry', 'datetime')) ?? '');
    const before = await expiry();
    await tab.evaluate(() => {
      const { Synerise } = (globalThis as unknown as { bridge: Bridge }).bridge;
      Synerise.Client.refreshToken(() => undefined);
    });
    const refreshed = await v.operate('refreshToken');
    expect(refreshed.verdict, refreshed.text).toBe('done');
    expect(await expiry()).toBeGreaterThan(before);
    const canceled = await tab.evaluate(() => (globalThis as unknown as { bridge: Bridge }).bridge.state.canceled);
    expect(canceled).toContain('refreshToken');
    expect(noise).toEqual([]);
  });
});
