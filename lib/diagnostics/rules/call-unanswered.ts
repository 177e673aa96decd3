import { count } from '../../text/count';
import { dateTime, ofKind } from '../lookup';
import type { Rule } from '../rule';

/** Calls that separate rules cover. */
const TOLD = /^(refreshToken|retrieveToken|signIn|signInConditionally|authenticate|authenticateConditionally|simpleAuthentication)$/;

export const callUnanswered: Rule = {
  id: 'call-unanswered',
  severity: 'warning',
  title: 'SDK call never returned',
  looksAt: 'Page calls that never called back and whose promise never settled.',
  advice:
    'React Native logs native exceptions without calling back, and Android cancels overlapping calls. Check the console and add a timeout.',
  source: 'Facts §1.3.',
  situations: [23],
  check(subject) {
    const silent = ofKind(subject, 'call').filter(({ endedAt, does }) => endedAt === null && !TOLD.test(does));
    const last = silent.at(-1);
    // A later success means that it works again.
    if (!last || ofKind(subject, 'call').some(({ does, ok, at }) => does === last.does && ok === true && at > last.at)) return null;
    return { evidence: [`${last.does}() at ${dateTime(last.at)}; ${count(silent.length, 'call')} in total.`], entries: silent };
  },
};
