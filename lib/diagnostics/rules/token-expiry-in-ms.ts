import { claimTime } from '../../jwt/claim-time';
import { dateTime } from '../lookup';
import type { Rule } from '../rule';

export const tokenExpiryInMs: Rule = {
  id: 'token-expiry-in-ms',
  severity: 'error',
  about: 'token',
  title: 'Token’s exp isn’t in seconds',
  looksAt: 'An `exp` of 1e11 or more: as seconds, that is past the year 5000. From 1e14 on it is in microseconds, as in PHP.',
  advice: 'A JWT uses seconds, so standard readers see a date millennia away. Write whole seconds where the token is created.',
  source: 'RFC 7519 §2, §4.1.4; facts §1.3, §1.4: bridges mix seconds and milliseconds.',
  situations: [20],
  check({ token }) {
    if (!token?.expInMs || token.expiresAt === null) return null;
    const unit = claimTime(token.claims?.['exp']).written === 'us' ? 'microseconds' : 'milliseconds';
    return { evidence: [`As ${unit} it expires at ${dateTime(token.expiresAt)}; as seconds, past the year 5000.`] };
  },
};
