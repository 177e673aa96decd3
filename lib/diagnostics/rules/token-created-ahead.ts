import { clockNotes } from '../../jwt/token';
import { span } from '../lookup';
import type { Rule } from '../rule';

export const tokenCreatedAhead: Rule = {
  id: 'token-created-ahead',
  severity: 'warning',
  about: 'token',
  title: 'Token issued in the future (clock skew)',
  looksAt: 'The claim `ctd` (ms) or `iat` (s), more than 5 s ahead of this computer.',
  advice: 'Server and local clocks differ, so the token expires earlier on the server than shown here. Correct the wrong clock.',
  source: 'Facts §2.5: `ctd` is the creation time in ms.',
  check({ token, at }) {
    const note = token && clockNotes(token, { now: at, late: false }).find(({ kind }) => kind === 'created-ahead');
    return note ? { evidence: [`Issued ${span(note.ms)} ahead of this computer’s clock.`] } : null;
  },
};
