import { claimTime } from '../../jwt/claim-time';
import { dateTime } from '../lookup';
import type { Rule } from '../rule';

const TIMES = ['exp', 'nbf', 'iat'] as const;
const WORDS = { text: 'a number in quotes', date: 'a date' } as const;

export const tokenTimeNotNumber: Rule = {
  id: 'token-time-not-number',
  severity: 'warning',
  about: 'token',
  title: 'Token time claim is text',
  looksAt: 'Claims `exp`, `nbf` and `iat` that are a number in quotes or a date.',
  advice:
    'A JWT uses seconds as a number. Some servers read text; others reject the token or never expire it. Remove the quotes where the token is created.',
  source: 'RFC 7519 §2 (NumericDate), §4.1.4.',
  check({ token }) {
    const evidence = TIMES.flatMap((name) => {
      const { at, written } = claimTime(token?.claims?.[name]);
      return at !== null && (written === 'text' || written === 'date')
        ? [`${name} is ${WORDS[written]}. Read here as ${dateTime(at)}.`]
        : [];
    });
    return evidence.length ? { evidence } : null;
  },
};
