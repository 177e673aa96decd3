/** The words between the agent in a page and the background. The background checks them with `lib/protocol/agent.ts`. */

import type { ChangeName } from '../sdk/changes';
import type { DialectTable } from '../sdk/dialects/dialect';
import type { DialectName } from '../sdk/dialects/names';
import type { OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import type { Change, Undo } from './cookie-jar';

/** Raised whenever the shapes below change: an agent of another version is reverted and replaced. */
export const AGENT_VERSION = 9;

/** Key (of `Symbol.for`) under which the agent's handle stands on the page's global object. */
export const HANDLE_KEY = 'synerise.inspector.agent';

/** The scripts that go into a page: the agent, and what drives a client. */
export const AGENT_SCRIPT = '/page-agent.js';
export const CLIENT_SCRIPT = '/page-client.js';
/** On watched sites, from the first line on: what has the agent look and wrap by itself, and the bell beside the page. */
export const WATCH_SCRIPT = '/page-watch.js';
export const RELAY_SCRIPT = '/page-relay.js';

/** The one event by which a watching agent tells the relay the name of its bell: it comes before any script of the page. */
export const HELLO_EVENT = 'synerise.inspector.hello';
/** By which a relay that came after the agent asks for that event once more: Firefox runs the page's world first. */
export const READY_EVENT = 'synerise.inspector.ready';
/** Follows the bell's name: the relay tells the agent that the site is watched no more. */
export const END_SUFFIX = '.end';

/** Key (of `Symbol.for`) under which a page hands its SDK over: `{ pending: [[sdk, { name, dialect? }], …], connect }`. */
export const CONNECT_KEY = 'synerise.inspector';

/** One SDK instance in one document. */
export interface ClientInfo {
  /** Number of the instance within its document; a replaced instance gets another. */
  readonly ref: number;
  readonly dialect: DialectName;
  /** Where it stands, such as `Synerise.Client`. */
  readonly place: string;
  /** The SDK's version where the page tells it. */
  readonly version: string | null;
  /** `not-loaded`: the loader snippet's queue is there, and the SDK never came. */
  readonly state: 'ready' | 'not-initialised' | 'not-loaded';
  /** Operations whose method this instance does not have. */
  readonly missing: readonly OperationName[];
  /** Methods whose calls cannot be observed (frozen, or behind an accessor): their effects are sampled only. */
  readonly unobserved: readonly string[];
}

/** A token as the SDK handed it over. Instants in epoch ms. */
export interface WireToken {
  readonly raw: string;
  readonly origin: string | null;
  readonly realm: string | null;
  readonly clientId: string | null;
  readonly customId: string | null;
  readonly expiresAt: number | null;
  /** What the SDK itself says of a near expiry; `null` where it says nothing. */
  readonly nearExpiry: boolean | null;
}

/** A place beside the well-known ones: a path from the page's globals, such as `app.services.synerise`. */
export interface Place {
  readonly path: string;
  readonly dialect: DialectName;
}

/** What an agent looks for. It is given as data once per document, so that the agent itself stays small. */
export interface Setup {
  readonly id: string;
  readonly dialects: readonly DialectTable[];
  readonly places: readonly Place[];
}

/** An SDK's error: what it names as code and message, and the whole of it as bounded data. */
export interface WireError {
  readonly code: string | number | null;
  readonly message: string;
  readonly detail: Plain;
}

/**
 * A loader snippet that did not run, and why: its `type` keeps the browser from running it (a consent tool changes it
 * later), it is for a worker (Partytown), it stands in a template, or it is a script that did not run, as where the page's policy blocks it.
 */
export interface IdleSnippet {
  readonly why: 'type' | 'worker' | 'template' | 'blocked';
  /** The script's `type`; empty for none. */
  readonly type: string;
}

/** How an invocation ended: a callback, a throw, a rejected promise, no answer in time, or nothing there to call. */
export type Settlement = 'success' | 'error' | 'threw' | 'rejected' | 'deadline' | 'missing';

/** A body as text, where it is one and not too long; its size in bytes, where that is known. */
export interface WireBody {
  readonly text: string | null;
  readonly size: number | null;
}

/** What was passed and what came of a call, as bounded data without secrets. Each is there once it is known. */
export interface CallDetail {
  readonly args?: Plain;
  readonly value?: Plain;
  readonly error?: WireError;
  /** The line of the stack that called. */
  readonly site?: string;
}

/** What the agent noticed, in order. `at` is the page's clock (epoch ms). */
export type AgentReport = { readonly seq: number; readonly at: number } & (
  | {
      readonly kind: 'page';
      readonly clients: readonly ClientInfo[];
      readonly absent: boolean;
      /** Whether the document loads, has loaded, or was waited for in vain. */
      readonly load: 'loading' | 'loaded' | 'stuck';
      /** Places and names at which an SDK was promised and nothing of the kind stands. */
      readonly strays: readonly string[];
      /** How many frames the document has. */
      readonly frames: number;
      /** Path and query that the document was loaded by, whatever the page made of its address since; and how (`navigate`, `reload`, …). */
      readonly entered: string;
      readonly by: string;
      /** When it was loaded, by the page's clock (epoch ms): the same where the agent was put there anew. */
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
      /** More that the dialect samples, by its name. */
      readonly facts: Readonly<Record<string, Plain>>;
      /** `name=value` of the SDK's cookies, in the order that the page is shown them. */
      readonly cookies: readonly string[];
      /** The same of what it keeps in Web Storage, each name after `local:` or `session:`. */
      readonly stored: readonly string[];
    }
  | {
      readonly kind: 'token';
      readonly client: number;
      readonly how: Settlement;
      readonly token: WireToken | null;
      /** The SDK answered that there is none. */
      readonly none: boolean;
      readonly error: WireError | null;
    }
  /** A call of the page: as it begins, and as it ends where that is seen. */
  | {
      readonly kind: 'call';
      readonly client: number;
      /** Number of the call in its client. */
      readonly call: number;
      readonly does: ChangeName;
      /** `dropped`: it only made a call object. `returned`: nobody can see how it went on from there. `unanswered`: waited for in vain, so far. */
      readonly phase: 'called' | 'succeeded' | 'failed' | 'returned' | 'dropped' | 'unanswered';
      /** What of its arguments matters and is no secret, by canonical name; a text only as whether it was given. */
      readonly told: Readonly<Record<string, Plain>>;
      readonly detail?: CallDetail;
    }
  /** A call of the page that leaves the session as it is, once it is over. */
  | {
      readonly kind: 'look';
      readonly client: number;
      readonly call: number;
      readonly does: ChangeName;
      /** By the page's clock (epoch ms); `endedAt` of `null`: no answer came. */
      readonly begun: number;
      readonly endedAt: number | null;
      /** `null`: nobody can see how it went on. */
      readonly ok: boolean | null;
      /** How often it was called in this time, each with the same result. */
      readonly times: number;
      readonly detail: CallDetail;
    }
  /** The SDK told the page's own listener of a sign-in, or of a sign-out and its reason. */
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
  /** What undoes the changes of a command; `failed`: names of those that took no effect. */
  | { readonly kind: 'kept'; readonly id: string; readonly undo: readonly Undo[]; readonly failed: readonly string[] }
  | { readonly kind: 'late'; readonly id: string; readonly how: Settlement }
);

export type AgentCommand =
  | {
      readonly kind: 'run';
      readonly id: string;
      /** The document and origin that it was asked of: it runs in no other. */
      readonly document: string;
      readonly origin: string;
      readonly client: number;
      readonly operation: OperationName;
      /** By canonical argument name. */
      readonly args: Readonly<Record<string, Plain>>;
      /** Names of those that nothing that comes back may repeat. */
      readonly secrets?: readonly string[];
      /** How long to wait for an answer, in ms. */
      readonly deadline: number;
      /** By the asker's clock (epoch ms): a command that is taken up later than this is not run any more. */
      readonly notAfter: number;
    }
  /** Changes what pages of `origin` keep in cookies and Web Storage; an id that was seen is not taken again. */
  | { readonly kind: 'keep'; readonly id: string; readonly origin: string; readonly changes: readonly Change[] }
  | { readonly kind: 'read' };

/** One request to the agent. */
export interface AgentRequest {
  /** The origin that all of it is meant for: a page of another one is given nothing of it. `null`: it holds nothing of a site. */
  readonly origin: string | null;
  /** The asker's clock (epoch ms). */
  readonly now: number;
  /** `seq` of the last report already held; 0 for none. */
  readonly cursor: number;
  /** The document that `cursor` and `command` are meant for; another document takes neither. */
  readonly document: string | null;
  /** How long the answer may wait for news, in ms. */
  readonly wait: number;
  /** Whether a view shows this document: only then calls are observed and getters sampled. */
  readonly showing: boolean;
  /** `ref` of the client that is shown; `null` for the first that is ready. */
  readonly client: number | null;
  /** Only what stands in the document is asked for: nothing is sampled, and nothing else changes. */
  readonly list?: true;
  /** The site is watched: name of the bell to ring at news that nobody waits for; `null`: no more. */
  readonly watch?: string | null;
  /** Sent where the agent said that it has another, or none. */
  readonly setup?: Setup;
  readonly command?: AgentCommand;
}

/** The agent's answer. Crosses as JSON text. */
export interface AgentReply {
  readonly document: string;
  /** By the browser's word (`callAgent`), whatever the page says. */
  readonly origin: string;
  /** Path and query of its address. */
  readonly path: string;
  readonly at: number;
  /** `id` of the setup that the agent has; empty for none. */
  readonly setup: string;
  /** A client is there, and nothing that could drive it. */
  readonly bare: boolean;
  /** It looks and wraps by itself, and rings. */
  readonly watching: boolean;
  /** The page's timers were seen to ring: a request may wait in it. */
  readonly waits: boolean;
  /** Built-ins that the page has replaced by something that does not do their work. */
  readonly missing: readonly string[];
  readonly reports: readonly AgentReport[];
}

/** What `await` waits for, without a `Promise` that the page may have replaced. */
export interface Awaited {
  then(resolve: (answer: string) => void): void;
}

/** No agent says more than so many characters (`callAgent`, which can use nothing from outside itself, has the number again). */
export const MAX_SAID = 500_000;

/** What `callAgent` says in place of an agent's answer. */
export const NO_AGENT = '';
export const MOVED = '!moved';
export const THREW = '!threw';
export const HOSTILE = '!hostile';

/**
 * Data on its way into a page, where it is taken apart by syntax alone: `null` as an empty list, a list after a 0, an
 * object after a 1, name by name. Chromium would drop members that are `null` from the arguments of `executeScript`,
 * and a literal has no member `__proto__`.
 */
export type Packed = string | number | boolean | Packed[];

export function pack(data: unknown): Packed {
  if (data === null || data === undefined) return [];
  if (Array.isArray(data)) return [0, ...data.map(pack)];
  if (typeof data !== 'object') return data as Packed;
  return [1, ...Object.entries(data).flatMap(([name, value]) => (value === undefined ? [] : [name, pack(value)]))];
}

/**
 * Asks the agent of this page. Runs inside the page: `executeScript` and `eval` send it as text, so it may use nothing
 * from outside itself, and rests on syntax and unforgeable properties alone. Gives the page's origin by the browser's
 * word, a line break, and the agent's answer or one of the words above. A page of another origin than `meant` is handed
 * nothing. A promise only if `request` says that the answer may wait.
 */
export function callAgent(key: string, version: number, meant: string | null, packed: Packed): string | Promise<string> {
  type Handle = { version: number; exchange(request: unknown): unknown; revert(): void };
  const { origin } = location;
  // Checked before it crosses: a page that forged the handle cannot make us carry more.
  const tell = (answer: unknown) => `${origin}\n${typeof answer === 'string' && answer.length < 500_000 ? answer : '!hostile'}`;
  // Before anything of it is touched: even a list that is made may run a setter of the page's.
  if (meant !== null && meant !== origin) return tell('!moved');
  const unpack = (data: unknown): unknown => {
    if (typeof data !== 'object') return data;
    const list = data as unknown[];
    if (!list.length) return null;
    const isList = list[0] === 0;
    const made = { __proto__: null } as unknown as Record<string, unknown>;
    // In place: what is there already has no setter in its way.
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
      // The page replaced it: the agent stands under the key itself.
    }
    const handle = (window as unknown as Record<PropertyKey, Handle | undefined>)[name];
    if (!handle) return tell('');
    if (handle.version !== version) {
      handle.revert();
      return tell('');
    }
    const answer = handle.exchange(unpack(packed));
    if (typeof answer === 'string') return tell(answer);
    // An async function gives a promise of the browser's own, whatever the page made of `Promise`.
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
