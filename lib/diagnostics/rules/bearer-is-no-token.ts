import { fingerprint } from '../../text/fingerprint';
import { requestsOf } from '../lookup';
import type { Rule } from '../rule';

const WORDS = new Map(['true', 'false', 'undefined', 'null', 'NaN', '[object', '[object Object]'].map((word) => [fingerprint(word), word]));

export const bearerIsNoToken: Rule = {
  id: 'bearer-is-no-token',
  severity: 'error',
  title: 'A request carries a word where a token should be',
  looksAt: 'Bearer tokens that are `true`, `undefined`, `null` or the like.',
  advice:
    "React Native's refreshToken answers `true`, and not a token, whatever the documentation's sample calls it: call retrieveToken afterwards, and send what that gives.",
  source: 'Facts §1.3: SyneriseModuleConnector.js turns an empty answer into `true`.',
  situations: [22],
  check(subject) {
    const carrying = requestsOf(subject).filter(({ bearer }) => bearer !== null);
    const sent = carrying.filter(({ bearer }) => WORDS.has(bearer ?? ''));
    const last = sent.at(-1);
    // If later requests carry a token again, the problem is fixed.
    return last?.bearer && last === carrying.at(-1)
      ? { evidence: [`“Authorization: Bearer ${WORDS.get(last.bearer)}” was sent to ${last.host}${last.path}.`], entries: sent }
      : null;
  },
};
