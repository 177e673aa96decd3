import { claimTime } from '../../jwt/claim-time';
import { dateTime } from '../lookup';
import type { Rule } from '../rule';

export const tokenExpiryInMs: Rule = {
  id: 'token-expiry-in-ms',
  severity: 'error',
  about: 'token',
  title: "The token's exp is not in seconds",
  looksAt: 'A claim `exp` of 1e11 or more: seconds beyond it lie past the year 5000. From 1e14 on it is in microseconds, as PHP has them.',
  advice: 'A JWT has seconds. Whoever reads it by the standard takes it for thousands of years: make whole seconds of it where it is made.',
  source: 'RFC 7519 §2, §4.1.4; facts §1.3, §1.4: bridges mix seconds and milliseconds.',
  situations: [20],
  check({ token }) {
    if (!token?.expInMs || token.expiresAt === null) return null;
    const unit = claimTime(token.claims?.['exp']).written === 'us' ? 'microseconds' : 'milliseconds';
    return { evidence: [`Read as ${unit} it ends at ${dateTime(token.expiresAt)}; read as seconds, past the year 5000.`] };
  },
};
