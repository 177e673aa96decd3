import { validate, version } from 'uuid';
import type { Rule } from '../rule';

export const uuidVersion: Rule = {
  id: 'uuid-version',
  severity: 'warning',
  about: 'uuid',
  title: 'Unexpected or invalid UUID',
  looksAt: 'The customer’s UUID: v4 is random, v5 is derived from an identifier.',
  advice: 'Synerise uses v4 and v5 only. Find what set it (link, reset cookie, setUuid()). Events with an invalid UUID are lost.',
  source: 'Facts §3.4; RFC 9562.',
  check({ customer }) {
    const uuid = customer?.uuid;
    if (!uuid) return null;
    if (!validate(uuid)) return { evidence: [`“${uuid.slice(0, 100)}” isn’t a valid UUID.`] };
    const number = version(uuid);
    return number === 4 || number === 5 ? null : { evidence: [`${uuid} is v${number}.`] };
  },
};
