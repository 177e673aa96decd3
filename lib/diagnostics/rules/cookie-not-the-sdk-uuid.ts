import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const cookieNotTheSdkUuid: Rule = {
  id: 'cookie-not-the-sdk-uuid',
  severity: 'error',
  about: 'uuid',
  title: 'The cookie and the SDK hold different UUIDs',
  looksAt: 'The cookie `_snrs_uuid` against `SyneriseTC.uuid`.',
  advice:
    'A back end that reads the cookie and events of the SDK then speak of two profiles. Something wrote the cookie, or several of that name stand on different domains: see Storage, delete them, and reload.',
  source: 'Facts §3.1, §3.3.',
  situations: [27],
  check: (subject) => cookieNotice(subject, 'not-the-sdk-uuid'),
};
