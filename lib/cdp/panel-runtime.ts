/** Runs in the panel's tab before its modules: the part of the extension API that the panel uses, over a WebSocket. */
import { PORT_PATH, PROTOCOL, type ToPanel, type ToServer } from './panel-wire';

/** Key in `sessionStorage`, which no other tab can read. */
const KEY = 'key';
type Listener<T> = (value: T) => void;
type Changes = Readonly<Record<string, { readonly newValue?: unknown }>>;

const changed = new Set<(changes: Changes) => void>();
/** Without an answer so far: asked again over the next connection. */
const asked = new Map<number, { readonly message: ToServer; readonly resolve: Listener<unknown> }>();
let socket: WebSocket | null = null;
let waiting: ToServer[] = [];
let last = 0;
let wasOpen = false;

const send = (message: ToServer) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  else waiting.push(message);
};

function connect({ name }: { name: string }) {
  const heard = new Set<Listener<unknown>>();
  const gone = new Set<() => void>();
  const opened = new WebSocket(`ws://${location.host}${PORT_PATH}`, [
    PROTOCOL,
    sessionStorage.getItem(KEY) ?? (location.hash.slice(1) || 'none'),
  ]);
  socket = opened;
  waiting = [{ open: name }, ...[...asked.values()].map(({ message }) => message)];
  opened.onopen = () => {
    wasOpen = true;
    for (const message of waiting.splice(0)) send(message);
  };
  opened.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as ToPanel;
    if ('key' in message) {
      sessionStorage.setItem(KEY, message.key);
      history.replaceState(null, '', location.pathname + location.search);
    } else if ('port' in message) for (const listener of heard) listener(message.port);
    else if ('answer' in message) {
      asked.get(message.answer)?.resolve(message.value);
      asked.delete(message.answer);
    } else for (const listener of changed) listener(message.changed);
  };
  opened.onclose = () => {
    if (wasOpen) for (const listener of gone) listener();
    else refused();
  };
  return {
    postMessage: (message: unknown) => send({ port: message }),
    disconnect: () => opened.close(),
    onMessage: { addListener: (listener: Listener<unknown>) => void heard.add(listener) },
    onDisconnect: { addListener: (listener: () => void) => void gone.add(listener) },
  };
}

/** The server doesn't say why: either the address was already used, or the process has exited. */
function refused(): void {
  const line = document.createElement('p');
  line.className = 'banner warn';
  line.role = 'alert';
  line.dataset['testid'] = 'refused';
  line.textContent = 'This address works in one tab, once, while the command runs. Run it again, or close the other tab for a new address.';
  document.body.replaceChildren(line);
}

const ask = (what: { readonly get?: string | readonly string[]; readonly set?: Readonly<Record<string, unknown>> }) =>
  new Promise<unknown>((resolve) => {
    last += 1;
    const message = { ask: last, ...what };
    asked.set(last, { message, resolve });
    send(message);
  });

Object.assign(globalThis, {
  browser: {
    runtime: {
      id: PROTOCOL,
      connect,
      getManifest: () => ({ version: __VERSION__ }),
      getURL: (path: string) => new URL(path, location.origin).href,
    },
    storage: {
      local: {
        get: (get: string | readonly string[]) => ask({ get }),
        set: (set: Readonly<Record<string, unknown>>) => ask({ set }),
        onChanged: { addListener: (listener: (changes: Changes) => void) => void changed.add(listener) },
      },
    },
  },
});

/** Version of the extension, put in by the build. */
declare const __VERSION__: string;
