import { OPERATIONS, type OperationName } from '../../sdk/operations';
import { deeds, doneBy, errorOf, identityAt, isMended, ofKind } from '../lookup';
import type { Rule } from '../rule';

/** Operations that also fail with 403 if the password, code or token is wrong (facts §1.2). */
const ALSO_WRONG = new Set([
  'changePassword',
  'deleteAccount',
  'requestEmailChange',
  'confirmEmailChange',
  'confirmPhoneUpdate',
  'confirmPasswordReset',
]);

export const permissionMissing: Rule = {
  id: 'permission-missing',
  severity: 'warning',
  title: 'API key lacks permission',
  looksAt: 'Account calls that failed with 403 although the customer may make them, where 403 has no other meaning.',
  advice: 'Add the permission to the profile API key in the workspace.',
  source: 'Facts §1.2 (permissions of the vendor’s pages).',
  check(subject) {
    const last = deeds(subject).findLast(
      (deed) => OPERATIONS[doneBy(deed) as OperationName]?.account && String(errorOf(subject, deed)?.code) === '403',
    );
    const matter = last && OPERATIONS[doneBy(last) as OperationName]?.account;
    if (!last || !matter?.permission || ALSO_WRONG.has(doneBy(last))) return null;
    if (matter.needs === 'customer' && identityAt(subject, last.at) !== 'signed-in') return null;
    const held = ofKind(subject, 'token').findLast(({ at }) => at <= last.at);
    // The backend responds to an expired token with 403 too (facts §4.3).
    if (isMended(subject, last) || (held?.expiresAt != null && held.expiresAt <= last.at)) return null;
    return { evidence: [`${doneBy(last)}() failed with 403; it needs ${matter.permission}.`], entries: [last] };
  },
};
