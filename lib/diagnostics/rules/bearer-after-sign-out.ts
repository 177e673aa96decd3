import { count } from '../../text/count';
import { dateTime, identityAt, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

/** Tolerance for requests that were pending at the sign-out, and for the logout itself (ms). */
const GRACE = 1000;
const ANONYMOUS = new Set(['ANONYMOUS', 'INCOGNITO']);

export const bearerAfterSignOut: Rule = {
  id: 'bearer-after-sign-out',
  severity: 'error',
  title: 'Token still sent after sign-out',
  looksAt: 'Requests sent more than 1 s after a sign-out with a token of the signed-out customer.',
  advice:
    'Likely a stale header, a cached token or a second SDK instance. Get the token from the SDK each time and drop copies in the sign-out callback.',
  source: 'Changelog iOS 3.8.7 (bearer header not cleaned); facts §5.',
  situations: [9, 34],
  check(subject) {
    const out = ofKind(subject, 'identity').findLast(({ before, identity }) => before === 'signed-in' && identity !== 'signed-in');
    if (!out || subject.identity === 'signed-in') return null;
    const theirs = new Set(
      ofKind(subject, 'token')
        .filter(
          ({ at, origin, fingerprint }) =>
            at < out.at && fingerprint !== '' && !ANONYMOUS.has(origin ?? '') && identityAt(subject, at) === 'signed-in',
        )
        .map(({ fingerprint }) => fingerprint),
    );
    const sent = requestsOf(subject).filter(
      ({ at, bearer, purpose }) => bearer !== null && theirs.has(bearer) && at > out.at + GRACE && purpose !== 'logout',
    );
    const last = sent.at(-1);
    return last
      ? {
          evidence: [
            `Signed out at ${dateTime(out.at)}; ${count(sent.length, 'request')} since, last at ${dateTime(last.at)} to ${last.host}.`,
          ],
          entries: [out, ...sent],
        }
      : null;
  },
};
