/** Types for the requests of SDKs. Instants in epoch ms. */
import type { WireBody } from '../page/wire';

/** How a request was captured: by DevTools, by the browser's `webRequest` on a watched page, or from a file. */
export const SEEN_BY = ['devtools', 'page', 'file'] as const;
export type SeenBy = (typeof SEEN_BY)[number];

export type Header = readonly [name: string, value: string];

/** A body as text, if it was kept. */
export type Body = WireBody;

/** A request as captured: raw, secrets included. It lives in the memory of the view that shows it, and isn't stored. */
export interface RequestRecord {
  readonly key: string;
  readonly via: SeenBy;
  readonly at: number;
  /** `null`: no response, or none was seen. */
  readonly endedAt: number | null;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: Body;
  /** 0 or `null`: no response. */
  readonly status: number | null;
  readonly statusText: string;
  readonly answerHeaders: readonly Header[];
  readonly answer: Body;
  /** Why there is no response, in the browser's words. */
  readonly problem: string | null;
}

/** The part of a request that the history keeps: no secrets and no bodies. */
export interface RequestSummary {
  readonly via: SeenBy;
  readonly endedAt: number | null;
  readonly method: string;
  readonly host: string;
  /** Path and query, with secrets masked; truncated. */
  readonly path: string;
  /** `name` of its row in `PURPOSES`. */
  readonly purpose: string;
  readonly status: number | null;
  readonly problem: string | null;
  /** Fingerprints of the bearer token in the request, and of the token in the response. */
  readonly bearer: string | null;
  readonly gave: string | null;
  /** UUID of the customer that it names. */
  readonly uuid: string | null;
  /** Size of the response body (bytes). */
  readonly size: number | null;
}

/** A captured request, before it is added to the session. */
export type Captured = RequestSummary & { readonly key: string; readonly at: number };
