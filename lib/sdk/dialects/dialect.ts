import type { OperationName } from '../operations';
import type { DialectName, WireError, WireToken } from '../wire';

/**
 * How an SDK method is called and answers.
 * - `sync`: returns its value (or a promise of it) or throws.
 * - `callbacks`: arguments, then `onSuccess`, `onError`, by position.
 */
export type Convention = 'sync' | 'callbacks';

/** How a dialect performs one operation. */
export type Binding =
  | {
      readonly kind: 'native';
      readonly method: string;
      readonly convention: Convention;
      /** Canonical argument names in the SDK's own order. */
      readonly args: readonly string[];
      /** First SDK version that has the method. */
      readonly since?: string;
      /** The success value is a token. */
      readonly answersToken?: true;
      /** The method only looks: its calls by the page are not observed. */
      readonly looksOnly?: true;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** One place at which an SDK of a dialect stands; `client` is null until it is ready. */
export interface Found {
  readonly place: string;
  readonly client: object | null;
  readonly version: string | null;
}

/** How a dialect is called: plain data, for views, background and agent alike. */
export interface DialectTable {
  readonly name: DialectName;
  readonly label: string;
  readonly bindings: Readonly<Record<OperationName, Binding>>;
}

/** One SDK shape as it stands on a page: its table, and what only the agent needs. */
export interface Dialect extends DialectTable {
  /** Looks for instances on this page. Reads each getter once and calls nothing that acts. */
  find(): Found[];
  /** Methods outside the catalogue that change the session when the page calls them. */
  readonly alsoChange: readonly string[];
  /** Cheap synchronous getters, sampled while a view shows the client. */
  readonly samples: { readonly uuid: string; readonly signedIn: string; readonly simpleAuth: string };
  readToken(value: unknown): WireToken | null;
  readError(value: unknown): WireError;
}
