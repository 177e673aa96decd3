import type { ReadonlySignal } from '@preact/signals';
import { type Case, factsOf } from '@/lib/diagnostics/case';
import type { Session } from '@/lib/session/session';
import type { SeenCookie } from '@/lib/web/cookies';
import type { Source } from '../state/record';

/** The view's data that the rules look at. */
export interface Watched {
  readonly session: ReadonlySignal<Session | null>;
  readonly record: Source;
  readonly seenCookies: ReadonlySignal<readonly SeenCookie[]>;
}

/** The case of a live tab at `at` (epoch ms). */
export function caseNow(session: Session, { record, seenCookies }: Omit<Watched, 'session'>, at: number): Case {
  const { entries } = record.history.peek();
  return { ...factsOf(session, at, seenCookies.peek()), entries, detailOf: (key) => record.detailOf(key) };
}
