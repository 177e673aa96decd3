import { count } from '../../text/count';
import { dateTime, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const bearerExpired: Rule = {
  id: 'bearer-expired',
  severity: 'error',
  title: 'Requests use an expired token',
  looksAt: 'The bearer token of each request against the expiry of that token. Refresh requests have their own rule.',
  advice: 'These requests fail with 401 or 403. Get the token from the SDK before each request instead of caching it.',
  source: 'Facts §4.3: an expired token is answered with 401 or 403.',
  situations: [34],
  check(subject) {
    const ends = new Map(ofKind(subject, 'token').map(({ fingerprint, expiresAt }) => [fingerprint, expiresAt]));
    const sent = requestsOf(subject).filter(({ bearer, at, purpose }) => {
      const end = bearer === null ? null : ends.get(bearer);
      return typeof end === 'number' && end < at && purpose !== 'refresh';
    });
    const last = sent.at(-1);
    if (!last || ofKind(subject, 'token').some(({ at, fingerprint }) => at > last.at && fingerprint !== '')) return null;
    return {
      evidence: [`${count(sent.length, 'request')}, last at ${dateTime(last.at)} to ${last.host}${last.path}.`],
      entries: sent,
    };
  },
};
