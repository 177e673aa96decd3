import { callsOf, dateTime, requestsOf, span } from '../lookup';
import type { Rule } from '../rule';

const SLOW = 8000;
const RECENT = 600_000;

export const signInSlow: Rule = {
  id: 'sign-in-slow',
  severity: 'warning',
  title: 'Sign-in is slow or hangs',
  looksAt: 'A sign-in call that hasn’t returned, or a sign-in request that took 8 s or more, in the last 10 minutes.',
  advice:
    'Authentication failed on slow connections until iOS 5.9.3 and React Native 1.6.3: update. Show progress and block a second sign-in meanwhile.',
  source: 'Changelog React Native 1.6.3; facts §5.',
  situations: [5],
  check(subject) {
    const calls = callsOf(subject, 'signIn', 'signInConditionally', 'authenticate', 'authenticateConditionally', 'simpleAuthentication');
    const last = calls.at(-1);
    const silent = last?.endedAt === null && subject.at - last.at <= RECENT ? last : null;
    if (silent) return { evidence: [`${silent.does}() at ${dateTime(silent.at)} hasn’t returned.`], entries: [silent] };
    const slow = requestsOf(subject, 'login', 'conditional-login', 'simple-auth').findLast(
      ({ at, endedAt }) => endedAt !== null && endedAt - at >= SLOW && subject.at - at <= RECENT,
    );
    return slow?.endedAt ? { evidence: [`Sign-in at ${dateTime(slow.at)} took ${span(slow.endedAt - slow.at)}.`], entries: [slow] } : null;
  },
};
