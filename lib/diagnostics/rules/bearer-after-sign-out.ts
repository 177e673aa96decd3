import { clockTime, identityAt, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

/** Tolerance for requests that were pending at the sign-out, and for the logout itself (ms). */
const GRACE = 1000;
const ANONYMOUS = new Set(['ANONYMOUS', 'INCOGNITO']);

export const bearerAfterSignOut: Rule = {
  id: 'bearer-after-sign-out',
  severity: 'error',
  title: "A signed-out customer's token is still sent",
  looksAt: "The bearer tokens of requests that began more than a second after a sign-out, against the customer's tokens before it.",
  advice:
    'Something keeps the token: a header that is not cleaned, a cache of the site, another instance of the SDK. Ask the SDK for the token each time, and drop your own copy when the sign-out callback comes.',
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
            `Signed out at ${clockTime(out.at)}; sent ${sent.length === 1 ? 'once' : `${sent.length} times`} since, last at ${clockTime(last.at)} to ${last.host}.`,
          ],
          entries: [out, ...sent],
        }
      : null;
  },
};
