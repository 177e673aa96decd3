import { OPERATIONS, type OperationName } from '../../sdk/operations';
import { clockTime, deedFailed, deeds, doneBy, errorOf, identityAt } from '../lookup';
import type { Rule } from '../rule';

const REFUSED = /^(401|403|3200)$/;

export const simpleAuthIsNoSignIn: Rule = {
  id: 'simple-auth-is-no-sign-in',
  severity: 'warning',
  title: 'Simple Authentication signs nobody in',
  looksAt: 'Operations on the account that need a signed-in customer, refused while the customer came by Simple Authentication.',
  advice: 'For such a customer isSignedIn() is false: ask isSignedInViaSimpleAuthentication() too, and sign in before account operations.',
  source: 'Facts §2.1 (JSDoc of React Native).',
  situations: [25],
  check(subject) {
    const last = deeds(subject).findLast((deed) => OPERATIONS[doneBy(deed) as OperationName]?.account?.needs === 'customer');
    if (!last || !deedFailed(last) || subject.identity !== 'simple-auth' || identityAt(subject, last.at) !== 'simple-auth') return null;
    const code = String(errorOf(subject, last)?.code ?? '');
    return REFUSED.test(code)
      ? { evidence: [`${doneBy(last)}() was refused with ${code} at ${clockTime(last.at)}.`], entries: [last] }
      : null;
  },
};
