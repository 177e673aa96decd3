import { clockTime, deedFailed, deedsOf, doneBy, identityAt, ofKind } from '../lookup';
import type { Rule } from '../rule';

const SHORTLY = 3000;

export const regenerateWhileSignedIn: Rule = {
  id: 'regenerate-while-signed-in',
  severity: 'warning',
  title: 'The UUID was to be regenerated while a customer is signed in',
  looksAt: 'Calls of `regenerateUUID` and its seeded form while the customer was signed in, after which the UUID stayed.',
  advice:
    'It works for anonymous customers only, and tells nobody: React Native drops the `false` that the others answer. Sign out first, or use destroySession, which works signed in too.',
  source: 'Facts §2.1: iOS logs “UUID can’t be regenerated because a customer is signed in.”',
  situations: [16],
  check(subject) {
    const last = deedsOf(subject, 'regenerateUUID', 'regenerateUUIDWithClientIdentifier').at(-1);
    if (!last || subject.identity !== 'signed-in' || identityAt(subject, last.at) !== 'signed-in') return null;
    if (last.kind === 'call' && deedFailed(last)) return null;
    const isAnother = ofKind(subject, 'uuid').some(({ at }) => at >= last.at && at <= (last.endedAt ?? last.at) + SHORTLY);
    return isAnother ? null : { evidence: [`${doneBy(last)}() at ${clockTime(last.at)} changed nothing.`], entries: [last] };
  },
};
