import { isCookieOf } from '../../web/cookies';
import type { Rule } from '../rule';

export const uuidCookieHttpOnly: Rule = {
  id: 'uuid-cookie-http-only',
  severity: 'error',
  about: 'uuid',
  title: 'The SDK cannot read its own UUID cookie',
  looksAt: '`_snrs_uuid` with the flag HttpOnly, as DevTools or the browser tell it.',
  advice: 'A server set it so. The SDK makes a UUID of its own instead, and the two never meet: leave the flag out.',
  source: 'Facts §3.3: the SDK writes and reads it by script.',
  check({ jar, set, origin, at }) {
    const hidden = (jar ?? set).find((one) => one.name === '_snrs_uuid' && one.httpOnly && origin !== null && isCookieOf(one, origin, at));
    return hidden ? { evidence: [`_snrs_uuid on ${hidden.domain ?? hidden.host ?? 'this site'} is HttpOnly.`] } : null;
  },
};
