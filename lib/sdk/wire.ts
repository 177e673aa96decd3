/** The words between the agent in a page and the background. The background checks them with `lib/protocol/agent.ts`. */
import type { OperationName } from './operations';
import type { Plain } from './plain';

/** Raised whenever the shapes below change: an agent of another version is reverted and replaced. */
export const AGENT_VERSION = 1;

/** Key (of `Symbol.for`) under which the agent's handle stands on the page's global object. */
export const HANDLE_KEY = 'synerise.inspector.agent';

export const DIALECT_NAMES = ['react-native', 'flutter', 'ios', 'android', 'web'] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

/** One SDK instance in one document. */
export interface ClientInfo {
  /** Number of the instance within its document; a replaced instance gets another. */
  readonly ref: number;
  readonly dialect: DialectName;
  /** Where it stands, such as `Synerise.Client`. */
  readonly place: string;
  /** The SDK's version where the page tells it. */
  readonly version: string | null;
  readonly ready: boolean;
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
}

/** An SDK's error: what it names as code and message, and the whole of it as bounded data. */
export interface WireError {
  readonly code: string | number | null;
  readonly message: string;
  readonly detail: Plain;
}

/** How an invocation ended: a callback, a throw, a rejected promise, no answer in time, or nothing there to call. */
export type Settlement = 'success' | 'error' | 'threw' | 'rejected' | 'deadline' | 'missing';

/** What the agent noticed, in order. `at` is the page's clock (epoch ms). */
export type Report = { readonly seq: number; readonly at: number } & (
  | { readonly kind: 'page'; readonly clients: readonly ClientInfo[]; readonly absent: boolean }
  | {
      readonly kind: 'sample';
      readonly client: number;
      readonly uuid: string | null;
      readonly signedIn: boolean | null;
      readonly simpleAuth: boolean | null;
      /** Why the UUID could not be read. */
      readonly trouble: string | null;
    }
  | {
      readonly kind: 'token';
      readonly client: number;
      readonly how: Settlement;
      readonly token: WireToken | null;
      readonly error: WireError | null;
    }
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
  | { readonly kind: 'late'; readonly id: string; readonly how: Settlement }
);

export type AgentCommand =
  | {
      readonly kind: 'run';
      readonly id: string;
      readonly client: number;
      readonly operation: OperationName;
      /** By canonical argument name. */
      readonly args: Readonly<Record<string, Plain>>;
      /** How long to wait for an answer, in ms. */
      readonly deadline: number;
      /** By the page's clock (epoch ms): a command that a blocked page takes up later than this is not run any more. */
      readonly notAfter: number;
    }
  | { readonly kind: 'read' };

/** One request to the agent. */
export interface AgentRequest {
  /** `seq` of the last report already held; 0 for none. */
  readonly cursor: number;
  /** The document that `cursor` and `command` are meant for; another document takes neither. */
  readonly document: string | null;
  /** How long the answer may wait for news, in ms. */
  readonly wait: number;
  /** Whether a view shows this page: only then calls are observed and getters sampled. */
  readonly showing: boolean;
  readonly command?: AgentCommand;
}

/** The agent's answer. Crosses as JSON text. */
export interface AgentReply {
  readonly document: string;
  readonly origin: string;
  readonly at: number;
  readonly reports: readonly Report[];
}

/** The handle in the page. Holds nothing that the page could not read from its SDK. */
export interface AgentHandle {
  readonly version: number;
  exchange(request: string): string | Promise<string>;
  revert(): void;
}

/**
 * Asks the agent of this page. Runs inside the page: `executeScript` and `eval` send it as text, so it may use nothing
 * from outside itself. Gives `null` where there is no agent of this version (an older one is reverted), and a promise
 * only if `request` says that the answer may wait.
 */
export function callAgent(key: string, version: number, request: string): string | null | Promise<string> {
  type Handle = { version: number; exchange(request: string): unknown; revert(): void };
  const handle = (globalThis as unknown as Record<symbol, Handle | undefined>)[Symbol.for(key)];
  if (!handle) return null;
  if (handle.version !== version) {
    handle.revert();
    return null;
  }
  // Checked before it crosses: a page that forged the handle cannot make us carry more.
  const bounded = (answer: unknown) => (typeof answer === 'string' && answer.length < 2e6 ? answer : '"hostile"');
  const answer = handle.exchange(request);
  // An async function gives a promise of the browser's own, whatever the page made of `Promise`.
  return typeof answer === 'string' ? bounded(answer) : (async () => bounded(await answer))();
}
