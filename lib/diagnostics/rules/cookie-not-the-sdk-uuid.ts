import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const cookieNotTheSdkUuid: Rule = {
  id: 'cookie-not-the-sdk-uuid',
  severity: 'error',
  about: 'uuid',
  title: 'Cookie and SDK UUIDs differ',
  looksAt: 'The cookie `_snrs_uuid` against `SyneriseTC.uuid`.',
  advice:
    'Your backend (cookie) and SDK events use different profiles. The cookie was overwritten or exists on several domains. Delete it in Storage and reload.',
  source: 'Facts §3.1, §3.3.',
  situations: [27],
  ofDocuments: true,
  check: (subject) => cookieNotice(subject, 'not-the-sdk-uuid'),
};
