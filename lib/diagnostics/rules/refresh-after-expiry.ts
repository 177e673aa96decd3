import { count } from '../../text/count';
import { dateTime, deedsOf, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const refreshAfterExpiry: Rule = {
  id: 'refresh-after-expiry',
  severity: 'error',
  title: 'Refresh attempted after expiry',
  looksAt: '`refreshToken` calls and refresh requests that began after the token had expired.',
  advice:
    'Only an active token can be refreshed: do it earlier (minTokenRefreshInterval, default 1800 s). Treat a rejection as a sign-out. Sleep causes this too.',
  source: 'Facts §2.1, §2.3 (API reference: the token must be active when it is refreshed).',
  check(subject) {
    const tokens = ofKind(subject, 'token');
    const late = [...deedsOf(subject, 'refreshToken'), ...requestsOf(subject, 'refresh')].filter(({ at }) => {
      const held = tokens.findLast((token) => token.at <= at);
      return held?.fingerprint && held.expiresAt !== null && held.expiresAt < at;
    });
    const last = late.at(-1);
    // A token that arrived since then is valid: the problem is over.
    if (!last || tokens.some(({ at, fingerprint }) => at >= last.at && fingerprint !== '')) return null;
    return { evidence: [`${count(late.length, 'attempt')}, last at ${dateTime(last.at)}.`], entries: late };
  },
};
