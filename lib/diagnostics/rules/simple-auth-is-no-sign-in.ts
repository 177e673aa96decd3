import { OPERATIONS, type OperationName } from '../../sdk/operations';
import { dateTime, deedFailed, deeds, doneBy, errorOf, identityAt } from '../lookup';
import type { Rule } from '../rule';

const REFUSED = /^(401|403|3200)$/;

export const simpleAuthIsNoSignIn: Rule = {
  id: 'simple-auth-is-no-sign-in',
  severity: 'warning',
  title: 'Simple Authentication isn’t a sign-in',
  looksAt: 'Account calls that need a signed-in customer and failed under Simple Authentication.',
  advice:
    'isSignedIn() is false for Simple Authentication: also check isSignedInViaSimpleAuthentication(), and sign in before account calls.',
  source: 'Facts §2.1 (JSDoc of React Native).',
  situations: [25],
  check(subject) {
    const last = deeds(subject).findLast((deed) => OPERATIONS[doneBy(deed) as OperationName]?.account?.needs === 'customer');
    if (!last || !deedFailed(last) || subject.identity !== 'simple-auth' || identityAt(subject, last.at) !== 'simple-auth') return null;
    const code = String(errorOf(subject, last)?.code ?? '');
    return REFUSED.test(code) ? { evidence: [`${doneBy(last)}() failed with ${code} at ${dateTime(last.at)}.`], entries: [last] } : null;
  },
};
