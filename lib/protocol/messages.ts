import type { Captured } from '../network/request';
import type { Change } from '../page/cookie-jar';
import type { AgentRequest } from '../page/wire';
import type { OperationName } from '../sdk/operations';
import type { EntryDetail, HistoryEntry } from '../session/history/history';
import type { Problem } from '../session/problem';
import type { RunRequest } from '../session/run';
import type { Session } from '../session/session';
import type { SeenCookie } from '../web/cookies';
import type { SessionPatch } from './patch';

/** Raised whenever the messages below change; part of the port's name, so that a view of another version is noticed. */
export const PROTOCOL_VERSION = 9;
export const PORT_NAME = `synerise-session-inspector@${PROTOCOL_VERSION}`;

/** `options`: the settings page beside a tab, which looks on. */
export type ViewName = 'panel' | 'popup' | 'options';

/** A change; of a cookie that the browser told, with all that it told: its place, flags and expiry. */
export type CookieChange = Change & { readonly cookie?: SeenCookie };

/** What a view says to the background. Checked there with `view-schema.ts`. */
export type ViewMessage =
  /** The first message: which tab the view shows. A view that `lends` gives the background its `eval` into the page. */
  | { readonly type: 'hello'; readonly view: ViewName; readonly tab: number; readonly lends: boolean }
  | { readonly type: 'showing'; readonly showing: boolean }
  | ({ readonly type: 'run' } & RunRequest)
  | { readonly type: 'read'; readonly id: string }
  /** Has all frames looked through; answered when that is done. */
  | { readonly type: 'survey'; readonly id: string }
  /** DevTools says that the page went to another address, of this origin. */
  | { readonly type: 'navigated'; readonly origin: string }
  /** Shows another client: `ref` in `document`. */
  | { readonly type: 'choose'; readonly document: string; readonly ref: number }
  /** Whether the token of the session's site is to be refreshed before it ends. */
  | { readonly type: 'auto-refresh'; readonly on: boolean }
  /** Whether findings of a diagnostic rule are to be left out on the session's site. */
  | { readonly type: 'mute'; readonly rule: string; readonly muted: boolean }
  /** Asks what the other tabs of the profile have. */
  | { readonly type: 'others' }
  /** Changes what pages of `origin` keep there, through the page or, with its permission, the browser. Answered by `kept`, or by `answer` with a problem. */
  | { readonly type: 'keep'; readonly id: string; readonly origin: string; readonly changes: readonly CookieChange[] }
  /** Requests of the SDKs that DevTools saw; `id` is answered once they are in the history. */
  | { readonly type: 'captured'; readonly id: string; readonly requests: readonly Captured[] }
  /** Answer to a request to the page: the agent's text, or what stands in the frames, or why there is none. */
  | { readonly type: 'page-answer'; readonly n: string; readonly answer?: unknown; readonly problem?: Problem };

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
