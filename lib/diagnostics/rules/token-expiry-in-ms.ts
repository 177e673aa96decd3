import { dateTime } from '../lookup';
import type { Rule } from '../rule';

export const tokenExpiryInMs: Rule = {
  id: 'token-expiry-in-ms',
  severity: 'error',
  about: 'token',
  title: "The token's exp is in milliseconds",
  looksAt: 'A claim `exp` of 1e11 or more: seconds beyond it lie past the year 5000.',
  advice: 'A JWT has seconds. Whoever reads it by the standard takes it for thousands of years: divide by 1000 where it is made.',
  source: 'RFC 7519 §2, §4.1.4; facts §1.3, §1.4: bridges mix seconds and milliseconds.',
  situations: [20],
  check({ token }) {
    return token?.expInMs && token.expiresAt !== null
      ? { evidence: [`Read as milliseconds it ends at ${dateTime(token.expiresAt)}; read as seconds, past the year 5000.`] }
      : null;
  },
};
