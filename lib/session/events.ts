/** The events of a session and the effects that follow from them, as plain data. */

import type { Captured, RequestRecord } from '../network/request';
import type { Change, Undo } from '../page/cookie-jar';
import type { Markup } from '../page/markup';
import type { AgentCommand, AgentReply } from '../page/wire';
import type { Peer } from './history/causes';
import type { EntryDetail, HistoryEntry } from './history/history';
import type { Problem } from './problem';
import type { RunRequest } from './run';
import type { Badge, CookieNews, Listed, Notice, Policy, Session, Stage } from './session';
import type { Access, RunBy } from './terms';

/** An event of a session. `at`: the worker's clock, epoch ms; `peers`: UUIDs and tokens of the site's other sessions. */
export type SessionEvent = { readonly at: number; readonly peers?: readonly Peer[] } & (
  | { readonly type: 'access'; readonly access: Access }
  /**
   * A reply from the agent in the frame whose document was `target` when the request was sent (`null`: the top frame).
   * `nth`: the session's number then; by default, the current one.
   */
  | { readonly type: 'reply'; readonly reply: AgentReply; readonly target: string | null; readonly nth?: number }
  /** The browser reports that the tab now shows a page of this origin. */
  | { readonly type: 'navigated'; readonly origin: string }
  /** What a document's markup and cookies reveal about its SDK. */
  | { readonly type: 'markup'; readonly document: string; readonly markup: Omit<Markup, 'origin'> }
  /** The page can't be reached (anymore). */
  | { readonly type: 'lost'; readonly problem: Problem }
  /** The page that an operation was sent to is gone. `surely`: the page certainly never received it. */
  | { readonly type: 'unsent'; readonly id: string; readonly surely: boolean }
  /** The page can be reached but doesn't answer. */
  | { readonly type: 'silent'; readonly problem: Problem }
  /** All documents of the tab were surveyed. */
  | { readonly type: 'listed'; readonly documents: readonly Listed[]; readonly beyond: Session['tab']['beyond'] }
  /** The browser returned the SDK's cookies; `null` if the extension isn't allowed to read them (anymore). */
  | { readonly type: 'jar'; readonly origin: string; readonly cookies: Session['visit']['jar'] }
  /** A person chose a client. */
  | { readonly type: 'choose'; readonly document: string; readonly ref: number }
  /** A view requests an operation; the machine sets `by` for those that it starts itself. */
  | ({ readonly type: 'run'; readonly by?: RunBy } & RunRequest)
  /** The settings for the site. */
  | { readonly type: 'policy'; readonly policy: Policy }
  /** Whether the page is observed continuously: a view shows it, or its site is watched. */
  | { readonly type: 'observed'; readonly observed: boolean }
  /** The browser reported a change to one of the SDK's cookies. */
  | { readonly type: 'cookie'; readonly news: Omit<CookieNews, 'at'> }
  /** The browser discarded or froze the tab. */
  | { readonly type: 'asleep'; readonly why: NonNullable<Session['tab']['asleep']> }
  | { readonly type: 'closed' }
  /**
   * Requests of the SDKs were observed. `records`: full data of those that no view has; `site`: origin of the tab's page, if it
   * made them before anything else was known about it.
   */
  | {
      readonly type: 'requests';
      readonly requests: readonly Captured[];
      readonly records?: readonly RequestRecord[];
      readonly site?: string;
    }
  /** A view requests changes to the page's cookies or Web Storage. */
  | { readonly type: 'edit-storage'; readonly id: string; readonly origin: string; readonly changes: readonly Change[] }
  /** A view requests a new reading of everything. */
  | { readonly type: 'read' }
  | { readonly type: 'alarm' }
  /** The alarm requested a reading, but the page did not answer. */
  | { readonly type: 'unanswered' }
  /** The time of a `wake` effect has come, or the worker has started again. */
  | { readonly type: 'tick' }
);

/** Something for the background to do; `lib/background` carries it out. */
export type Effect =
  | { readonly type: 'send'; readonly command: AgentCommand }
  | { readonly type: 'wake'; readonly at: number }
  | { readonly type: 'alarm'; readonly at: number | null }
  | { readonly type: 'badge'; readonly badge: Badge }
  | { readonly type: 'note'; readonly entry: HistoryEntry }
  /** More data for an entry, for the views that are open now; it may come in several parts. */
  | { readonly type: 'detail'; readonly key: string; readonly detail: EntryDetail }
  /** The request seen as `key` is the one that the history has as `as`. */
  | { readonly type: 'same'; readonly key: string; readonly as: string }
  | { readonly type: 'notify'; readonly notice: Notice }
  /** How to undo the changes of an `edit` command, and the names of those that had no effect. */
  | { readonly type: 'storage-edited'; readonly id: string; readonly undo: readonly Undo[]; readonly failed: readonly string[] }
  /** The command is rejected. */
  | { readonly type: 'refuse'; readonly id: string; readonly problem: Problem };

export interface Transition {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

export type Attached = Extract<Stage, { phase: 'attached' }>;

export const only = (session: Session): Transition => ({ session, effects: [] });
