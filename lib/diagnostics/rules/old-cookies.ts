import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const oldCookies: Rule = {
  id: 'old-cookies',
  severity: 'info',
  about: 'uuid',
  title: 'An older SDK wrote these cookies',
  looksAt: '`emailHash` (now `identityHash`) and `init:undefined` in `_snrs_p`.',
  advice: 'Whoever reads them by the new names finds nothing. The SDK mends them as it writes; a back end should read both names.',
  source: 'Facts §3.3, §3.8 (samples of 2018 to 2020), §5.',
  situations: [35],
  check: (subject) => cookieNotice(subject, 'old-format'),
};
