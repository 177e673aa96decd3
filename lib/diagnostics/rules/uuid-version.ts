import { validate, version } from 'uuid';
import type { Rule } from '../rule';

export const uuidVersion: Rule = {
  id: 'uuid-version',
  severity: 'warning',
  about: 'uuid',
  title: 'The UUID is neither random nor made from an identifier',
  looksAt: "The customer's UUID: version 4 is random, version 5 is made from an identifier.",
  advice:
    'The vendor’s pages know no other. Look for what set it: a link, a reset cookie, setUuid in the site’s code. Events under a UUID that is none by its form are lost.',
  source: 'Facts §3.4; RFC 9562.',
  check({ customer }) {
    const uuid = customer?.uuid;
    if (!uuid) return null;
    if (!validate(uuid)) return { evidence: [`“${uuid.slice(0, 100)}” is no UUID by its form.`] };
    const number = version(uuid);
    return number === 4 || number === 5 ? null : { evidence: [`${uuid} is of version ${number}.`] };
  },
};
