import { tableOf } from '../../sdk/dialects';
import { callsOf, isMark } from '../lookup';
import type { Rule } from '../rule';

export const pinAndEmailSwapped: Rule = {
  id: 'pin-and-email-swapped',
  severity: 'error',
  title: 'PIN and email are swapped',
  looksAt: '`confirmAccountActivationByPin` calls whose email has no @.',
  advice: 'Flutter takes the email first; all other SDKs take the PIN first.',
  source: 'Facts §1.2.',
  situations: [21],
  check(subject) {
    const binding = subject.sdk && tableOf(subject.sdk.dialect)?.bindings.confirmAccountActivationByPin;
    if (binding?.kind !== 'native') return null;
    const place = binding.args.indexOf('email');
    const last = callsOf(subject, 'confirmAccountActivationByPin').at(-1);
    const args = last && subject.detailOf(last.key)?.call?.args;
    const email = Array.isArray(args) ? (args as unknown[])[place] : undefined;
    if (!last || typeof email !== 'string' || email.includes('@') || isMark(email)) return null;
    return { evidence: [`Argument ${place + 1} of confirmAccountActivationByPin() isn’t an email address.`], entries: [last] };
  },
};
