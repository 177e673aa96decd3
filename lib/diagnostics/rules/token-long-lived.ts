import { span } from '../lookup';
import type { Rule } from '../rule';

const WEEK = 7 * 86_400_000;

export const tokenLongLived: Rule = {
  id: 'token-long-lived',
  severity: 'warning',
  about: 'token',
  title: 'Token lifetime exceeds a week',
  looksAt: 'The time from creation (otherwise now) to expiry.',
  advice:
    'Synerise’s longest default is one week. A stolen token works until it expires; shorten the lifetime in the workspace or your JWT backend.',
  source: 'Facts §2.3: defaults of 60 minutes, an hour, and one week are documented.',
  check({ token, at }) {
    if (!token || token.expiresAt === null || token.expInMs) return null;
    const life = token.expiresAt - (token.createdAt ?? at);
    // One second of tolerance for rounding.
    return life > WEEK + 1000 ? { evidence: [`Lifetime: ${span(life)}.`] } : null;
  },
};
