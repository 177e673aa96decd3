import { clockNotes } from '../../jwt/token';
import { span } from '../lookup';
import type { Rule } from '../rule';

export const tokenCreatedAhead: Rule = {
  id: 'token-created-ahead',
  severity: 'warning',
  about: 'token',
  title: 'The token was created in the future',
  looksAt: 'The claim `ctd` (ms) or `iat` (s), more than 5 s ahead of this computer.',
  advice: 'The clocks of server and computer differ: for the server it ends sooner than it seems here. Set the clock that is wrong.',
  source: 'Facts §2.5: `ctd` is the creation time in ms.',
  check({ token, at }) {
    const note = token && clockNotes(token, { now: at, late: false }).find(({ kind }) => kind === 'created-ahead');
    return note ? { evidence: [`Its creation time is ${span(note.ms)} ahead of this computer's clock.`] } : null;
  },
};
