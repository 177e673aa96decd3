/** What a session has had: its generations of UUIDs and tokens, and what cut them. Instants in epoch ms. */
import type { ChangeName } from '../sdk/changes';
import type { OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain';
import type { Cause } from './causes';
import type { Identity, RunBy, Session, Verdict } from './session';

/** The generation that a session is in. */
export interface Span {
  /** The UUID, or the token's fingerprint; empty for the time without a token. */
  readonly value: string;
  /** When it was first seen, and since when it may have been there: earlier where nobody looked meanwhile. */
  readonly from: number;
  readonly after: number;
  readonly cause: Cause;
  /** A token's expiry. */
  readonly expiresAt: number | null;
}

/** What the last reading told, for comparing the next with. */
export interface Seen {
  readonly document: string | null;
  readonly identity: Identity;
  readonly facts: Readonly<Record<string, Plain>>;
  readonly cookies: readonly string[];
  /** The cookie that keeps the Web SDK's UUID was readable once in this session. */
  readonly keptUuid: boolean;
  /** When this was first read. */
  readonly at: number;
}

/** A call of the page that may change the session. */
export interface RecentCall {
  readonly document: string;
  readonly call: number;
  readonly does: ChangeName;
  readonly told: Readonly<Record<string, Plain>>;
  readonly at: number;
  /** `null` while it is under way; `ok` of `null`: nobody can see how it went on. */
  readonly endedAt: number | null;
  readonly ok: boolean | null;
}

/** One entry of a tab's history: append-only, numbered within the tab, `nth` tells the session that it belongs to. */
export type HistoryEntry = { readonly seq: number; readonly nth: number; readonly at: number } & (
  | { readonly kind: 'uuid'; readonly uuid: string; readonly after: number; readonly cause: Cause }
  | {
      readonly kind: 'token';
      /** Only tells tokens apart; empty for the time without one. */
      readonly fingerprint: string;
      readonly origin: string | null;
      readonly createdAt: number | null;
      readonly expiresAt: number | null;
      readonly after: number;
      readonly cause: Cause;
    }
  | { readonly kind: 'identity'; readonly identity: Identity; readonly before: Identity; readonly reason: string | null }
  | {
      readonly kind: 'operation';
      readonly operation: OperationName;
      readonly by: RunBy;
      readonly endedAt: number;
      readonly verdict: Verdict;
    }
  | {
      readonly kind: 'call';
      readonly does: ChangeName;
      readonly told: Readonly<Record<string, Plain>>;
      readonly endedAt: number | null;
      readonly ok: boolean | null;
    }
  /** A new document of the same site; `by` as the browser says, or `restored` from the back-forward cache. */
  | { readonly kind: 'document'; readonly path: string; readonly by: string }
);

/** An entry before it has its number. */
export type Entry = HistoryEntry extends infer E ? (E extends HistoryEntry ? Omit<E, 'seq' | 'nth'> : never) : never;

/** The entry as the next of its tab, of the session `nth`, and the session that counts it. */
export function noted(session: Session, nth: number, entry: Entry): { readonly session: Session; readonly entry: HistoryEntry } {
  const seq = session.noted + 1;
  return { session: { ...session, noted: seq }, entry: { seq, nth, ...entry } as HistoryEntry };
}
