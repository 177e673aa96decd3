/** The messages between the agent in a page and the background, which validates them with `lib/protocol/agent.ts`. */

import type { ChangeName } from '../sdk/changes';
import type { DialectTable } from '../sdk/dialects/dialect';
import type { DialectName } from '../sdk/dialects/names';
import type { OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import type { Change, Undo } from './cookie-jar';

/** Incremented whenever the types below change: an agent of a different version is reverted and replaced. */
export const AGENT_VERSION = 13;

/** Key (of `Symbol.for`) of the agent's handle on the page's global object. */
export const HANDLE_KEY = 'synerise.inspector.agent';

/** The scripts that are injected into a page: the agent, the client driver, and what the agent looks for. */
export const AGENT_SCRIPT = '/page-agent.js';
export const CLIENT_SCRIPT = '/page-client.js';
/** The setup that all sites have. */
export const TABLES_SCRIPT = '/page-tables.js';
export type ScriptFile = typeof AGENT_SCRIPT | typeof TABLES_SCRIPT | typeof CLIENT_SCRIPT;
/** On watched sites, from the page's first line on: `watch.ts`, which makes the agent look and wrap on its own, and the relay. */
export const WATCH_SCRIPT = '/page-watch.js';
export const RELAY_SCRIPT = '/page-relay.js';

/**
 * The only event that tells the relay the name of the agent's bell, which is the event that announces new reports. It is
 * raised before any script of the page runs.
 */
export const HELLO_EVENT = 'synerise.inspector.hello';
/** Raised by a relay that started after the agent, to get that event again: Firefox runs scripts in the page's world first. */
export const READY_EVENT = 'synerise.inspector.ready';
/** Appended to the bell's name: the event that ends watching. The relay raises it when the site is no longer watched. */
export const END_SUFFIX = '.end';

/** Key (of `Symbol.for`) under which a page hands over its SDK: `{ pending: [[sdk, { name, dialect? }], …], connect }`. */
export const CONNECT_KEY = 'synerise.inspector';

/** One SDK instance in one document. */
export interface ClientInfo {
  /** Number of the instance within its document; a new instance gets a new number. */
  readonly ref: number;
  readonly dialect: DialectName;
  /** Where it was found, such as `Synerise.Client`. */
  readonly place: string;
  /** The SDK's version, if the page provides it. */
  readonly version: string | null;
  /** `not-loaded`: the loader snippet's queue is there, but the SDK never loaded. */
  readonly state: 'ready' | 'not-initialised' | 'not-loaded';
  /** Operations whose method this instance does not have. */
  readonly missing: readonly OperationName[];
  /** Methods whose calls cannot be observed (frozen, or behind an accessor): only their effects are sampled. */
  readonly unobserved: readonly string[];
}

/** A token as the SDK returned it. Instants in epoch ms. */
export interface WireToken {
  readonly raw: string;
  readonly origin: string | null;
  readonly realm: string | null;
  readonly clientId: string | null;
  readonly customId: string | null;
  readonly expiresAt: number | null;
  /** What the SDK itself reports about a near expiry; `null` if it reports nothing. */
  readonly nearExpiry: boolean | null;
}

/** A place in addition to the well-known ones: a path from the page's globals, such as `app.services.synerise`. */
export interface Place {
  readonly path: string;
  readonly dialect: DialectName;
}

/** What an agent looks for. Sent as data once per document, so that the agent itself stays small. */
export interface Setup {
  readonly id: string;
  readonly dialects: readonly DialectTable[];
  readonly places: readonly Place[];
}

/** An SDK's error: its code and message, and the whole error as bounded data. */
export interface WireError {
  readonly code: string | number | null;
  readonly message: string;
  readonly detail: Plain;
}

/**
 * A loader snippet that did not run, and why: its `type` keeps the browser from running it (a consent tool changes it
 * later), it is for a worker (Partytown), it is inside a template, or it is a script that did not run, for example
 * because the page's policy blocks it.
 */
export interface IdleSnippet {
  readonly why: 'type' | 'worker' | 'template' | 'blocked';
  /** The script's `type`; empty if it has none. */
  readonly type: string;
}

/** How a call ended: a callback, a throw, a rejected promise, no answer in time, or no method to call. */
export type Settlement = 'success' | 'error' | 'threw' | 'rejected' | 'deadline' | 'missing';

/** A body as text, if it is text and not too long; its size in bytes, if known. */
export interface WireBody {
  readonly text: string | null;
  readonly size: number | null;
}

/** A call's arguments and result, as bounded data without secrets. Each field is present once it is known. */
export interface CallDetail {
  readonly args?: Plain;
  readonly value?: Plain;
  readonly error?: WireError;
  /** The stack line of the caller. */
  readonly site?: string;
}

/** What the agent noticed, numbered in order. `at` is the page's clock (epoch ms). */
export type AgentReport = { readonly seq: number; readonly at: number } & (
  | {
      readonly kind: 'page';
      readonly clients: readonly ClientInfo[];
      readonly absent: boolean;
      /** Whether the document is loading, has loaded, or did not load in time. */
      readonly load: 'loading' | 'loaded' | 'stuck';
      /** Places where an SDK was expected and none was found. */
      readonly strays: readonly string[];
      /** Number of the document's frames. */
      readonly frames: number;
      /** Path and query that the document was loaded with, even if its address changed since. `by`: how (`navigate`, `reload`, …). */
      readonly entered: string;
      readonly by: string;
      /** When it began to load, by the page's `timeOrigin` (epoch ms): stays the same if the agent is injected again. */
      readonly loaded: number;
    }
  | {
      readonly kind: 'sample';
      readonly client: number;
      readonly uuid: string | null;
      readonly signedIn: boolean | null;
      readonly simpleAuth: boolean | null;
      /** Why the UUID could not be read. */
      readonly trouble: string | null;
      /** Further values that the dialect samples, by name. */
      readonly facts: Readonly<Record<string, Plain>>;
      /** `name=value` of the SDK's cookies, in the order in which the browser shows them to the page. */
      readonly cookies: readonly string[];
      /** The same for the SDK's Web Storage entries, each name prefixed with `local:` or `session:`. */
      readonly stored: readonly string[];
    }
  | {
      readonly kind: 'token';
      readonly client: number;
      readonly how: Settlement;
      readonly token: WireToken | null;
      /** The SDK answered that there is no token. */
      readonly none: boolean;
      readonly error: WireError | null;
    }
  /** A page call: reported when it begins, and when it ends if that can be observed. */
  | {
      readonly kind: 'call';
      readonly client: number;
      /** Number of the call within its client. */
      readonly call: number;
      readonly does: ChangeName;
      /** `dropped`: it only created a call object. `returned`: how it went on cannot be observed. `unanswered`: no answer so far. */
      readonly phase: 'called' | 'succeeded' | 'failed' | 'returned' | 'dropped' | 'unanswered';
      /** The arguments that matter and aren't secret, by canonical name; of a text, only whether it was given. */
      readonly told: Readonly<Record<string, Plain>>;
      readonly detail?: CallDetail;
    }
  /** A page call that leaves the session unchanged, reported once it is over. */
  | {
      readonly kind: 'look';
      readonly client: number;
      readonly call: number;
      readonly does: ChangeName;
      /** By the page's clock (epoch ms); `endedAt` is `null` if no answer came. */
      readonly begun: number;
      readonly endedAt: number | null;
      /** `null`: the outcome cannot be observed. */
      readonly ok: boolean | null;
      /** How many calls this covers: more than 1 if calls repeat the same result, or come too often to report each. */
      readonly times: number;
      readonly detail: CallDetail;
    }
  /** The SDK reported a sign-in, or a sign-out and its reason, to the page's own listener. */
  | { readonly kind: 'state'; readonly client: number; readonly signedIn: boolean; readonly reason: string | null }
  | { readonly kind: 'started'; readonly id: string; readonly client: number }
  | {
      readonly kind: 'settled';
      readonly id: string;
      readonly how: Settlement;
      readonly value: Plain;
      readonly error: WireError | null;
      /** Time from the call to its settlement, in ms. */
      readonly ms: number;
    }
  /** What undoes the changes of a command; `failed`: names of the changes that had no effect. */
  | { readonly kind: 'edited'; readonly id: string; readonly undo: readonly Undo[]; readonly failed: readonly string[] }
  | { readonly kind: 'late'; readonly id: string; readonly how: Settlement }
);

export type AgentCommand =
  | {
      readonly kind: 'run';
      readonly id: string;
      /** The document and origin that it was requested for: it runs in no other. */
      readonly document: string;
      readonly origin: string;
      readonly client: number;
      readonly operation: OperationName;
      /** By canonical argument name. */
      readonly args: Readonly<Record<string, Plain>>;
      /** Names of the arguments whose values no report may repeat. */
      readonly secrets?: readonly string[];
      /** How long to wait for an answer, in ms. */
      readonly deadline: number;
      /** By the caller's clock (epoch ms): a command taken up later than this isn't run. */
      readonly notAfter: number;
    }
  /** Changes cookies and Web Storage of pages of `origin`; a command whose id was seen before is ignored. */
  | { readonly kind: 'edit'; readonly id: string; readonly origin: string; readonly changes: readonly Change[] }
  | { readonly kind: 'read' };

/** One request to the agent. */
export interface AgentRequest {
  /** The only origin that this request is for: a page of a different origin gets none of it. `null`: it contains nothing of a site. */
  readonly origin: string | null;
  /** The caller's clock (epoch ms). */
  readonly now: number;
  /** `seq` of the last report received; 0 if none. */
  readonly cursor: number;
  /** The document that `cursor` and `command` are for; a different document ignores both. */
  readonly document: string | null;
  /** How long the answer may wait for news, in ms. */
  readonly wait: number;
  /** Whether a view shows this document: except on watched sites, calls are observed and getters sampled only then. */
  readonly showing: boolean;
  /** `ref` of the client that is shown; `null` for the first that is ready. */
  readonly client: number | null;
  /** Only lists what the document contains: nothing is sampled, and nothing else changes. */
  readonly list?: true;
  /** The site is watched: name of the bell event to raise for reports that no request waits for; `null`: no longer watched. */
  readonly watch?: string | null;
  /** Sent if the agent reported a different setup, or none. */
  readonly setup?: Setup;
  readonly command?: AgentCommand;
}

/** The agent's answer, transferred as JSON text. */
export interface AgentReply {
  readonly document: string;
  /** Read from `location.origin` (`callAgent`), which the page cannot forge. */
  readonly origin: string;
  /** Path and query of its address. */
  readonly path: string;
  readonly at: number;
  /** `id` of the agent's setup; empty if it has none. */
  readonly setup: string;
  /** A client was found, but the agent has no driver yet. */
  readonly bare: boolean;
  /** The agent looks, wraps and rings on its own. */
  readonly watching: boolean;
  /** The page's timers were seen to fire, so a request may wait in the page. */
  readonly waits: boolean;
  /** Built-ins that the page replaced with something that does not work. */
  readonly missing: readonly string[];
  readonly reports: readonly AgentReport[];
}

/** Can be awaited without a `Promise`, which the page may have replaced. */
export interface Awaited {
  then(resolve: (answer: string) => void): void;
}

/** An agent's answer is shorter than this many characters (`callAgent`, which can use nothing from outside itself, repeats the number). */
export const MAX_SAID = 500_000;

/** What `callAgent` returns instead of an agent's answer. */
export const NO_AGENT = '';
export const MOVED = '!moved';
export const THREW = '!threw';
export const HOSTILE = '!hostile';

/**
 * Data on its way into a page, where it is unpacked by syntax alone: `null` becomes an empty list, a list follows a 0, and
 * an object's names and values follow a 1 in turn. Chromium would drop members that are `null` from the arguments of
 * `executeScript`, and an object literal cannot have a member named `__proto__`.
 */
export type Packed = string | number | boolean | Packed[];

export function pack(data: unknown): Packed {
  if (data === null || data === undefined) return [];
  if (Array.isArray(data)) return [0, ...data.map(pack)];
  if (typeof data !== 'object') return data as Packed;
  const packed: Packed[] = [1];
  for (const [name, value] of Object.entries(data)) if (value !== undefined) packed.push(name, pack(value));
  return packed;
}

/** Whether this is the first request to a tab's document, which probably has no agent yet: nothing is gained by asking for one. */
export const isFirst = ({ document, list }: AgentRequest): boolean => document === null && !list;

/** The scripts that a document without an agent is given for a request: while a view shows it, the driver comes with the agent. */
export const scriptsFor = ({ showing }: AgentRequest): readonly ScriptFile[] => [
  AGENT_SCRIPT,
  TABLES_SCRIPT,
  ...(showing ? ([CLIENT_SCRIPT] as const) : []),
];

/**
 * Sends a request to the agent of this page. Runs inside the page: `executeScript` and `eval` send it as text, so it can
 * use nothing from outside itself, and relies only on syntax and unforgeable properties. Returns the page's origin as the
 * browser reports it, a line break, and the agent's answer or one of the constants above. A page of an origin other than
 * `meant` gets nothing. Returns a promise only if `request` allows the answer to wait.
 */
export function callAgent(key: string, version: number, meant: string | null, packed: Packed): string | Promise<string> {
  type Handle = { version: number; exchange(request: unknown): unknown };
  const { origin } = location;
  // Checked inside the page: a page that forged the handle cannot make us transfer more.
  const tell = (answer: unknown) => `${origin}\n${typeof answer === 'string' && answer.length < 500_000 ? answer : '!hostile'}`;
  // Before `packed` is touched: even creating a list may run a setter of the page's.
  if (meant !== null && meant !== origin) return tell('!moved');
  const unpack = (data: unknown): unknown => {
    if (typeof data !== 'object') return data;
    const list = data as unknown[];
    if (!list.length) return null;
    const isList = list[0] === 0;
    const made = { __proto__: null } as unknown as Record<string, unknown>;
    // Unpack in place: assigning to existing elements runs no setter.
    for (let index = 1; index < list.length; index += isList ? 1 : 2) {
      if (isList) list[index - 1] = unpack(list[index]);
      else made[list[index] as string] = unpack(list[index + 1]);
    }
    if (!isList) return made;
    list.length -= 1;
    return list;
  };
  try {
    let name: PropertyKey = key;
    try {
      const symbol = Symbol.for(key);
      if (typeof symbol === 'symbol') name = symbol;
    } catch {
      // The page replaced `Symbol`: the handle is under the key itself.
    }
    const handle = (window as unknown as Record<PropertyKey, Handle | undefined>)[name];
    if (handle?.version !== version) return tell('');
    const answer = handle.exchange(unpack(packed));
    if (typeof answer === 'string') return tell(answer);
    // An async function returns a native promise even if the page replaced `Promise`.
    return (async () => {
      try {
        return tell(await answer);
      } catch {
        return tell('!threw');
      }
    })();
  } catch {
    return tell('!threw');
  }
}

/** The expression that calls the agent. */
export const callExpression = (request: AgentRequest): string =>
  `(${callAgent})(${[HANDLE_KEY, AGENT_VERSION, request.origin, pack(request)].map((one) => JSON.stringify(one)).join()})`;
