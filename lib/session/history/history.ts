/** What a session has had: its generations of UUIDs and tokens, and what cut them. Instants in epoch ms. */

import type { RequestRecord, RequestSummary } from '../../network/request';
import type { CallDetail } from '../../page/wire';
import type { ChangeName } from '../../sdk/changes';
import type { OperationName } from '../../sdk/operations';
import type { Plain } from '../../sdk/plain-data';
import type { Identity, RunBy, Verdict } from '../terms';
import type { Cause } from './cause';

/** The generation that a session is in. */
export interface Span {
  /** The UUID, or the token's fingerprint; empty for the time without a token. */
  readonly value: string;
  /** When it was first seen, and since when it may have been there: earlier where nobody looked meanwhile. */
  readonly from: number;
  readonly after: number;
  readonly cause: Cause;
  /** Key of the entry that made it. */
  readonly of: string | null;
  /** A token's expiry. */
  readonly expiresAt: number | null;
}

/** What the last reading told, for comparing the next with. */
export interface Seen {
  readonly document: string | null;
  readonly identity: Identity;
  readonly facts: Readonly<Record<string, Plain>>;
  readonly cookies: readonly string[];
  readonly stored: readonly string[];
  /** The cookie that keeps the Web SDK's UUID was readable once in this session. */
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
  /** `null` while it is under way; `ok` of `null`: nobody can see how it went on. */
  readonly endedAt: number | null;
  readonly ok: boolean | null;
  /** It was waited for in vain. */
  readonly silent?: true;
}

/** What an entry is an effect of: the `key` of an operation or call; `null` where nothing is known to have made it. */
interface Effected {
  readonly of: string | null;
}

/** Where a page keeps things. */
export const STORAGE_AREAS = ['cookie', 'local', 'session'] as const;
export type StorageArea = (typeof STORAGE_AREAS)[number];

/**
 * One entry of a tab's history: append-only, numbered within the tab, `nth` tells the session that it belongs to. Details
 * (arguments, results, bodies) are told beside it, once, under its `key`: they are kept by the views alone.
 */
export type HistoryEntry = { readonly seq: number; readonly nth: number; readonly at: number } & (
  | ({ readonly kind: 'uuid'; readonly uuid: string; readonly after: number; readonly cause: Cause } & Effected)
  | ({
      readonly kind: 'token';
      /** Only tells tokens apart; empty for the time without one. */
      readonly fingerprint: string;
      readonly origin: string | null;
      /** The UUID that it names, and whom it is for. */
      readonly uuid: string | null;
      readonly whom: string | null;
      readonly createdAt: number | null;
      readonly expiresAt: number | null;
      readonly after: number;
      readonly cause: Cause;
    } & Effected)
  | ({ readonly kind: 'identity'; readonly identity: Identity; readonly before: Identity; readonly reason: string | null } & Effected)
  /** The SDK told the page's own listener of a sign-in or sign-out. */
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
      /** `null`: nobody can see how it went on. */
      readonly ok: boolean | null;
      /** So often in this time, each with the same result. */
      readonly times?: number;
      /** It leaves the session as it is. */
      readonly looks?: true;
    }
  | ({ readonly kind: 'request'; readonly key: string } & RequestSummary)
  | ({
      readonly kind: 'storage';
      readonly area: StorageArea;
      readonly name: string;
      /** Cut; `null`: not there. */
      readonly before: string | null;
      readonly value: string | null;
    } & Effected)
  /** The alarm had the token read again. */
  | { readonly kind: 'alarm'; readonly expiresAt: number | null }
  /** A new document of the same site; `by` as the browser says, `restored` from the back-forward cache, or `within`: the address alone. */
  | { readonly kind: 'document'; readonly path: string; readonly by: string }
);

/** More of an entry than the history holds: of a call of the page or an operation, what went in and came out; of a request that only the page saw, all of it. */
export type EntryDetail = { readonly call: CallDetail } | { readonly request: RequestRecord };

/** An entry before it has its number. */
export type Entry = HistoryEntry extends infer E ? (E extends HistoryEntry ? Omit<E, 'seq' | 'nth'> : never) : never;
