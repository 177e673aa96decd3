import { count } from '../../text/count';
import { deedFailed, deedsOf, errorOf, ofKind } from '../lookup';
import type { Rule } from '../rule';

export const refreshKeepsFailing: Rule = {
  id: 'refresh-keeps-failing',
  severity: 'warning',
  title: 'Refreshing the token keeps failing',
  looksAt: 'Two or more calls of `refreshToken` in a row that failed, with no new token since.',
  advice:
    'See the error. Where later tries fail at once and without a request, the SDK repeats an error that it remembered (mended in Android 6.12.0 and 6.8.4): update it. Code -108 is the circuit breaker of iOS: wait.',
  source: 'Changelogs Android 6.12.0, 6.8.4; facts §1.5 (-108), §5.',
  situations: [7],
  check(subject) {
    const tries = deedsOf(subject, 'refreshToken');
    const since = tries.findLastIndex((deed) => deedFailed(deed) === false) + 1;
    const failed = tries.slice(since).filter((deed) => deedFailed(deed));
    const [first] = failed;
    if (!first || failed.length < 2 || ofKind(subject, 'token').some(({ at, fingerprint }) => fingerprint !== '' && at > first.at))
      return null;
    const error = failed.map((deed) => errorOf(subject, deed)).findLast((one) => one !== null);
    const said = error ? [`The last error: ${error.code === null ? '' : `${error.code}: `}${error.message}`] : [];
    return {
      evidence: [`${count(failed.length, 'refresh').replace(/refreshs$/, 'refreshes')} failed in a row.`, ...said],
      entries: failed,
    };
  },
};
