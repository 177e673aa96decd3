/** An SDK that comes to a page after the view. */
import { afterEach, expect, it, vi } from 'vitest';
import { type NodeInspector, openInspector } from '../../fakes/inspector';
import { textOf, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

it('an SDK that loads late is named with the init() that is missing, and is shown once it is initialized', async () => {
  inspector = await openInspector();
  const page = await inspector.open('/?late=held&init=held');
  const globals = () => page.evaluate(() => Object.keys(globalThis).join());
  const tell = (what: string) => page.evaluate((type) => void dispatchEvent(new Event(type)), `sandbox:${what}`);
  const before = await globals();
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.attr('dialect', 'data-dialect')).toBeNull();
  expect(await globals()).toBe(before);
  await tell('load');
  await v.waitAttr('dialect', 'data-ready', 'false');
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.attr('dialect', 'data-dialect')).toBe('react-native');
  // The method that nobody called yet.
  await textOf(v, 'empty-why', /init\(\)/);
  await tell('init');
  await v.waitAttr('session-state', 'data-phase', 'attached');
  expect(await uuidShown(v, page)).toMatch(/^[\da-f-]{36}$/);
  expect(page.noise).toEqual([]);
});

it('a popup waits a moment before it says that it is still looking', async () => {
  inspector = await openInspector();
  const page = await inspector.open('/?late=held');
  const opened = performance.now();
  const v = await inspector.popup(page);
  await textOf(v, 'empty-why', /Waiting for the page/);
  expect(performance.now() - opened).toBeGreaterThan(400);
});
