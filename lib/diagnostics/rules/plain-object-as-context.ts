import { deedsOf, errorOf, isMended } from '../lookup';
import type { Rule } from '../rule';

const TAKE_CONTEXTS = [
  'registerAccount',
  'authenticate',
  'authenticateConditionally',
  'simpleAuthentication',
  'updateAccount',
  'updateAccountBasicInformation',
] as const;

export const plainObjectAsContext: Rule = {
  id: 'plain-object-as-context',
  severity: 'error',
  title: 'Plain object passed instead of a context',
  looksAt: 'Calls that failed with an error about `toObject`.',
  advice: 'React Native calls toObject() on every context. Pass an instance, such as `new ClientAccountUpdateContext({ … })`.',
  source: 'Facts §1.3; lib/classes/models/Client of React Native 1.7.0.',
  situations: [17],
  check(subject) {
    const failed = deedsOf(subject, ...TAKE_CONTEXTS).filter((deed) => /toObject/.test(errorOf(subject, deed)?.message ?? ''));
    const last = failed.at(-1);
    return last && !isMended(subject, last) ? { evidence: [`${errorOf(subject, last)?.message}`], entries: failed } : null;
  },
};
