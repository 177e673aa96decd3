import { isPageLoad } from '../../session/history/timeline';
import { ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const anonymousLoginFailed: Rule = {
  id: 'anonymous-login-failed',
  severity: 'error',
  title: 'The anonymous login fails',
  looksAt: 'The latest anonymous or incognito login was refused or got no answer, and the SDK has no token.',
  advice:
    'See the answer: 401 or 403 is the API key, none at all is a blocker, a policy (CSP) or the network. After a switch of doNotTrack it was a bug until Android 6.4.1 and React Native 1.3.4: update.',
  source: 'Changelogs Android 6.4.1, React Native 1.3.4; facts §4.3, §5.',
  situations: [6],
  check(subject) {
    const last = requestsOf(subject, 'anonymous-login', 'incognito-login').at(-1);
    // Leaving a page aborts its pending requests.
    if (!last || subject.phase !== 'attached' || subject.entries.some((entry) => isPageLoad(entry) && entry.at > last.at)) return null;
    if (subject.token || (last.problem === null && (last.status ?? 200) < 400)) return null;
    const switched = ofKind(subject, 'uuid').findLast(({ cause, at }) => cause.kind === 'do-not-track' && at <= last.at + 1000);
    return {
      evidence: [`It ended with ${last.problem ?? last.status}.`, ...(switched ? ['doNotTrack had been switched before.'] : [])],
      entries: switched ? [switched, last] : [last],
    };
  },
};
