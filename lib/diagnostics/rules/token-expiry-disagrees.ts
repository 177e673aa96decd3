import { clockNotes } from '../../jwt/token';
import { span } from '../lookup';
import type { Rule } from '../rule';

export const tokenExpiryDisagrees: Rule = {
  id: 'token-expiry-disagrees',
  severity: 'warning',
  about: 'token',
  title: 'The SDK and the token name different ends',
  looksAt: "The token's `exp` against the SDK's `expirationDate`, more than 5 s apart.",
  advice:
    'Off by a factor of 1000 it is seconds taken for milliseconds, or the other way round. What relies on the expirationDate refreshes at the wrong time: rely on the token itself.',
  source: 'Facts §1.3, §1.4: React Native gets seconds, Flutter milliseconds, Android gives seconds.',
  situations: [20],
  check({ token, at }) {
    const note = token && clockNotes(token, { now: at, late: false }).find(({ kind }) => kind === 'sdk-disagrees');
    return note ? { evidence: [`The SDK says ${span(note.ms)} ${note.ms > 0 ? 'later' : 'earlier'} than the token does.`] } : null;
  },
};
