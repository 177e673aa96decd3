/** What the background says to views: never checked, since nobody else can speak for it. */
import type { AgentRequest } from '../page/wire';
import type { OperationName } from '../sdk/operations';
import type { EntryDetail, HistoryEntry } from '../session/history/history';
import type { Problem } from '../session/problem';
import type { Session } from '../session/session';
import type { SessionPatch } from './patch';
import type { CookieChange } from './view-message';

/** Raised whenever the messages below change; part of the port's name, so that a view of another version is noticed. */
export const PROTOCOL_VERSION = 9;
export const PORT_NAME = `synerise-session-inspector@${PROTOCOL_VERSION}`;

/** What the background says to a view. One whole state after `hello`, then patches of its parts. */
export type BackgroundMessage =
  /** The view is of another version. */
  | { readonly type: 'outdated' }
  | { readonly type: 'state'; readonly session: Session }
  | { readonly type: 'patch'; readonly patch: SessionPatch }
  /** To a panel: entries of the tab's history, all that there are (`whole`) or what it grew by; how many older ones were dropped. */
  | { readonly type: 'history'; readonly entries: readonly HistoryEntry[]; readonly dropped: number; readonly whole: boolean }
  /** To a panel: more of an entry, told once and kept nowhere else; `same`: the request seen as `key` is in the history as `as`. */
  | { readonly type: 'detail'; readonly key: string; readonly detail: EntryDetail }
  | { readonly type: 'kept'; readonly id: string; readonly undo: readonly CookieChange[]; readonly failed: readonly string[] }
  | { readonly type: 'same'; readonly key: string; readonly as: string }
  /** The sessions of the other tabs of the profile, closed ones too. */
  | { readonly type: 'others'; readonly sessions: readonly Session[] }
  /** A keyboard shortcut asks for this operation, in the view that was opened for it. */
  | { readonly type: 'wanted'; readonly operation: OperationName }
  /** A command was taken, or not. */
  | { readonly type: 'answer'; readonly id: string; readonly problem: Problem | null }
  /** Asks the agent in one frame (its address, or `null` for the top frame); */
  | { readonly type: 'page-request'; readonly n: string; readonly frame: string | null; readonly request: AgentRequest }
  /** brings a script of the extension there; */
  | { readonly type: 'page-script'; readonly n: string; readonly frame: string | null; readonly file: string }
  /** asks what the document in a frame says of its SDK; */
  | { readonly type: 'page-markup'; readonly n: string; readonly frame: string | null }
  /** asks the agents in all frames. */
  | { readonly type: 'page-list'; readonly n: string; readonly request: AgentRequest };

/** Answer to `page-list`: each frame with its agent's text, and the addresses of frames that are out of reach. */
export interface PageList {
  readonly frames: readonly { readonly frame: string | null; readonly answer: unknown }[];
  readonly beyond: readonly string[];
}
