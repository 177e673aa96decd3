import { claimTime } from '../../jwt/claim-time';
import type { Rule } from '../rule';

const TIMES = ['exp', 'nbf', 'iat'] as const;

export const tokenTimeUnreadable: Rule = {
  id: 'token-time-unreadable',
  severity: 'error',
  about: 'token',
  title: 'Invalid time claim in token',
  looksAt: 'Claims `exp`, `nbf` and `iat` that are neither a number nor a date.',
  advice: 'Servers reject the token or never expire it. Write seconds since 1970 where the token is created, or omit the claim.',
  source: 'RFC 7519 §2 (NumericDate), §4.1.4.',
  check({ token }) {
    const evidence = TIMES.flatMap((name) => {
      const value = token?.claims?.[name];
      return claimTime(value).written === 'nothing' ? [`${name} is ${value === null ? 'empty' : JSON.stringify(value).slice(0, 60)}.`] : [];
    });
    return evidence.length ? { evidence } : null;
  },
};
