import '@/components/ui/style.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { PanelView } from '@/components/panel/panel-view';
import { createModel } from '@/components/state/model';
import { createRecord } from '@/components/state/record';
import { createSurveyor } from '@/components/state/survey';
import { offerSources } from '@/components/ui/source-link';
import { showAllText } from '@/components/ui/visible-text';
import { nativeBrowser } from '@/lib/browser/native-browser';
import { createEvaluate, type RawEval } from '@/lib/devtools/evaluate';
import { createPageLoop, type PageResource } from '@/lib/devtools/page-loop';
import type { Network } from '@/lib/devtools/requests';
import { type CookieNetwork, followSetCookies } from '@/lib/devtools/set-cookies';
import { followTheme } from '@/lib/devtools/theme';
import { presetShelf } from '@/lib/forms/preset-shelf';
import { AGENT_SCRIPT, CLIENT_SCRIPT, TABLES_SCRIPT } from '@/lib/page/wire';
import { openPort } from '@/lib/protocol/port';
import { problemOf } from '@/lib/session/problem';
import { originOf } from '@/lib/settings/site-pattern';
import { hears, sitePermission } from '@/lib/settings/site-permission';
import { followChosenTheme, showTheme } from '@/lib/settings/theme';
import type { SeenCookie } from '@/lib/web/cookies';

showAllText();

const browser = nativeBrowser();
// `browser.devtools` exists only inside DevTools; a panel opened in a tab (`?tabId=`) has no `eval` to lend.
const devtools = browser.devtools as typeof browser.devtools | undefined;
const asked = new URLSearchParams(location.search).get('tabId');
const tab = asked === null ? (devtools?.inspectedWindow.tabId ?? -1) : Number(asked);
const lends = asked === null && devtools !== undefined;

// The callback form, which is missing from the types. Firefox's `eval` takes no options, and it has no `getResources`.
const { inspectedWindow } = (lends ? browser.devtools : {}) as {
  inspectedWindow: {
    eval(...args: unknown[]): unknown;
    getResources?(callback: (resources: PageResource[]) => void): void;
  };
};
const framed = lends && inspectedWindow.getResources !== undefined;
const textOf = async (file: string) => (await fetch(file)).text();
const rawEval: RawEval = (expression, options, callback) =>
  framed ? inspectedWindow.eval(expression, options, callback) : inspectedWindow.eval(expression, callback);
/** Requested at once: the first request to the page needs them. */
const scripts = lends ? new Map([AGENT_SCRIPT, TABLES_SCRIPT, CLIENT_SCRIPT].map((file) => [file, textOf(file)])) : null;
const exchange = lends
  ? createPageLoop({
      evaluate: createEvaluate(rawEval),
      scriptText: (file) => scripts?.get(file) ?? textOf(file),
      resources: () => new Promise((resolve) => (framed ? inspectedWindow.getResources?.(resolve) : resolve([]))),
    })
  : null;

/** The latest cookie for each name, domain and path. */
const seenCookies = signal<readonly SeenCookie[]>([]);
const keyOf = ({ name, host, domain, path }: SeenCookie) => `${name} ${domain ?? host} ${path}`;
if (lends)
  followSetCookies(browser.devtools.network as unknown as CookieNetwork, '_snrs_', (cookie) => {
    seenCookies.value = [...seenCookies.value.filter((other) => keyOf(other) !== keyOf(cookie)), cookie];
  });

/** Updates within one animation frame are rendered together. */
const record = createRecord((work) => requestAnimationFrame(work));
/** `model` is created below. */
const surveyor = createSurveyor((message) => model.send(message));
const site = sitePermission();
const model = createModel({
  tab,
  view: 'panel',
  presets: presetShelf(browser.storage.local),
  lends,
  seenCookies,
  record,
  permission: site && { ...site, hears },
  open: (handlers) =>
    openPort({
      ...handlers,
      onMessage: (message) => void (surveyor.take(message) || handlers.onMessage(message)),
      runtime: () => browser.runtime,
    }),
  onOther(message) {
    if (!('n' in message) || !exchange) return;
    const { n } = message;
    exchange(message).then(
      (answer) => model.send({ type: 'page-answer', n, answer }),
      (error: unknown) => model.send({ type: 'page-answer', n, problem: problemOf(error) }),
    );
  },
});

// This ends another site's session, whether or not an agent answers in the new page.
if (lends) browser.devtools.network.onNavigated.addListener((url) => model.send({ type: 'navigated', origin: originOf(url) }));
// Requests that end before these modules are loaded are found in the log.
if (lends)
  void Promise.all([import('@/lib/devtools/requests'), import('@/lib/network/requests')]).then(([{ followRequests }, { capturedOf }]) =>
    followRequests(browser.devtools.network as unknown as Network, (records) =>
      record.capture(
        records,
        records.flatMap((one) => capturedOf(one) ?? []),
        model.send,
      ),
    ),
  );
const by = {
  version: browser.runtime.getManifest().version,
  browser: navigator.userAgent,
  survey: surveyor.survey,
  pseudonyms: async () => (await import('@/lib/report/pseudonyms')).pseudonyms(browser.storage.local),
};
// Chromium only. Its types lack the column.
const panels = devtools?.panels as { openResource?(url: string, line: number, column: number, done: () => void): void } | undefined;
if (panels?.openResource) offerSources((url, line) => panels.openResource?.(url, line - 1, 0, () => undefined));
render(<PanelView model={model} record={record} by={by} />, document.body);
let chosen: 'light' | 'dark' | null = null;
let surrounding: 'light' | 'dark' | null = null;
if (devtools)
  followTheme(devtools.panels as Parameters<typeof followTheme>[0], (theme) => {
    surrounding = theme;
    showTheme(chosen ?? surrounding);
  });
followChosenTheme(browser.storage.local, (theme) => {
  chosen = theme;
  showTheme(chosen ?? surrounding);
});
addEventListener('panel-showing', (event) => model.showing((event as CustomEvent<boolean>).detail));
