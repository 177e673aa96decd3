import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const oldCookies: Rule = {
  id: 'old-cookies',
  severity: 'info',
  about: 'uuid',
  title: 'Cookies in legacy format',
  looksAt: '`emailHash` (now `identityHash`) and `init:undefined` in `_snrs_p`.',
  advice:
    'Code that reads the new names finds nothing. The SDK updates the cookies when it next writes them; a backend should read both names.',
  source: 'Facts §3.3, §3.8 (samples of 2018 to 2020), §5.',
  situations: [35],
  ofDocuments: true,
  check: (subject) => cookieNotice(subject, 'old-format'),
};
