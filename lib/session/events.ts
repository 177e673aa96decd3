/** What can happen to a session, and what is to be done then: data alone. */

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

/** All that can happen to a session. `at`: the worker's clock, epoch ms; `peers`: what the other sessions of its site hold. */
export type SessionEvent = { readonly at: number; readonly peers?: readonly Peer[] } & (
  | { readonly type: 'access'; readonly access: Access }
  /** An answer of the agent in the frame whose document was `target` when it was asked (`null`: the top frame). */
  | { readonly type: 'reply'; readonly reply: AgentReply; readonly target: string | null }
  /** The tab shows a page of this origin now, by the browser's word. */
  | { readonly type: 'navigated'; readonly origin: string }
  /** What a document says of its SDK. */
  | { readonly type: 'markup'; readonly document: string; readonly markup: Omit<Markup, 'origin'> }
  /** The page cannot be reached (any more). */
  | { readonly type: 'lost'; readonly problem: Problem }
  /** The page that an operation was sent to is gone: whether that page surely never had it. */
  | { readonly type: 'unsent'; readonly id: string; readonly surely: boolean }
  /** The page is reached, and does not answer. */
  | { readonly type: 'silent'; readonly problem: Problem }
  /** All documents of the tab were looked through. */
  | { readonly type: 'listed'; readonly documents: readonly Listed[]; readonly beyond: Session['tab']['beyond'] }
  /** The browser told the SDK's cookies; `null` where it may not be asked (any more). */
  | { readonly type: 'jar'; readonly origin: string; readonly cookies: Session['visit']['jar'] }
  /** A person chose a client. */
  | { readonly type: 'choose'; readonly document: string; readonly ref: number }
  /** A view asks for an operation. */
  | ({ readonly type: 'run'; readonly by?: RunBy } & RunRequest)
  /** What the settings say for the site. */
  | { readonly type: 'policy'; readonly policy: Policy }
  /** Whether the page is observed without a break: a view shows it, or its site is watched. */
  | { readonly type: 'observed'; readonly observed: boolean }
  /** The browser told of a change of one of the SDK's cookies. */
  | { readonly type: 'cookie'; readonly news: Omit<CookieNews, 'at'> }
  /** The browser put the tab to sleep. */
  | { readonly type: 'asleep'; readonly why: NonNullable<Session['tab']['asleep']> }
  | { readonly type: 'closed' }
  /** Requests of the SDKs were seen; `records`: all of those that no view has; `site`: the origin of the tab's page, which made them before anything else was known of it. */
  | {
      readonly type: 'requests';
      readonly requests: readonly Captured[];
      readonly records?: readonly RequestRecord[];
      readonly site?: string;
    }
  /** A view asks for changes of what the page keeps. */
  | { readonly type: 'keep'; readonly id: string; readonly origin: string; readonly changes: readonly Change[] }
  /** A view asks to read everything again. */
  | { readonly type: 'read' }
  | { readonly type: 'alarm' }
  /** The page was asked because of the alarm, and told nothing. */
  | { readonly type: 'unanswered' }
  /** A time that was asked for with a `wake` effect has come, or the worker woke up. */
  | { readonly type: 'tick' }
);

/** What the background is to do; `lib/background` carries it out. */
export type Effect =
  | { readonly type: 'send'; readonly command: AgentCommand }
  | { readonly type: 'wake'; readonly at: number }
  | { readonly type: 'alarm'; readonly at: number | null }
  | { readonly type: 'badge'; readonly badge: Badge }
  | { readonly type: 'note'; readonly entry: HistoryEntry }
  /** More of an entry, for the views that show it now; parts of one come apart. */
  | { readonly type: 'detail'; readonly key: string; readonly detail: EntryDetail }
  /** What was seen as `key` is the request that the history has as `as`. */
  | { readonly type: 'same'; readonly key: string; readonly as: string }
  | { readonly type: 'notify'; readonly notice: Notice }
  /** What undoes changes of what the page keeps, and which of them took no effect. */
  | { readonly type: 'kept'; readonly id: string; readonly undo: readonly Undo[]; readonly failed: readonly string[] }
  /** The command is not taken. */
  | { readonly type: 'refuse'; readonly id: string; readonly problem: Problem };

export interface Transition {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

export type Attached = Extract<Stage, { phase: 'attached' }>;

export const only = (session: Session): Transition => ({ session, effects: [] });
