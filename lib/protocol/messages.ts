import type { AgentRequest } from '../sdk/wire';
import type { Problem } from '../session/problem';
import type { RunRequest, Session } from '../session/session';

/** Raised whenever the messages below change; part of the port's name, so that a view of another version is noticed. */
export const PROTOCOL_VERSION = 1;
export const PORT_NAME = `synerise-session-inspector@${PROTOCOL_VERSION}`;

/** What a view says to the background. Checked there with `view-schema.ts`. */
export type ViewMessage =
  /** The first message: which tab the view shows. A view that `lends` gives the background its `eval` into the page. */
  | { readonly type: 'hello'; readonly view: 'panel' | 'popup'; readonly tab: number; readonly lends: boolean }
  | { readonly type: 'showing'; readonly showing: boolean }
  | ({ readonly type: 'run' } & RunRequest)
  | { readonly type: 'read'; readonly id: string }
  /** Answer to `page-request`: the agent's text, or why there is none. */
  | { readonly type: 'page-answer'; readonly n: string; readonly answer?: unknown; readonly problem?: Problem };

/** What the background says to a view. One whole state after `hello`, then patches of its top-level fields. */
export type BackgroundMessage =
  /** The view is of another version. */
  | { readonly type: 'outdated' }
  | { readonly type: 'state'; readonly session: Session }
  | { readonly type: 'patch'; readonly patch: Partial<Session> }
  /** A command was taken, or not. */
  | { readonly type: 'answer'; readonly id: string; readonly problem: Problem | null }
  | { readonly type: 'page-request'; readonly n: string; readonly request: AgentRequest };

/** Top-level fields of `next` that differ from `before`; `null` where none does. */
export function patchOf(before: Session, next: Session): Partial<Session> | null {
  const changed = (Object.keys(next) as (keyof Session)[]).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(next[key]));
  return changed.length ? Object.fromEntries(changed.map((key) => [key, next[key]])) : null;
}
