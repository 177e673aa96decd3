import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const cookiesDisagree: Rule = {
  id: 'cookies-disagree',
  severity: 'warning',
  about: 'uuid',
  title: 'Inconsistent SDK cookies',
  looksAt: '`_snrs_uuid` against the `uuid` in `_snrs_p`, and `_snrs_puuid` against its `permUuid`.',
  advice:
    'A UUID reset was interrupted, or another script wrote a cookie. Reload; if that doesn’t help, delete the SDK cookies in Storage.',
  source: 'Facts §3.3, §3.8.',
  situations: [27],
  ofDocuments: true,
  check: (subject) => cookieNotice(subject, 'state-differs'),
};
