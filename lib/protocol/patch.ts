/** Changes of a session as they are sent to views: by part and field. */
import type { Part, Session } from '../session/session';
import { isSame } from '../text/same';

export type SessionPatch = { readonly [P in Part]?: Partial<Session[P]> } & Partial<Pick<Session, 'stage'>>;

/** The differences of `next` from `before`; `null` if there are none. */
export function patchOf(before: Session, next: Session): SessionPatch | null {
  const patch: Record<string, unknown> = isSame(before.stage, next.stage) ? {} : { stage: next.stage };
  for (const part of Object.keys(next) as (keyof Session)[]) {
    if (part === 'stage' || before[part] === next[part]) continue;
    const was: object = before[part];
    const changed = Object.entries(next[part]).filter(([field, value]) => !isSame(Reflect.get(was, field), value));
    if (changed.length) patch[part] = Object.fromEntries(changed);
  }
  return Object.keys(patch).length ? patch : null;
}

/** The session with a patch applied. */
export function patched(session: Session, { stage = session.stage, ...parts }: SessionPatch): Session {
  const next: Record<string, unknown> = { ...session, stage };
  for (const [part, change] of Object.entries(parts)) next[part] = { ...session[part as Part], ...change };
  return next as unknown as Session;
}
