import { fingerprint } from '../../text/fingerprint';
import { requestsOf } from '../lookup';
import type { Rule } from '../rule';

const WORDS = new Map(['true', 'false', 'undefined', 'null', 'NaN', '[object', '[object Object]'].map((word) => [fingerprint(word), word]));

export const bearerIsNoToken: Rule = {
  id: 'bearer-is-no-token',
  severity: 'error',
  title: 'Authorization header isn’t a token',
  looksAt: 'Bearer tokens that are `true`, `undefined`, `null` or similar.',
  advice:
    'React Native’s refreshToken() returns true, not a token (the sample in the docs is wrong). Call retrieveToken() and send its result.',
  source: 'Facts §1.3: SyneriseModuleConnector.js turns an empty answer into `true`.',
  situations: [22],
  check(subject) {
    const carrying = requestsOf(subject).filter(({ bearer }) => bearer !== null);
    const sent = carrying.filter(({ bearer }) => WORDS.has(bearer ?? ''));
    const last = sent.at(-1);
    // If later requests carry a token again, the problem is fixed.
    return last?.bearer && last === carrying.at(-1)
      ? { evidence: [`“Authorization: Bearer ${WORDS.get(last.bearer)}” sent to ${last.host}${last.path}.`], entries: sent }
      : null;
  },
};
