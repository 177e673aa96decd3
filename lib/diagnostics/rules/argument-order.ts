import { tableOf } from '../../sdk/dialects';
import { deedsOf, doneBy, errorOf, isMended } from '../lookup';
import type { Rule } from '../rule';

const SWAPPABLE = ['changePassword', 'confirmPasswordReset'] as const;
const REFUSED = new Set(['400', '401', '403', '3050']);

export const argumentOrder: Rule = {
  id: 'argument-order',
  severity: 'info',
  title: 'Refused, and its arguments have another order in each SDK',
  looksAt: "The page's calls of `changePassword` and `confirmPasswordReset` that were refused with 400, 401, 403 or 3050.",
  advice:
    'Compare the order: iOS takes the new password first, the others the old one; React Native confirms a reset by password and token, Flutter by token and password. The documentation has some of them wrong.',
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
    return { evidence: [`${doneBy(last)}() was refused with ${code}.`, `This SDK takes: ${order}.`], entries: [last] };
  },
};
