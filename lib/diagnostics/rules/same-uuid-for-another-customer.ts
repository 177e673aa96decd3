import { dateTime, type EntryOf, ofKind, uuidAt } from '../lookup';
import type { Rule } from '../rule';

/** Token origins of customers who aren't signed in, or may not be: bridges lose the origin (facts §1.3). */
const NOBODY = new Set(['ANONYMOUS', 'INCOGNITO', 'SIMPLE_AUTH', 'UNKNOWN']);
/** Whether two identifiers are of the same type: a customer may be identified by email at one time and by ID at another. */
const isAlike = (one: string | null, other: string | null) => one?.includes('@') === other?.includes('@');
const isSomebodys = ({ origin, whom }: EntryOf<'token'>) => whom !== null && !NOBODY.has(origin ?? '');

export const sameUuidForAnotherCustomer: Rule = {
  id: 'same-uuid-for-another-customer',
  severity: 'error',
  title: 'Two customers share one UUID',
  looksAt: 'Tokens of signed-in customers with different Client IDs, Custom IDs or emails under one UUID.',
  advice:
    'Both write to one profile. Destroy the session or reset the UUID at sign-out. SDK bug in iOS 4.23.4–4.24.3, 5.0.0–5.0.5 and Flutter 2.0.0: update.',
  source: 'Changelogs iOS 4.24.4, 5.0.6, Flutter 2.0.1; facts §2.2 (10), §5.',
  situations: [1, 26],
  check(subject) {
    const held = subject.customer?.uuid;
    if (!held) return null;
    const theirs = ofKind(subject, 'token').filter((entry) => isSomebodys(entry) && uuidAt(subject, entry.at) === held);
    const last = theirs.at(-1);
    const other = theirs.findLast(({ whom }) => whom !== last?.whom && isAlike(whom, last?.whom ?? null));
    return last && other
      ? {
          evidence: [
            `Token for ${other.whom} at ${dateTime(other.at)}, for ${last.whom} at ${dateTime(last.at)}.`,
            `Both with UUID ${held}.`,
          ],
          entries: [other, last],
        }
      : null;
  },
};
