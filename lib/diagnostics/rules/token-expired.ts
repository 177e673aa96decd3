import { tokenStatus } from '../../jwt/token';
import { dateTime, span } from '../lookup';
import type { Rule } from '../rule';

export const tokenExpired: Rule = {
  id: 'token-expired',
  severity: 'error',
  about: 'token',
  title: 'The token has run out',
  looksAt: "The token's own `exp`, else the expiry that the SDK says.",
  advice:
    'Refreshing works only before the end. Call refreshToken earlier (or switch on “Refresh before it ends”), raise minTokenRefreshInterval, or have the customer sign in again. With the Web SDK the site must give a new JWT. An anonymous customer is logged in again by the SDK when it next needs a token.',
  source: 'Facts §2.1, §2.3: a token that has expired cannot be refreshed; RFC 7519 §4.1.4.',
  situations: [34],
  check({ token, at, lead }) {
    if (!token || token.stale || tokenStatus(token, at, lead) !== 'expired' || token.expiresAt === null) return null;
    const late = token.late ? ['It had already ended when it was first read: a clock may be wrong, or the SDK kept an old token.'] : [];
    return { evidence: [`It ended at ${dateTime(token.expiresAt)}, ${span(at - token.expiresAt)} ago.`, ...late] };
  },
};
