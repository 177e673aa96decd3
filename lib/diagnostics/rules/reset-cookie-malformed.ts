import { validate } from 'uuid';
import { parseCookie } from '../../web/cookies';
import type { Rule } from '../rule';

export const resetCookieMalformed: Rule = {
  id: 'reset-cookie-malformed',
  severity: 'warning',
  about: 'uuid',
  title: 'Malformed reset cookie',
  looksAt: '`_snrs_reset_uuid` (a UUID) and `_snrs_reset_uuid_and_identity_hash` (UUID, colon, hash).',
  advice: 'The SDK can’t use it. Write the plain UUID, unencoded and unquoted; `_snrs_reset_uuid_and_identity_hash` needs `UUID:hash`.',
  source: 'Facts §3.3.',
  ofDocuments: true,
  check({ customer }) {
    const wrong = (customer?.cookies.map(parseCookie) ?? []).flatMap(({ name, raw, fields }) => {
      if (name === '_snrs_reset_uuid') return validate(raw) ? [] : [`${name} is “${raw.slice(0, 80)}”.`];
      if (name !== '_snrs_reset_uuid_and_identity_hash') return [];
      const [field] = fields;
      return field && validate(field.key) && /^-?\d+$/.test(field.value ?? '') ? [] : [`${name} is “${raw.slice(0, 80)}”.`];
    });
    return wrong.length ? { evidence: wrong } : null;
  },
};
