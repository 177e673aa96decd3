/** Numbers the entries of a tab's history. */
import { type Session, withPart } from '../session';
import type { Entry, HistoryEntry } from './history';

/** The entry as the next of its tab, of the session `nth`, and the session that counts it. */
export function numbered(session: Session, nth: number, entry: Entry): { readonly session: Session; readonly entry: HistoryEntry } {
  const seq = session.tab.noted + 1;
  return { session: withPart(session, 'tab', { noted: seq }), entry: { seq, nth, ...entry } as HistoryEntry };
}
