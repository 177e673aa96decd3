/** Pages that answer in the agent's place, or have replaced what a script needs. */
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { FORGED, impostor, LEAN } from '../../../browser/attacks';
import { page } from '../../../browser/own-pages';
import { type NodeInspector, type NodePage, type NodeView, openInspector } from '../../fakes/inspector';
import { sessionOf } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const heard = async (one: NodePage): Promise<string[]> =>
  JSON.parse(await one.evaluate(() => JSON.stringify((globalThis as unknown as { heard: string[] }).heard))) as string[];
const isUnreachable = (v: NodeView) =>
  until('the page to be unreachable', async () => (await v.attr('session-state', 'data-phase')) === 'unreachable');

it('what was typed for one site reaches no other, and a page that names another site is shown as what it is', async () => {
  inspector = await openInspector({ files: { '/a': page(LEAN), '/b': page(impostor(FORGED)) } });
  const tab = await inspector.open('/a');
  const other = inspector.origin.replace('127.0.0.1', 'localhost');
  const v = await inspector.panel(tab);
  await v.shows('uuid', 'uuid-1');
  await v.open('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'anna.secret@shop.example' });
  const document = sessionOf(inspector, tab)?.page.document;
  await tab.goto(`${other}/b`);
  await v.shows('uuid', 'forged-uuid');
  expect(await v.there('run')).toBe(false);
  expect(await v.text('site')).toContain(other.replace('http://', ''));
  expect(sessionOf(inspector, tab)?.visit.origin).toBe(other);
  await v.open('regenerateUUIDWithClientIdentifier');
  expect(await v.value('argument-clientIdentifier')).toBe('');
  const all = await heard(tab);
  expect(all.length).toBeGreaterThan(0);
  for (const secret of ['anna.secret', String(document), 'uuid-1', inspector.origin]) expect(all.join()).not.toContain(secret);
});

it.each([
  ['rubbish', `'rubbish'`],
  ['an exception', `(() => { throw new Error('no'); })()`],
  ['more than half a megabyte', `${FORGED} + ' '.repeat(500_000)`],
])('a page that answers with %s shows no customer, also none of the page before', async (_name, answer) => {
  inspector = await openInspector({ files: { '/a': page(LEAN), '/b': page(impostor(answer)) } });
  const tab = await inspector.open('/a');
  const v = await inspector.panel(tab);
  await v.shows('uuid', 'uuid-1');
  await tab.goto('/b');
  await isUnreachable(v);
  for (const id of ['uuid', 'token', 'action-regenerateUUID']) expect(await v.there(id)).toBe(false);
  expect(await v.there('empty-why')).toBe(true);
  expect(tab.noise).toEqual([]);
});

const REPLACED = [
  'window.Map = function Map() {}; window.Set = function Set() {};',
  'window.JSON = { encode() {}, decode() {} };',
  'window.performance = { now: () => 1 };',
  'window.performance = [];',
  'window.WeakMap = class WeakMap {};',
  'window.Proxy = function Proxy() {};',
  'window.Promise = function Promise() {}; window.Symbol = undefined;',
  'window.Reflect = undefined;',
  'Array.prototype.push = function () { throw new Error("push"); };',
  'JSON.stringify = function () { throw new Error("stringify"); };',
  'Function.prototype.call = function () { throw new Error("call"); };',
  'Date.now = () => 1_700_000_000_000; window.setTimeout = window.setInterval = () => 1;',
];
it.each(REPLACED)('an operation succeeds on a page with replaced built-ins, in popup and panel: %s', async (script) => {
  inspector = await openInspector({ files: { '/': page(`${LEAN}<script>${script}</script>`) } });
  for (const view of ['popup', 'panel'] as const) {
    const tab = await inspector.open('/');
    const v = await inspector[view](tab);
    await v.shows('uuid', 'uuid-1');
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', 'uuid-2');
    expect(tab.noise).toEqual([]);
  }
});

it('a page that has replaced Proxy is named as such', async () => {
  inspector = await openInspector({ files: { '/': page(`<script>window.Proxy = undefined;</script>${LEAN}`) } });
  const tab = await inspector.open('/');
  const v = await inspector.panel(tab);
  await v.shows('uuid', 'uuid-1');
  await until('what is missing', () => sessionOf(inspector, tab)?.page.missing.includes('Proxy'));
  await until('the words', async () => /\bProxy\b/.test(String(await v.target.evaluate('document.body.textContent'))));
});
