import { clockTime, deedsOf, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const refreshAfterExpiry: Rule = {
  id: 'refresh-after-expiry',
  severity: 'error',
  title: 'The token was refreshed after its end',
  looksAt: 'Calls of `refreshToken` and requests for a refresh that began after the token of that time had expired.',
  advice:
    'The current token must still be active: refresh before its end (minTokenRefreshInterval, 1800 s unless set), and treat a refusal as a sign-out. A laptop that slept through the end does this too.',
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
    return { evidence: [`${late.length === 1 ? 'Once' : `${late.length} times`}, last at ${clockTime(last.at)}.`], entries: late };
  },
};
