import { callsOf, clockTime, requestsOf, span } from '../lookup';
import type { Rule } from '../rule';

const SLOW = 8000;
const RECENT = 600_000;

export const signInSlow: Rule = {
  id: 'sign-in-slow',
  severity: 'warning',
  title: 'Signing in takes long, or never ends',
  looksAt: 'A sign-in of the page without an answer, or a login request that took 8 s or more, in the last ten minutes.',
  advice:
    'Until iOS 5.9.3 (React Native 1.6.3) authentication failed on slow connections: update. Show progress, and do not start a second sign-in meanwhile.',
  source: 'Changelog React Native 1.6.3; facts §5.',
  situations: [5],
  check(subject) {
    const calls = callsOf(subject, 'signIn', 'signInConditionally', 'authenticate', 'authenticateConditionally', 'simpleAuthentication');
    const last = calls.at(-1);
    const silent = last?.endedAt === null && subject.at - last.at <= RECENT ? last : null;
    if (silent) return { evidence: [`${silent.does}() at ${clockTime(silent.at)} has had no answer.`], entries: [silent] };
    const slow = requestsOf(subject, 'login', 'conditional-login', 'simple-auth').findLast(
      ({ at, endedAt }) => endedAt !== null && endedAt - at >= SLOW && subject.at - at <= RECENT,
    );
    return slow?.endedAt
      ? { evidence: [`The login at ${clockTime(slow.at)} took ${span(slow.endedAt - slow.at)}.`], entries: [slow] }
      : null;
  },
};
