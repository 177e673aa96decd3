import { clockTime, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const bearerExpired: Rule = {
  id: 'bearer-expired',
  severity: 'error',
  title: 'Requests are sent with a token that has run out',
  looksAt: 'The bearer token of each request, against the expiry of the token that it is; requests for a refresh have a rule of their own.',
  advice: 'They are refused with 401 or 403. Ask the SDK for the token before each request instead of keeping it.',
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
      evidence: [`${sent.length === 1 ? 'Once' : `${sent.length} times`}, last at ${clockTime(last.at)} to ${last.host}${last.path}.`],
      entries: sent,
    };
  },
};
