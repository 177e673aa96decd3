import { count } from '../../text/count';
import { deedFailed, deedsOf, errorOf, ofKind } from '../lookup';
import type { Rule } from '../rule';

export const refreshKeepsFailing: Rule = {
  id: 'refresh-keeps-failing',
  severity: 'warning',
  title: 'Token refresh keeps failing',
  looksAt: 'Two or more failed `refreshToken` calls in a row, with no new token since.',
  advice:
    'See the error. If later tries fail at once without a request, the SDK repeats a cached error (fixed in Android 6.12.0, 6.8.4). -108: circuit breaker, wait.',
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
    const why = error ? [`Last error: ${error.code === null ? '' : `${error.code}: `}${error.message}`] : [];
    return {
      evidence: [`${count(failed.length, 'refresh').replace(/refreshs$/, 'refreshes')} failed in a row.`, ...why],
      entries: failed,
    };
  },
};
