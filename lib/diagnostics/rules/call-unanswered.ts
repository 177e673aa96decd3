import { count } from '../../text/count';
import { clockTime, ofKind } from '../lookup';
import type { Rule } from '../rule';

/** Calls that separate rules cover. */
const TOLD = /^(refreshToken|retrieveToken|signIn|signInConditionally|authenticate|authenticateConditionally|simpleAuthentication)$/;

export const callUnanswered: Rule = {
  id: 'call-unanswered',
  severity: 'warning',
  title: 'A call of the page got no answer',
  looksAt: 'Calls of the page that were waited for in vain: neither callback came, and no promise was settled.',
  advice:
    'A throw inside the native call of React Native is logged, and neither callback fires; Android cancels a call for the next of its kind. See the console, and give what waits a deadline.',
  source: 'Facts §1.3.',
  situations: [23],
  check(subject) {
    const silent = ofKind(subject, 'call').filter(({ endedAt, does }) => endedAt === null && !TOLD.test(does));
    const last = silent.at(-1);
    // A later success means that it works again.
    if (!last || ofKind(subject, 'call').some(({ does, ok, at }) => does === last.does && ok === true && at > last.at)) return null;
    return { evidence: [`${last.does}() at ${clockTime(last.at)}; ${count(silent.length, 'call')} in all.`], entries: silent };
  },
};
