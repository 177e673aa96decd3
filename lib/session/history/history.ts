/** A session's history: its generations of UUIDs and tokens, and the events around them. Times in epoch ms. */

import type { RequestRecord, RequestSummary } from '../../network/request';
import type { CallDetail } from '../../page/wire';
import type { ChangeName } from '../../sdk/changes';
import type { OperationName } from '../../sdk/operations';
import type { Plain } from '../../sdk/plain-data';
import type { Identity, RunBy, Verdict } from '../terms';
import type { Cause } from './cause';

/** The current generation of a UUID or token. */
export interface Span {
  /** The UUID, or the token's fingerprint; empty for a period without a token. */
  readonly value: string;
  /** When it was first seen, and the earliest time it may have begun: before `from` if the page was not observed in between. */
  readonly from: number;
  readonly after: number;
  readonly cause: Cause;
  /** Key of the operation or call that made it; `null` if none is known. */
  readonly of: string | null;
  /** A token's expiry. */
  readonly expiresAt: number | null;
}

/** The last reading, which the next one is compared with. */
export interface Seen {
  readonly document: string | null;
  readonly identity: Identity;
  readonly facts: Readonly<Record<string, Plain>>;
  readonly cookies: readonly string[];
  readonly stored: readonly string[];
  /** Whether the Web SDK's UUID cookie has been readable at any time in this session. */
  readonly keptUuid: boolean;
  /** When this was first read. */
  readonly at: number;
}

/** A call of the page that may change the session. */
export interface RecentCall {
  /** Key of its entry. */
  readonly key: string;
  readonly document: string;
  readonly call: number;
  readonly does: ChangeName;
  readonly told: Readonly<Record<string, Plain>>;
  readonly at: number;
  /** `null` while it is in progress. `ok` is `null` if its outcome can't be observed. */
  readonly endedAt: number | null;
  readonly ok: boolean | null;
  /** It was not answered in time. */
  readonly silent?: true;
}

/** What an entry is an effect of: the `key` of an operation or call; `null` if none is known. */
interface Effected {
  readonly of: string | null;
}

/** Where a page stores data. */
export const STORAGE_AREAS = ['cookie', 'local', 'session'] as const;
export type StorageArea = (typeof STORAGE_AREAS)[number];

/**
 * One entry of a tab's history: append-only, numbered within the tab; `nth` is the number of its session. Details (arguments,
 * results, bodies) are sent separately, once, under its `key`: only the views keep them.
 */
export type HistoryEntry = { readonly seq: number; readonly nth: number; readonly at: number } & (
  | ({ readonly kind: 'uuid'; readonly uuid: string; readonly after: number; readonly cause: Cause } & Effected)
  | ({
      readonly kind: 'token';
      /** Only distinguishes tokens; empty for a period without one. */
      readonly fingerprint: string;
      readonly origin: string | null;
      /** The UUID that the token names, and the customer it is for. */
      readonly uuid: string | null;
      readonly whom: string | null;
      readonly createdAt: number | null;
      readonly expiresAt: number | null;
      readonly after: number;
      readonly cause: Cause;
    } & Effected)
  | ({ readonly kind: 'identity'; readonly identity: Identity; readonly before: Identity; readonly reason: string | null } & Effected)
  /** The SDK notified the page's own listener of a sign-in or sign-out. */
  | ({ readonly kind: 'callback'; readonly signedIn: boolean; readonly reason: string | null } & Effected)
  | {
      readonly kind: 'operation';
      /** The command's id. */
      readonly key: string;
      readonly operation: OperationName;
      readonly by: RunBy;
      readonly endedAt: number;
      readonly verdict: Verdict;
    }
  | {
      readonly kind: 'call';
      readonly key: string;
      readonly does: ChangeName;
      readonly told: Readonly<Record<string, Plain>>;
      /** `null`: no answer came. */
      readonly endedAt: number | null;
      /** `null`: its outcome can't be observed. */
      readonly ok: boolean | null;
      /** Number of calls in this period, all with the same result. */
      readonly times?: number;
      /** It doesn't change the session. */
      readonly looks?: true;
    }
  | ({ readonly kind: 'request'; readonly key: string } & RequestSummary)
  | ({
      readonly kind: 'storage';
      readonly area: StorageArea;
      readonly name: string;
      /** Truncated; `null`: not present. */
      readonly before: string | null;
      readonly value: string | null;
    } & Effected)
  /** The alarm had the token read again. */
  | { readonly kind: 'alarm'; readonly expiresAt: number | null }
  /**
   * A new document of the same site. `by`: the browser's navigation type, `restored` (from the back-forward cache), or `within`
   * (only the address changed).
   */
  | { readonly kind: 'document'; readonly path: string; readonly by: string }
);

/**
 * Data of an entry that the history doesn't contain: arguments and results of an operation or a call of the page, or a request
 * that only the page saw, in full.
 */
export type EntryDetail = { readonly call: CallDetail } | { readonly request: RequestRecord };

/** An entry before it is numbered. */
export type Entry = HistoryEntry extends infer E ? (E extends HistoryEntry ? Omit<E, 'seq' | 'nth'> : never) : never;
