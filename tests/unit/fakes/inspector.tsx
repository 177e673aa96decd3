/**
 * The whole inspector in Node: pages with the sandbox's SDKs in happy-dom, the page scripts and the background as they
 * ship, and a real popup or panel in a document of its own. What needs no browser is tested here in milliseconds;
 * `tests/browser` proves that browsers do the rest.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { runInThisContext } from 'node:vm';
import { signal } from '@preact/signals';
import { Browser, type BrowserPage, type BrowserWindow, type IFetchInterceptor, type Request, type Response, Window } from 'happy-dom';
import { render } from 'preact';
import { inject } from 'vitest';
import type { Model } from '@/components/state/model';
import { createSurveyor } from '@/components/state/survey';
import type { Carrier } from '@/lib/background/carrier';
import { createHub, type Hub } from '@/lib/background/hub';
import type { HubPort } from '@/lib/background/view-ports';
import { createEvaluate } from '@/lib/devtools/evaluate';
import { createPageLoop } from '@/lib/devtools/page-loop';
import { followRequests } from '@/lib/devtools/requests';
import { presetShelf } from '@/lib/forms/preset-shelf';
import { capturedOf } from '@/lib/network/requests';
import { readMarkup } from '@/lib/page/markup';
import { AGENT_SCRIPT, AGENT_VERSION, type AgentRequest, CLIENT_SCRIPT, callAgent, HANDLE_KEY, pack, TABLES_SCRIPT } from '@/lib/page/wire';
import { parseAgentReply, parseMarkup } from '@/lib/protocol/agent';
import { askAgent } from '@/lib/protocol/agent-answer';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { PORT_NAME } from '@/lib/protocol/background-message';
import { openPort, type Port } from '@/lib/protocol/port';
import { pseudonyms } from '@/lib/report/pseudonyms';
import { problemOf } from '@/lib/session/problem';
import { NO_SETTINGS, parseSettings, SETTINGS_KEY, type Settings } from '@/lib/settings/settings';
import { until } from '@/scripts/until.mjs';
import { type View, viewOf } from '@/scripts/view.mjs';
import { createDocuments, type Documents } from './documents';
import { createNetworkLog, type NetworkLog } from './network-log';
import { memoryAlarms, memoryArea, watchingAll } from './platform';
import { fakeEvent } from './ports';
import { authOf, type NodeAuth, sandboxThread } from './sandbox';

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
  /** Loads another document of the sandbox, or a whole address, such as the sandbox under the name `localhost`. */
  goto(path: string): Promise<void>;
  reload(): Promise<void>;
}

export interface NodeInspector {
  readonly hub: Hub;
  /** Alarms that the background set, with the instant (epoch ms) that each is due at. */
  readonly due: ReadonlyMap<string, number>;
  /** What the background keeps in the browser's session storage. */
  readonly stored: ReadonlyMap<string, unknown>;
  /** What the background keeps on disk. */
  readonly onDisk: ReadonlyMap<string, unknown>;
  /** What each tab's toolbar button shows, by tab. */
  readonly badges: ReadonlyMap<number, string>;
  /** Puts items on disk, as the settings page does. */
  keep(items: Readonly<Record<string, unknown>>): Promise<void>;
  readonly origin: string;
  /** The sandbox's name for what this inspector's pages share. */
  readonly shop: string;
  /** The sandbox's auth server, as far as it is about this shop. */
  readonly auth: NodeAuth;
  /** Opens a tab on a page of the sandbox. */
  open(path?: string): Promise<NodePage>;
  /** Shows the DevTools panel of a page, as the only view. */
  panel(page: NodePage): Promise<NodeView>;
  popup(page: NodePage): Promise<NodeView>;
  /** Shows the settings page, opened on its own, as the only view. */
  options(): Promise<NodeView>;
  close(): Promise<void>;
}

export type NodeView = View<{ evaluate(expression: string): Promise<unknown>; setFile(expression: string, path: string): Promise<void> }>;

const { agent, tables, client } = inject('pageScripts');
const SCRIPTS: Readonly<Record<string, string>> = { [AGENT_SCRIPT]: agent, [TABLES_SCRIPT]: tables, [CLIENT_SCRIPT]: client };

let shops = 0;
/** Each inspector has a shop of its own in the sandbox: no customer, switch or mail of another test's. */
const inShop = (path: string, shop: string): string => {
  const url = new URL(path, 'http://sandbox');
  if (!url.searchParams.has('shop')) url.searchParams.set('shop', shop);
  return `${url.pathname}${url.search}${url.hash}`;
};

/** Pages and scripts of a test's own, by path; `null` never answers. The sandbox answers for all other paths. */
export type Files = Readonly<Record<string, string | null>>;

/** Answers for `files` in the sandbox's place. */
const answering = (files: Files) => ({
  async beforeAsyncRequest({ request, window }: { request: Request; window: BrowserWindow }) {
    const { pathname } = new URL(request.url);
    const text = files[pathname];
    if (text === undefined) return undefined;
    if (text === null) return new Promise<never>(() => undefined);
    return new window.Response(text, { headers: { 'content-type': pathname.endsWith('.js') ? 'text/javascript' : 'text/html' } });
  },
});

/** Enters in `log` what the sandbox answers; `first` may answer in its place. */
const logging = (log: NetworkLog, first: ReturnType<typeof answering>) => ({
  async beforeAsyncRequest(context: { request: Request; window: BrowserWindow }) {
    log.begins(context.request);
    return first.beforeAsyncRequest(context);
  },
  async afterAsyncResponse({ request, response, window }: { request: Request; response: Response; window: BrowserWindow }) {
    return log.ends(request, response, window);
  },
});

/** Scripts of the sandbox that a page loaded synchronously, by address: happy-dom starts a process for each such request. */
const loaded = new Map<string, SyncResponse>();
type SyncResponse = Exclude<ReturnType<NonNullable<IFetchInterceptor['afterSyncResponse']>>, void>;
/** The sandbox gives the same script to each shop. */
const scriptOf = ({ url }: Request): string => url.replace(/(?<=[?&])shop=[^&]*/, '');
const caching: Pick<IFetchInterceptor, 'beforeSyncRequest' | 'afterSyncResponse'> = {
  beforeSyncRequest: ({ request }) => loaded.get(scriptOf(request)),
  afterSyncResponse({ request, response }) {
    if (response.ok) loaded.set(scriptOf(request), response);
  },
};

/** Requests of pages that are under way. One that ends without an answer counts until the deadline of whoever waits. */
function counting(first: Partial<ReturnType<typeof logging>>) {
  let pending = 0;
  return {
    isQuiet: () => pending === 0,
    interceptor: {
      ...caching,
      async beforeAsyncRequest(context: { request: Request; window: BrowserWindow }) {
        const answer = await first.beforeAsyncRequest?.(context);
        if (!answer) pending += 1;
        return answer;
      },
      async afterAsyncResponse(context: { request: Request; response: Response; window: BrowserWindow }) {
        pending -= 1;
        return first.afterAsyncResponse?.(context);
      },
    },
  };
}

/** How long a page's own requests may take to end before it is closed under them (ms). */
const LAST_REQUESTS = 1000;

interface Tab extends NodePage {
  readonly page: BrowserPage;
  readonly documents: Documents;
  run(expression: string): Promise<unknown>;
}

/** @param options `requests`: the panel sees the page's requests, as in DevTools; `files`: see `Files` */
export async function openInspector({
  watched = false,
  requests = false,
  files: own = {} as Files,
  settings: chosen = {} as Partial<Settings>,
} = {}): Promise<NodeInspector> {
  const thread = await sandboxThread();
  const { origin } = thread;
  shops += 1;
  const shop = `shop-${shops}`;
  const log = createNetworkLog();
  const traffic = counting(requests ? logging(log, answering(own)) : answering(own));
  const settings = {
    enableJavaScriptEvaluation: true,
    suppressInsecureJavaScriptEnvironmentWarning: true,
    navigation: {
      beforeContentCallback(window: BrowserWindow) {
        for (const { page, documents } of tabs.values()) if (page.frames.some((frame) => frame.window === window)) documents.begins(window);
      },
    },
    fetch: { interceptor: traffic.interceptor },
  };
  const browser = new Browser({ settings });
  const tabs = new Map<number, Tab>();
  const { due, alarms } = memoryAlarms();
  const [kept, local] = [memoryArea(), memoryArea()];
  if (Object.keys(chosen).length) await local.set({ [SETTINGS_KEY]: { ...NO_SETTINGS, ...chosen } });
  const badges = new Map<number, string>();
  const changed = fakeEvent<[Readonly<Record<string, { readonly newValue?: unknown }>>]>();
  const tabOf = (id: number): Tab => {
    const tab = tabs.get(id);
    if (!tab) throw new Error(`No tab with id: ${id}.`);
    return tab;
  };
  const platform = {
    session: kept,
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
    showBadge: async (tab: number, text: string) => void badges.set(tab, text),
    notify: async () => undefined,
    carrier: (id: number) => carrierOf(() => tabOf(id)),
    watching: () => watchingAll(watched),
    traffic: () => ({ flush: async () => undefined }),
  };
  const shelves: Parameters<typeof presetShelf>[0] = {
    ...platform.local,
    onChanged: { addListener: (listener) => changed.addListener((changes) => listener({ ...changes })) },
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
        const evaluate = () => {
          try {
            callback(tab.page.evaluate(expression));
          } catch (error) {
            callback(undefined, { isException: true, value: String(error) });
          }
        };
        const settled = tab.documents.settled(tab.page);
        if (settled) void settled.then(evaluate, evaluate);
        else evaluate();
      }),
      scriptText: async (file) => SCRIPTS[file] ?? '',
      resources: async () => [],
    });
    let opened: Port | undefined;
    const surveyor = createSurveyor((message) => model.send(message));
    const model: Model = createModel({
      tab: page.tab,
      view,
      lends: view === 'panel',
      ...(view === 'panel' && { record, presets: presetShelf(shelves) }),
      open(handlers) {
        opened = openPort({
          ...handlers,
          onMessage: (message) => void (surveyor.take(message) || handlers.onMessage(message)),
          runtime: () => ({ id: 'inspector', connect: port }),
        });
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
    const seen = requests && view === 'panel' ? log.open((window) => tab.page.frames.some((frame) => frame.window === window)) : null;
    if (seen)
      followRequests(seen.network, (records) =>
        record.capture(
          records,
          records.flatMap((one) => capturedOf(one) ?? []),
          model.send,
        ),
      );
    if (view === 'panel') {
      const { PanelView } = await import('@/components/panel/panel-view');
      const by = { version: '0.0.0', browser: 'Node', survey: surveyor.survey, pseudonyms: () => pseudonyms(platform.local) };
      render(<PanelView model={model} record={record} by={by} />, document.body);
    } else {
      const { PopupView } = await import('@/components/popup/popup-view');
      render(<PopupView model={model} />, document.body);
    }
    close = () => {
      render(null, document.body);
      seen?.close();
      opened?.close();
      ended();
      close = () => undefined;
    };
    return viewOf({ evaluate: async (expression) => runInThisContext(expression) as unknown, setFile: giveFile });
  };
  /** Shows the settings page. The browser's permissions, shortcuts and prompts are not in it. */
  const showOptions = async (): Promise<NodeView> => {
    close();
    const ended = openDocument(`${HOME}options.html`);
    const { OptionsView } = await import('@/components/options/options-view');
    const stored = signal<Settings | null>(null);
    const load = async () => {
      stored.value = parseSettings((await platform.local.get(SETTINGS_KEY))[SETTINGS_KEY]);
    };
    shelves.onChanged.addListener(() => void load());
    await load();
    render(
      <OptionsView
        settings={stored}
        save={(next) => platform.local.set({ [SETTINGS_KEY]: next })}
        watched={signal([])}
        permissions={{ watch: async () => false, unwatch: async () => undefined, notifications: async () => false }}
        shortcuts={signal([])}
        openShortcuts={() => undefined}
        presets={presetShelf(shelves)}
        model={null}
      />,
      document.body,
    );
    close = () => {
      render(null, document.body);
      ended();
      close = () => undefined;
    };
    return viewOf({ evaluate: async (expression) => runInThisContext(expression) as unknown, setFile: giveFile });
  };
  return {
    hub,
    due,
    stored: kept.items,
    onDisk: local.items,
    badges,
    keep: platform.local.set,
    origin,
    shop,
    auth: authOf(thread, shop),
    async open(path = '/') {
      const id = tabs.size + 1;
      const page = browser.newPage();
      const noise: string[] = [];
      page.virtualConsolePrinter.addEventListener('print', () => {
        for (const { type, message } of page.virtualConsolePrinter.read()) noise.push(`${type}: ${message.map(String).join(' ')}`);
      });
      const documents = createDocuments();
      const run = async (expression: string): Promise<unknown> => {
        const settled = documents.settled(page);
        if (settled) await settled.catch(() => undefined);
        return page.evaluate(expression) as unknown;
      };
      const tab: Tab = {
        tab: id,
        page,
        documents,
        noise,
        run,
        evaluate: async (what: (given: never) => unknown, given?: unknown) =>
          (await run(`(${what})(${given === undefined ? '' : JSON.stringify(given)})`)) as never,
        async goto(to) {
          await page.goto(new URL(inShop(to, shop), /^https?:/.test(to) ? to : origin).href);
          hub.tabUpdated(id);
        },
        async reload() {
          await documents.reloads(() => page.reload());
          hub.tabUpdated(id);
        },
      };
      tabs.set(id, tab);
      await tab.goto(path);
      return tab;
    },
    panel: (page) => show(page, 'panel'),
    popup: (page) => show(page, 'popup'),
    options: showOptions,
    async close() {
      close();
      // A request that is cut off rejects in the page, which may not handle it.
      await until('the requests of the pages', traffic.isQuiet, LAST_REQUESTS).catch(() => undefined);
      await browser.close().catch(() => undefined);
    },
  };
}

/** A page of the sandbox as the toolbar click reaches it. */
function carrierOf(tab: () => Tab): Carrier {
  const call = (request: AgentRequest) => {
    const given = [HANDLE_KEY, AGENT_VERSION, request.origin, pack(request)].map((one) => JSON.stringify(one)).join(',');
    return tab().run(`(${callAgent})(${given})`);
  };
  const ask = (request: AgentRequest): Promise<unknown> =>
    askAgent(
      request,
      () => call(request),
      async (scripts) => {
        for (const file of scripts) await tab().run(SCRIPTS[file] ?? '');
        return call(request);
      },
    );
  return {
    exchange: async (request) => parseAgentReply(await ask(request)),
    equip: async () => void (await tab().run(client)),
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
// Effects of a view that is taken down may run after its document has gone.
globalThis.removeEventListener ??= () => undefined;
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
export interface Hook {
  readonly dialect: string;
  readonly held: Held;
  readonly calls: [string, unknown[]][];
  /** How often each getter was called. */
  readonly reads: Readonly<Record<string, number>>;
}

export const hookOf = async (page: NodePage): Promise<Hook> =>
  JSON.parse(
    await page.evaluate(() => {
      const { sandboxSdk } = globalThis as unknown as { sandboxSdk?: Omit<Hook, 'held'> & { held(): Held } };
      if (!sandboxSdk) return JSON.stringify({ held: {} });
      const { dialect, held, calls, reads } = sandboxSdk;
      return JSON.stringify({ dialect, held: held(), calls, reads });
    }),
  );
