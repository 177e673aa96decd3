/** What is known of a request of an SDK. */
import type { WireBody } from '../page/wire';

/** How a request was seen: by DevTools, on a watched page by the browser's `webRequest`, or in a file. */
export const SEEN_BY = ['devtools', 'page', 'file'] as const;
export type SeenBy = (typeof SEEN_BY)[number];

export type Header = readonly [name: string, value: string];

/** A body as text, where it was kept. */
export type Body = WireBody;

/** A request as it was seen: raw, with all that is secret in it. Lives in the memory of the view that saw it. */
export interface RequestRecord {
  readonly key: string;
  readonly via: SeenBy;
  readonly at: number;
  /** `null`: no answer, or none that was seen. */
  readonly endedAt: number | null;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: Body;
  /** 0 and `null`: none came. */
  readonly status: number | null;
  readonly statusText: string;
  readonly answerHeaders: readonly Header[];
  readonly answer: Body;
  /** Why there is no answer, as the browser says. */
  readonly problem: string | null;
}

/** What is told of a request in the history: no secret, and no body. */
export interface RequestSummary {
  readonly via: SeenBy;
  readonly endedAt: number | null;
  readonly method: string;
  readonly host: string;
  /** With the query, whose secrets are marks; cut. */
  readonly path: string;
  /** Name of its row in `PURPOSES`. */
  readonly purpose: string;
  readonly status: number | null;
  readonly problem: string | null;
  /** Fingerprint of the bearer token that was sent, and of the token that was answered. */
  readonly bearer: string | null;
  readonly gave: string | null;
  /** The customer whom it names. */
  readonly uuid: string | null;
  /** Bytes of the answer. */
  readonly size: number | null;
}

/** A request that was seen, before the session has it. */
export type Captured = RequestSummary & { readonly key: string; readonly at: number };
