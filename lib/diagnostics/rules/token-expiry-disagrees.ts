import { clockNotes } from '../../jwt/token';
import { span } from '../lookup';
import type { Rule } from '../rule';

export const tokenExpiryDisagrees: Rule = {
  id: 'token-expiry-disagrees',
  severity: 'warning',
  about: 'token',
  title: 'SDK and token expiry differ',
  looksAt: 'The token’s `exp` against the SDK’s `expirationDate`, more than 5 s apart.',
  advice:
    'A factor of 1000 means mixed-up seconds and milliseconds. Code that uses expirationDate refreshes at the wrong time: use the token’s exp.',
  source: 'Facts §1.3, §1.4: React Native gets seconds, Flutter milliseconds, Android gives seconds.',
  situations: [20],
  check({ token, at }) {
    const note = token && clockNotes(token, { now: at, late: false }).find(({ kind }) => kind === 'sdk-disagrees');
    return note ? { evidence: [`SDK expiry is ${span(note.ms)} ${note.ms > 0 ? 'later' : 'earlier'} than the token’s exp.`] } : null;
  },
};
