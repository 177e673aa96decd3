import '@/components/style.css';
import { render } from 'preact';
import { createModel } from '@/components/model';
import { PanelView } from '@/components/panel-view';
import { createEvaluate, type RawEval } from '@/lib/devtools/evaluate';
import { createPageLoop } from '@/lib/devtools/page-loop';
import { followTheme } from '@/lib/devtools/theme';
import { nativeBrowser } from '@/lib/native-browser';
import { openPort } from '@/lib/protocol/port';
import { problemOf } from '@/lib/session/problem';

const browser = nativeBrowser();
// `browser.devtools` is there only inside DevTools; as a page of its own (`?tabId=`) the panel lends nothing.
const devtools = browser.devtools as typeof browser.devtools | undefined;
const asked = new URLSearchParams(location.search).get('tabId');
const tab = asked === null ? (devtools?.inspectedWindow.tabId ?? -1) : Number(asked);
const lends = asked === null && devtools !== undefined;

// In its callback form, of which the types know nothing.
const rawEval: RawEval = (expression, callback) => (browser.devtools.inspectedWindow.eval as unknown as RawEval)(expression, callback);
const agentText = async () => (await fetch('/page-agent.js')).text();
const exchange = lends ? createPageLoop(createEvaluate(rawEval), agentText) : null;

const model = createModel({
  tab,
  view: 'panel',
  lends,
  open: (handlers) => openPort({ ...handlers, runtime: () => browser.runtime }),
  onOther(message) {
    if (message.type !== 'page-request' || !exchange) return;
    const { n, request } = message;
    exchange(request).then(
      (answer) => model.send({ type: 'page-answer', n, answer }),
      (error: unknown) => model.send({ type: 'page-answer', n, problem: problemOf(error) }),
    );
  },
});

render(<PanelView model={model} />, document.body);
if (devtools)
  followTheme(devtools.panels as Parameters<typeof followTheme>[0], (theme) => (document.documentElement.dataset['theme'] = theme));
addEventListener('panel-showing', (event) => model.showing((event as CustomEvent<boolean>).detail));
