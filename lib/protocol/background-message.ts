/** Messages from the background to views. Not validated, since only the background can send them. */
import type { AgentRequest } from '../page/wire';
import type { OperationName } from '../sdk/operations';
import type { EntryDetail, HistoryEntry } from '../session/history/history';
import type { Problem } from '../session/problem';
import type { Session } from '../session/session';
import type { SessionPatch } from './patch';
import type { CookieChange } from './view-message';

/** Increment whenever the messages below change. Part of the port's name, so that a view of another version is noticed. */
export const PROTOCOL_VERSION = 11;
export const PORT_NAME = `synerise-session-inspector@${PROTOCOL_VERSION}`;

/** A message from the background to a view. After `hello`, one whole state, then patches of its parts. */
export type BackgroundMessage =
  /** The view has another version. */
  | { readonly type: 'outdated' }
  | { readonly type: 'state'; readonly session: Session }
  | { readonly type: 'patch'; readonly patch: SessionPatch }
  /** To a panel: all entries of the tab's history (`whole`) or the new ones, and how many older ones were dropped. */
  | { readonly type: 'history'; readonly entries: readonly HistoryEntry[]; readonly dropped: number; readonly whole: boolean }
  /** To a panel: details of an entry, sent once and stored nowhere else. */
  | { readonly type: 'detail'; readonly key: string; readonly detail: EntryDetail }
  /** Answer to `edit-storage`: changes that undo it, and the names of those that took no effect. */
  | { readonly type: 'storage-edited'; readonly id: string; readonly undo: readonly CookieChange[]; readonly failed: readonly string[] }
  /** To a panel: the request seen as `key` is in the history as `as`. */
  | { readonly type: 'same'; readonly key: string; readonly as: string }
  /** The sessions of the profile's other tabs, including closed ones. */
  | { readonly type: 'others'; readonly sessions: readonly Session[] }
  /** To the popup that was opened for a keyboard shortcut: the operation that the shortcut requests. */
  | { readonly type: 'wanted'; readonly operation: OperationName }
  /** A command was accepted (`problem` is `null`) or not. */
  | { readonly type: 'answer'; readonly id: string; readonly problem: Problem | null }
  /** Sends a request to the agent in one frame (its URL, or `null` for the top frame). */
  | { readonly type: 'page-request'; readonly n: string; readonly frame: string | null; readonly request: AgentRequest }
  /** Injects a script of the extension into a frame. */
  | { readonly type: 'page-script'; readonly n: string; readonly frame: string | null; readonly file: string }
  /** Reads the markup of the document in a frame. */
  | { readonly type: 'page-markup'; readonly n: string; readonly frame: string | null }
  /** Sends a request to the agents in all frames. */
  | { readonly type: 'page-list'; readonly n: string; readonly request: AgentRequest };

/** Answer to `page-list`: each frame with its agent's text, and the URLs of frames that cannot be reached. */
export interface PageList {
  readonly frames: readonly { readonly frame: string | null; readonly answer: unknown }[];
  readonly beyond: readonly string[];
}
