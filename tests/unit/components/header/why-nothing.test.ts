/** Pages without an SDK that works: why, and what there is of it. */
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { page } from '../../../browser/own-pages';
import { type NodeInspector, openInspector } from '../../fakes/inspector';
import { OLD } from '../../fakes/old-page';
import { sessionOf } from '../../fakes/shop';
import { textOf } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const SNIPPET = `window.SyneriseObjectNamespace = 'SR'; window.SR = window.SR || []; window.SR._t = 1; window.SR._i = 0;`;

it.each([
  ['waits for consent', `<script type="text/plain">${SNIPPET}</script>`, { why: 'type', type: 'text/plain' }, /text\/plain/],
  ['is for a worker', `<script type="text/partytown">${SNIPPET}</script>`, { why: 'worker', type: 'text/partytown' }, /text\/partytown/],
  ['is in a template', `<template><script>${SNIPPET}</script></template>`, { why: 'template', type: '' }, /<template>/],
])('a loader snippet that %s is the reason for an empty view, and a finding', async (_name, body, idle, words) => {
  inspector = await openInspector({ files: { '/': page(`${OLD}${body}<p>text`) } });
  const tab = await inspector.open('/');
  const v = await inspector.panel(tab);
  await textOf(v, 'empty-why', words);
  expect(sessionOf(inspector, tab)?.page.idle).toEqual([idle]);
  await v.tab('Diagnostics');
  await until('the finding', () =>
    v.target.evaluate(`!!document.querySelector('[data-testid="finding"][data-rule="snippet-without-sdk"]')`),
  );
});

it('cookies of an SDK that is not on the page are in Storage', async () => {
  const script = '<script>document.cookie = "_snrs_uuid=left-behind; path=/";</script>';
  inspector = await openInspector({ files: { '/': page(`${OLD}${script}<p>text`) } });
  const v = await inspector.panel(await inspector.open('/'));
  await v.waitAttr('session-state', 'data-phase', 'absent');
  await v.tab('Storage');
  await textOf(v, 'cookies', /left-behind/);
});
