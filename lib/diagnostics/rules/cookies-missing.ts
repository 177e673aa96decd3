import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const cookiesMissing: Rule = {
  id: 'cookies-missing',
  severity: 'warning',
  about: 'uuid',
  title: 'SDK cookies aren’t persisted',
  looksAt: '`_snrs_uuid`, `_snrs_puuid` and `_snrs_p` in the browser’s cookie store, on watched sites.',
  advice:
    'Every page load creates a new visitor. Causes: a consent tool, blocked cookies, a wrong `domain` in SR.init, or Do Not Track (intended).',
  source: 'Facts §3.3, §5.',
  situations: [35],
  ofDocuments: true,
  check: (subject) => (subject.customer?.uuid ? cookieNotice(subject, 'missing') : null),
};
