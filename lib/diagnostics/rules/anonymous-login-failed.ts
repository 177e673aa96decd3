import { isPageLoad } from '../../session/history/timeline';
import { ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const anonymousLoginFailed: Rule = {
  id: 'anonymous-login-failed',
  severity: 'error',
  title: 'Anonymous sign-in fails',
  looksAt: 'The latest anonymous or incognito sign-in request was rejected or got no response, and the SDK has no token.',
  advice:
    'Check the response: 401/403 means the API key; none means a blocker, CSP or network. After a doNotTrack switch: fixed in Android 6.4.1, React Native 1.3.4.',
  source: 'Changelogs Android 6.4.1, React Native 1.3.4; facts §4.3, §5.',
  situations: [6],
  check(subject) {
    const last = requestsOf(subject, 'anonymous-login', 'incognito-login').at(-1);
    // Leaving a page aborts its pending requests.
    if (!last || subject.phase !== 'attached' || subject.entries.some((entry) => isPageLoad(entry) && entry.at > last.at)) return null;
    if (subject.token || (last.problem === null && (last.status ?? 200) < 400)) return null;
    const switched = ofKind(subject, 'uuid').findLast(({ cause, at }) => cause.kind === 'do-not-track' && at <= last.at + 1000);
    return {
      evidence: [`Result: ${last.problem ?? last.status}.`, ...(switched ? ['doNotTrack was switched just before.'] : [])],
      entries: switched ? [switched, last] : [last],
    };
  },
};
