import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const cookiesMissing: Rule = {
  id: 'cookies-missing',
  severity: 'warning',
  about: 'uuid',
  title: "The SDK's cookies are not kept",
  looksAt: "`_snrs_uuid`, `_snrs_puuid` and `_snrs_p` in the browser's own list, on watched sites.",
  advice:
    'Each page load makes a new visitor. A consent tool deletes them, the browser blocks them, `domain` in SR.init is not a domain of this page, or Do Not Track is on, which is meant so.',
  source: 'Facts §3.3, §5.',
  situations: [35],
  check: (subject) => (subject.customer?.uuid ? cookieNotice(subject, 'missing') : null),
};
