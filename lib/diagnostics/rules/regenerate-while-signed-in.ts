import { dateTime, deedFailed, deedsOf, doneBy, identityAt, ofKind } from '../lookup';
import type { Rule } from '../rule';

const SHORTLY = 3000;

export const regenerateWhileSignedIn: Rule = {
  id: 'regenerate-while-signed-in',
  severity: 'warning',
  title: 'regenerateUUID() ignored while signed in',
  looksAt: '`regenerateUUID` calls, with or without an identifier, while the customer was signed in that left the UUID unchanged.',
  advice:
    'Only anonymous customers can regenerate; React Native hides the `false` that other SDKs return. Sign out first, or use destroySession().',
  source: 'Facts §2.1: iOS logs “UUID can’t be regenerated because a customer is signed in.”',
  situations: [16],
  check(subject) {
    const last = deedsOf(subject, 'regenerateUUID', 'regenerateUUIDWithClientIdentifier').at(-1);
    if (!last || subject.identity !== 'signed-in' || identityAt(subject, last.at) !== 'signed-in') return null;
    if (last.kind === 'call' && deedFailed(last)) return null;
    const isAnother = ofKind(subject, 'uuid').some(({ at }) => at >= last.at && at <= (last.endedAt ?? last.at) + SHORTLY);
    return isAnother ? null : { evidence: [`${doneBy(last)}() at ${dateTime(last.at)} changed nothing.`], entries: [last] };
  },
};
