import type { Rule } from '../rule';

export const uuidUnreadable: Rule = {
  id: 'uuid-unreadable',
  severity: 'error',
  title: 'Can’t read UUID from SDK',
  looksAt: 'A UUID getter that throws or returns something other than a string.',
  advice: 'See the error. The SDK was called before it was initialized, or something on the page replaced it.',
  source: 'Facts §1.3 (a synchronous throw), §1.4 (Flutter completes with null).',
  check({ customer }) {
    const trouble = customer?.trouble;
    return trouble && trouble !== 'empty' ? { evidence: [trouble] } : null;
  },
};
