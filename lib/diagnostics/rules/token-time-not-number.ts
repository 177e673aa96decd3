import { claimTime } from '../../jwt/claim-time';
import { dateTime } from '../lookup';
import type { Rule } from '../rule';

const TIMES = ['exp', 'nbf', 'iat'] as const;
const WORDS = { text: 'a number written as text', date: 'a date' } as const;

export const tokenTimeNotNumber: Rule = {
  id: 'token-time-not-number',
  severity: 'warning',
  about: 'token',
  title: 'A time in the token is text',
  looksAt: 'Claims `exp`, `nbf` and `iat` that are a number in quotes, or a date.',
  advice:
    'A JWT has a number of seconds. Some servers read the text, others refuse the token or never let it end: write it without quotes where the token is made.',
  source: 'RFC 7519 §2 (NumericDate), §4.1.4.',
  check({ token }) {
    const evidence = TIMES.flatMap((name) => {
      const { at, written } = claimTime(token?.claims?.[name]);
      return at !== null && (written === 'text' || written === 'date')
        ? [`${name} is ${WORDS[written]}. It is read as ${dateTime(at)} here.`]
        : [];
    });
    return evidence.length ? { evidence } : null;
  },
};
