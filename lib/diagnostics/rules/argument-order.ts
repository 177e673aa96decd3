import { tableOf } from '../../sdk/dialects';
import { deedsOf, doneBy, errorOf, isMended } from '../lookup';
import type { Rule } from '../rule';

const SWAPPABLE = ['changePassword', 'confirmPasswordReset'] as const;
const REFUSED = new Set(['400', '401', '403', '3050']);

export const argumentOrder: Rule = {
  id: 'argument-order',
  severity: 'info',
  title: 'Arguments may be in the wrong order',
  looksAt: 'Page calls of `changePassword` and `confirmPasswordReset` that failed with 400, 401, 403 or 3050.',
  advice:
    'Check the order: only iOS takes the new password first. To confirm a reset: React Native (password, token), Flutter (token, password). Some docs are wrong.',
  source: 'Facts §1.2.',
  situations: [21],
  check(subject) {
    const last = deedsOf(subject, ...SWAPPABLE).findLast(({ kind }) => kind === 'call');
    const code = last && errorOf(subject, last)?.code;
    if (!last || !subject.sdk || !REFUSED.has(String(code))) return null;
    if (isMended(subject, last)) return null;
    const binding = tableOf(subject.sdk.dialect)?.bindings[doneBy(last) as (typeof SWAPPABLE)[number]];
    const order =
      binding?.kind === 'native' ? binding.args.map((one) => (typeof one === 'string' ? one : `{ ${one.of.join(', ')} }`)).join(', ') : '';
    return { evidence: [`${doneBy(last)}() failed with ${code}.`, `Order in this SDK: ${order}.`], entries: [last] };
  },
};
