import { isCookieOf } from '../../web/cookies';
import type { Rule } from '../rule';

export const uuidCookieHttpOnly: Rule = {
  id: 'uuid-cookie-http-only',
  severity: 'error',
  about: 'uuid',
  title: '_snrs_uuid is HttpOnly',
  looksAt: '`_snrs_uuid` with the HttpOnly flag, as reported by DevTools or the browser.',
  advice: 'A server set it. The SDK can’t read it and creates its own UUID, so the two never match. Remove the flag.',
  source: 'Facts §3.3: the SDK writes and reads it by script.',
  ofDocuments: true,
  check({ jar, set, origin, at }) {
    const hidden = (jar ?? set).find((one) => one.name === '_snrs_uuid' && one.httpOnly && origin !== null && isCookieOf(one, origin, at));
    return hidden ? { evidence: [`_snrs_uuid on ${hidden.domain ?? hidden.host ?? 'this site'} is HttpOnly.`] } : null;
  },
};
