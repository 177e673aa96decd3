import { clockNotes } from '../../jwt/token';
import { span } from '../lookup';
import type { Rule } from '../rule';

export const tokenNotYetValid: Rule = {
  id: 'token-not-yet-valid',
  severity: 'error',
  about: 'token',
  title: 'Token not valid yet',
  looksAt: 'The claim `nbf`, more than 5 s ahead of this computer.',
  advice: 'Servers reject it until then. Correct the clock of the server that creates it, or of this computer.',
  source: 'RFC 7519 §4.1.5.',
  check({ token, at }) {
    const note = token && clockNotes(token, { now: at, late: false }).find(({ kind }) => kind === 'not-yet-valid');
    return note ? { evidence: [`Valid in ${span(note.ms)}.`] } : null;
  },
};
