import { webcrypto } from 'node:crypto';
import vm from 'node:vm';
import type { Sandbox } from '../../../sandbox/server.mjs';

type Listener = (event: object) => void;
type Element = { src?: string; textContent?: string };

/** A site whose tabs share one storage and one cookie jar. Each tab is a separate realm; a page's `evaluate` copies values as JSON. */
export function openSite(sandbox: Sandbox) {
  const kept = new Map<string, string>();
  const jar = new Map<string, { value: string; until: number }>();
  const tabs: { tell(type: string, event: object): void }[] = [];

  function openTab(search: string) {
    const listeners: [string, Listener][] = [];
    const tab = {
      tell(type: string, event: object = { type }) {
        for (const [one, listener] of [...listeners]) if (one === type) listener(event);
      },
    };
    tabs.push(tab);
    const location = { search, hostname: '127.0.0.1', href: `${sandbox.origin}/${search}` };
    const context = vm.createContext({
      location,
      history: {
        state: null,
        replaceState(_state: unknown, _title: string, url: URL) {
          location.href = String(url);
          location.search = url.search;
        },
      },
      localStorage: {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem(key: string, newValue: string) {
          kept.set(key, newValue);
          for (const other of tabs) if (other !== tab) other.tell('storage', { key, newValue });
        },
      },
      document: {
        get cookie() {
          for (const [name, { until }] of jar) if (until <= Date.now()) jar.delete(name);
          return [...jar].map(([name, { value }]) => `${name}=${value}`).join('; ');
        },
        set cookie(text: string) {
          const [pair = '', ...attributes] = text.split('; ');
          const age = attributes.find((one) => one.startsWith('max-age='))?.slice('max-age='.length);
          jar.set(pair.slice(0, pair.indexOf('=')), { value: pair.slice(pair.indexOf('=') + 1), until: Date.now() + Number(age) * 1000 });
        },
        createElement: (): Element => ({}),
        head: { append: (element: Element) => (element.src ? run(element.src) : evaluate(element.textContent ?? '')) },
      },
      crypto: webcrypto,
      URL,
      URLSearchParams,
      Event,
      console: { error() {}, warn() {} },
      setTimeout,
      clearTimeout,
      fetch: (path: string, options: RequestInit) => fetch(`${sandbox.origin}${path}`, options),
      addEventListener: (type: string, listener: Listener) => listeners.push([type, listener]),
      dispatchEvent: (event: Event) => tab.tell(event.type, event),
    });
    const evaluate = (code: string) => vm.runInContext(code, context);
    const run = async (path: string) => evaluate(await (await fetch(`${sandbox.origin}${path}`)).text());
    evaluate('globalThis.window = globalThis');
    const before = Object.keys(context);
    return {
      run,
      evaluate,
      tell: tab.tell,
      globals: () => Object.keys(context).filter((key) => !before.includes(key)),
    };
  }

  return {
    cookies: jar,
    /** A tab without a page. */
    openTab,
    /** A page that has run the SDK's script as served. */
    async page(dialect: string, search = '', script = '') {
      const tab = openTab(search);
      await tab.run(`/sdk/${dialect}.js${script}`);
      return pageOf(tab);
    },
    /** A Web SDK page that has run its snippet and initialized the SDK. */
    async webPage(search = '') {
      const tab = openTab(`?sdk=web&late=0&init=0&${search}`);
      const page = pageOf(tab);
      await tab.run('/snippet.js');
      await page.until('window.SyneriseTC');
      return page;
    },
  };
}

type Tab = ReturnType<ReturnType<typeof openSite>['openTab']>;

export function pageOf({ evaluate, globals, tell }: Tab) {
  const page = {
    globals: globals(),
    tell,
    // biome-ignore lint/suspicious/noExplicitAny: the page may return anything
    async evaluate(code: string): Promise<any> {
      return JSON.parse((await evaluate(`(async () => JSON.stringify(await (${code})))()`)) ?? 'null');
    },
    held: () => page.evaluate('sandboxSdk.held()'),
    async until(code: string, patience = 3000) {
      const end = Date.now() + patience;
      while (!(await page.evaluate(`Boolean(${code})`))) {
        if (Date.now() > end) throw new Error(`never: ${code}; ${JSON.stringify(await page.held().catch(String))}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
  return page;
}
