import { span } from '../lookup';
import type { Rule } from '../rule';

const WEEK = 7 * 86_400_000;

export const tokenLongLived: Rule = {
  id: 'token-long-lived',
  severity: 'warning',
  about: 'token',
  title: 'The token lives for more than a week',
  looksAt: 'The time from creation (else from now) to expiry.',
  advice:
    'The longest default that the vendor names is a week. A token that is stolen is good for all of its life: lower the lifetime in the workspace (or in the backend that makes the JWT), unless it is meant.',
  source: 'Facts §2.3: defaults of 60 minutes, an hour, and one week are documented.',
  check({ token, at }) {
    if (!token || token.expiresAt === null || token.expInMs) return null;
    const life = token.expiresAt - (token.createdAt ?? at);
    // One second of tolerance for rounding.
    return life > WEEK + 1000 ? { evidence: [`It lives for ${span(life)}.`] } : null;
  },
};
