import { type Case, factsOf } from '@/lib/diagnostics/case';
import type { Session } from '@/lib/session/session';
import type { Watched } from './diagnosis';

/** The case of a live tab at `at` (epoch ms). */
export function caseNow(session: Session, { record, seenCookies }: Omit<Watched, 'session'>, at: number): Case {
  const { entries } = record.history.peek();
  return { ...factsOf(session, at, seenCookies.peek()), entries, detailOf: (key) => record.detailOf(key) };
}
