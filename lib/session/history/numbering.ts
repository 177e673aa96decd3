/** Numbers the entries of a tab's history. */
import { type Session, withPart } from '../session';
import type { Entry, HistoryEntry } from './history';

/** `entry` as the tab's next entry, belonging to session number `nth`, and the session with the updated count. */
export function numbered(session: Session, nth: number, entry: Entry): { readonly session: Session; readonly entry: HistoryEntry } {
  const seq = session.tab.noted + 1;
  return { session: withPart(session, 'tab', { noted: seq }), entry: { seq, nth, ...entry } as HistoryEntry };
}
