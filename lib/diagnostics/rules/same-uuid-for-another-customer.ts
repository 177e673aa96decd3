import { clockTime, type EntryOf, ofKind, uuidAt } from '../lookup';
import type { Rule } from '../rule';

/** Token origins of customers who aren't signed in, or may not be: bridges lose the origin (facts §1.3). */
const NOBODY = new Set(['ANONYMOUS', 'INCOGNITO', 'SIMPLE_AUTH', 'UNKNOWN']);
/** Whether two identifiers are of the same type: a customer may be identified by email at one time and by ID at another. */
const isAlike = (one: string | null, other: string | null) => one?.includes('@') === other?.includes('@');
const isSomebodys = ({ origin, whom }: EntryOf<'token'>) => whom !== null && !NOBODY.has(origin ?? '');

export const sameUuidForAnotherCustomer: Rule = {
  id: 'same-uuid-for-another-customer',
  severity: 'error',
  title: 'Another customer has the same UUID',
  looksAt: 'Tokens of signed-in customers with different client ids, custom ids or e-mails, while the UUID stayed as it was.',
  advice:
    'What both do goes to one profile. Destroy the session, or regenerate the UUID, between the two (the Web SDK: reset the UUID at logout). iOS 4.23.4 to 4.24.3 and 5.0.0 to 5.0.5, and Flutter 2.0.0, did this by themselves: update them.',
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
            `A token named ${other.whom} at ${clockTime(other.at)}, and one ${last.whom} at ${clockTime(last.at)}.`,
            `Both with the UUID ${held}.`,
          ],
          entries: [other, last],
        }
      : null;
  },
};
