/**
 * The whole inspector in Node: pages with the sandbox's SDKs in happy-dom, the page scripts and the background as they
 * ship, and a real popup or panel in a document of its own. What needs no browser is tested here in milliseconds;
 * `tests/browser` proves that browsers do the rest.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { runInThisContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { Browser, type BrowserPage, Window } from 'happy-dom';
import { render } from 'preact';
import type { Carrier } from '@/lib/background/carrier';
import { createHub, type Hub } from '@/lib/background/hub';
import type { HubPort } from '@/lib/background/view-ports';
import { createEvaluate } from '@/lib/devtools/evaluate';
import { createPageLoop } from '@/lib/devtools/page-loop';
import { readMarkup } from '@/lib/page/markup';
import { AGENT_SCRIPT, AGENT_VERSION, type AgentRequest, CLIENT_SCRIPT, callAgent, HANDLE_KEY, pack } from '@/lib/page/wire';
import { isWithoutAgent, parseAgentReply, parseMarkup } from '@/lib/protocol/agent';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { PORT_NAME } from '@/lib/protocol/background-message';
import { openPort, type Port } from '@/lib/protocol/port';
import { problemOf } from '@/lib/session/problem';
import { type View, viewOf } from '@/scripts/view.mjs';
import { bundle } from '../page/bundle';
import { memoryAlarms, memoryArea, watchingAll } from './platform';
import { fakeEvent } from './ports';

const HOME = 'http://127.0.0.1/inspector/';
/** DevTools docked at the bottom, in px: happy-dom lays nothing out, and lists draw what they have room for. */
const DOCK = { width: 1280, height: 360 };

/** A page of the sandbox in a tab. */
export interface NodePage {
  readonly tab: number;
  /** What the page wrote to its console, and its errors. */
  readonly noise: readonly string[];
  /** Evaluates in the page; promises are awaited. What comes back is of the page's realm: compare it as JSON. */
  evaluate<R>(run: () => R | Promise<R>): Promise<R>;
  evaluate<R, A>(run: (given: A) => R | Promise<R>, given: A): Promise<R>;
  /** Loads another document of the sandbox. */
  goto(path: string): Promise<void>;
}

export interface NodeInspector {
  readonly hub: Hub;
  /** Alarms that the background set, with the instant (epoch ms) that each is due at. */
  readonly due: ReadonlyMap<string, number>;
  readonly origin: string;
  /** The sandbox's name for what this inspector's pages share. */
  readonly shop: string;
  /** Opens a tab on a page of the sandbox. */
  open(path?: string): Promise<NodePage>;
  /** Shows the DevTools panel of a page, as the only view. */
  panel(page: NodePage): Promise<NodeView>;
  popup(page: NodePage): Promise<NodeView>;
  close(): Promise<void>;
}

export type NodeView = View<{ evaluate(expression: string): Promise<unknown>; setFile(expression: string, path: string): Promise<void> }>;

let scripts: Promise<Readonly<Record<string, string>>> | undefined;
const pageScripts = () => {
  scripts ??= Promise.all([
    bundle(`import { installAgent } from '@/lib/page/agent'; installAgent();`),
    bundle(`import { equipAgent } from '@/lib/page/equip'; equipAgent();`, true),
  ]).then(([agent, client]) => ({ [AGENT_SCRIPT]: agent, [CLIENT_SCRIPT]: client }));
  return scripts;
};

let sandbox: Promise<string> | undefined;
/** The sandbox's origin, on a thread of its own: while happy-dom loads a script, this thread answers nothing. One serves all tests of a thread. */
const sandboxOrigin = () => {
  sandbox ??= new Promise((resolve, reject) => {
    const server = JSON.stringify(new URL('../../../sandbox/server.mjs', import.meta.url).href);
    const code = `import(${server}).then(({ startSandbox }) => startSandbox()).then(({ origin }) => require('node:worker_threads').parentPort.postMessage(origin))`;
    const worker = new Worker(code, { eval: true });
    worker.once('message', resolve).once('error', reject);
    worker.unref();
  });
  return sandbox;
};

let shops = 0;
/** Each inspector has a shop of its own in the sandbox: no customer, switch or mail of another test's. */
const inShop = (path: string, shop: string): string => {
  const url = new URL(path, 'http://sandbox');
  if (!url.searchParams.has('shop')) url.searchParams.set('shop', shop);
  return `${url.pathname}${url.search}${url.hash}`;
};

interface Tab extends NodePage {
  readonly page: BrowserPage;
  run(expression: string): Promise<unknown>;
}

export async function openInspector({ watched = false } = {}): Promise<NodeInspector> {
  const [origin, files] = await Promise.all([sandboxOrigin(), pageScripts()]);
  shops += 1;
  const shop = `shop-${shops}`;
  const settings = { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true };
  const browser = new Browser({ settings });
  const tabs = new Map<number, Tab>();
  const { due, alarms } = memoryAlarms();
  const local = memoryArea();
  const changed = fakeEvent<[Readonly<Record<string, { readonly newValue?: unknown }>>]>();
  const tabOf = (id: number): Tab => {
    const tab = tabs.get(id);
    if (!tab) throw new Error(`No tab with id: ${id}.`);
    return tab;
  };
  const platform = {
    session: memoryArea(),
    local: {
      ...local,
      async set(items: Record<string, unknown>) {
        await local.set(items);
        changed.raise(Object.fromEntries(Object.entries(items).map(([key, newValue]) => [key, { newValue }])));
      },
    },
    onLocalChange: changed.addListener,
    alarms,
    tabs: {
      get: async (id: number) => {
        const tab = tabs.get(id);
        return tab ? { id, url: tab.page.url, incognito: false, discarded: false, frozen: false } : null;
      },
      all: async () => [],
    },
    showBadge: async () => undefined,
    notify: async () => undefined,
    carrier: (id: number) => carrierOf(() => tabOf(id), files),
    watching: () => watchingAll(watched),
    traffic: () => ({ flush: async () => undefined }),
  };
  const hub = createHub(HOME, platform);
  let close: () => void = () => undefined;
  const show = async (page: NodePage, view: 'popup' | 'panel'): Promise<NodeView> => {
    close();
    const tab = tabOf(page.tab);
    const [ended, port] = [openDocument(`${HOME}${view}.html`), connectTo(hub, view)];
    const [{ createModel }, { createRecord }] = await Promise.all([
      import('@/components/state/model'),
      import('@/components/state/record'),
    ]);
    const record = createRecord((work) => void setTimeout(work, 0));
    const exchange = createPageLoop({
      evaluate: createEvaluate((expression, _options, callback) => {
        try {
          callback(tab.page.evaluate(expression));
        } catch (error) {
          callback(undefined, { isException: true, value: String(error) });
        }
      }),
      scriptText: async (file) => files[file] ?? '',
      resources: async () => [],
    });
    let opened: Port | undefined;
    const model = createModel({
      tab: page.tab,
      view,
      lends: view === 'panel',
      ...(view === 'panel' && { record }),
      open(handlers) {
        opened = openPort({ ...handlers, runtime: () => ({ id: 'inspector', connect: port }) });
        return opened;
      },
      onOther(message: BackgroundMessage) {
        if (!('n' in message)) return;
        const { n } = message;
        exchange(message).then(
          (answer) => model.send({ type: 'page-answer', n, answer }),
          (error: unknown) => model.send({ type: 'page-answer', n, problem: problemOf(error) }),
        );
      },
    });
    if (view === 'panel') {
      const { PanelView } = await import('@/components/panel/panel-view');
      const by = { version: '0.0.0', browser: 'Node', survey: async () => [], pseudonyms: async () => ({}) };
      render(<PanelView model={model} record={record} by={by as never} />, document.body);
    } else {
      const { PopupView } = await import('@/components/popup/popup-view');
      render(<PopupView model={model} />, document.body);
    }
    close = () => {
      render(null, document.body);
      opened?.close();
      ended();
      close = () => undefined;
    };
    return viewOf({ evaluate: async (expression) => runInThisContext(expression) as unknown, setFile: giveFile });
  };
  return {
    hub,
    due,
    origin,
    shop,
    async open(path = '/') {
      const id = tabs.size + 1;
      const page = browser.newPage();
      const noise: string[] = [];
      const run = async (expression: string): Promise<unknown> => page.evaluate(expression) as unknown;
      const tab: Tab = {
        tab: id,
        page,
        noise,
        run,
        evaluate: async (what: (given: never) => unknown, given?: unknown) =>
          (await run(`(${what})(${given === undefined ? '' : JSON.stringify(given)})`)) as never,
        async goto(to) {
          await page.goto(`${origin}${inShop(to, shop)}`);
        },
      };
      tabs.set(id, tab);
      await tab.goto(path);
      return tab;
    },
    panel: (page) => show(page, 'panel'),
    popup: (page) => show(page, 'popup'),
    async close() {
      close();
      await browser.close().catch(() => undefined);
    },
  };
}

/** A page of the sandbox as the toolbar click reaches it. */
function carrierOf(tab: () => Tab, files: Readonly<Record<string, string>>): Carrier {
  const call = (request: AgentRequest) => {
    const given = [HANDLE_KEY, AGENT_VERSION, request.origin, pack(request)].map((one) => JSON.stringify(one)).join(',');
    return tab().run(`(${callAgent})(${given})`);
  };
  const ask = async (request: AgentRequest): Promise<unknown> => {
    const answer = await call(request);
    if (!isWithoutAgent(answer)) return answer;
    await tab().run(files[AGENT_SCRIPT] ?? '');
    return call(request);
  };
  return {
    exchange: async (request) => parseAgentReply(await ask(request)),
    equip: async () => void (await tab().run(files[CLIENT_SCRIPT] ?? '')),
    markup: async () => parseMarkup(await tab().run(`(${readMarkup})()`)),
    list: async (request) => ({ frames: [{ frame: null, reply: parseAgentReply(await ask(request)) }], beyond: [] }),
  };
}

/** Connects views to a background, as `runtime.connect` does. */
function connectTo(hub: Hub, view: string) {
  return () => {
    const [toView, toHub] = [fakeEvent<[unknown]>(), fakeEvent<[unknown]>()];
    const [viewGone, hubGone] = [fakeEvent<[]>(), fakeEvent<[]>()];
    const far: HubPort = {
      name: PORT_NAME,
      sender: { id: 'inspector', url: `${HOME}${view}.html` },
      postMessage: (message) => void queueMicrotask(() => toView.raise(structuredClone(message))),
      disconnect: () => viewGone.raise(),
      onMessage: toHub,
      onDisconnect: hubGone,
    };
    hub.connected(far);
    return {
      postMessage: (message: unknown) => void queueMicrotask(() => toHub.raise(structuredClone(message))),
      disconnect: () => hubGone.raise(),
      onMessage: toView,
      onDisconnect: viewGone,
    };
  };
}

/** Names of a document's realm that the views use. */
const OF_DOCUMENT = [
  'window',
  'document',
  'location',
  'navigator',
  'Event',
  'CustomEvent',
  'KeyboardEvent',
  'MouseEvent',
  'InputEvent',
  'Node',
  'Element',
  'HTMLElement',
  'HTMLAnchorElement',
  'HTMLInputElement',
  'DOMParser',
  'ResizeObserver',
  'addEventListener',
  'removeEventListener',
  'dispatchEvent',
  'getComputedStyle',
  'getSelection',
  'matchMedia',
] as const;

// Preact asks for frames also after the last document has gone.
globalThis.requestAnimationFrame ??= (work) => Number(setTimeout(() => work(performance.now()), 0));
globalThis.cancelAnimationFrame ??= (id) => clearTimeout(id);

/** Puts a document into this realm; gives what takes it out again. */
function openDocument(url: string): () => void {
  const window = new Window({ url, ...DOCK });
  const own = globalThis as Record<string, unknown>;
  const before = OF_DOCUMENT.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  const of = window as unknown as Record<string, unknown>;
  for (const name of OF_DOCUMENT) {
    const value = of[name];
    const isBare = typeof value === 'function' && /^[a-z]/.test(name);
    Object.defineProperty(globalThis, name, {
      value: isBare ? (value as () => unknown).bind(window) : value,
      configurable: true,
      writable: true,
    });
  }
  const { prototype } = window.HTMLElement;
  for (const [name, size] of [
    ['offsetWidth', DOCK.width],
    ['clientWidth', DOCK.width],
    ['offsetHeight', DOCK.height],
    ['clientHeight', DOCK.height],
  ] as const)
    Object.defineProperty(prototype, name, { get: () => size, configurable: true });
  return () => {
    for (const [name, was] of before)
      if (was) Object.defineProperty(globalThis, name, was);
      else delete own[name];
    void window.happyDOM.close();
  };
}

/** Gives a file input a file, as the browser's dialog does. */
async function giveFile(expression: string, path: string): Promise<void> {
  const input = runInThisContext(expression) as HTMLInputElement;
  const file = new File([await readFile(path)], basename(path));
  Object.defineProperty(input, 'files', { value: [file], configurable: true });
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

/** What a page's SDK holds, by its own account. */
export interface Held {
  readonly uuid: string | null;
  readonly signedIn: boolean;
  readonly token: { readonly raw: string; readonly origin: string | null; readonly expiresAt: number } | null;
}

/** What the SDK of a sandbox page holds by its own account, and what was asked of it. */
export const hookOf = async (page: NodePage): Promise<{ dialect: string; held: Held; calls: [string, unknown[]][] }> =>
  JSON.parse(
    await page.evaluate(() => {
      const { sandboxSdk } = globalThis as unknown as { sandboxSdk?: { dialect: string; held(): Held; calls: unknown } };
      return JSON.stringify(sandboxSdk ? { dialect: sandboxSdk.dialect, held: sandboxSdk.held(), calls: sandboxSdk.calls } : { held: {} });
    }),
  );
