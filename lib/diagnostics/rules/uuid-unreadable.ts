import type { Rule } from '../rule';

export const uuidUnreadable: Rule = {
  id: 'uuid-unreadable',
  severity: 'error',
  title: 'The SDK does not give the UUID',
  looksAt: 'A getter of the UUID that throws, or gives something else than a text.',
  advice: 'See what it says. An SDK that was asked before it was initialized, or that something on the page replaced, does this.',
  source: 'Facts §1.3 (a synchronous throw), §1.4 (Flutter completes with null).',
  check({ customer }) {
    const trouble = customer?.trouble;
    return trouble && trouble !== 'empty' ? { evidence: [trouble] } : null;
  },
};
