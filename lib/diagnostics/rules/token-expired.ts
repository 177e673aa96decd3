import { tokenStatus } from '../../jwt/token-status';
import { dateTime, span } from '../lookup';
import type { Rule } from '../rule';

export const tokenExpired: Rule = {
  id: 'token-expired',
  severity: 'error',
  about: 'token',
  title: 'Token expired',
  looksAt: 'The token’s `exp`, otherwise the SDK’s expiry.',
  advice:
    'Tokens can only be refreshed before they expire: call refreshToken() earlier or turn on Auto-refresh. Now sign in again (Web SDK: set a new JWT).',
  source: 'Facts §2.1, §2.3: a token that has expired cannot be refreshed; RFC 7519 §4.1.4.',
  situations: [34],
  check({ token, at, lead }) {
    if (!token || token.stale || tokenStatus(token, at, lead) !== 'expired' || token.expiresAt === null) return null;
    const late = token.late ? ['Already expired when first read: clock skew, or the SDK kept a stale token.'] : [];
    return { evidence: [`Expired at ${dateTime(token.expiresAt)}, ${span(at - token.expiresAt)} ago.`, ...late] };
  },
};
