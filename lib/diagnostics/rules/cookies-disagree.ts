import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const cookiesDisagree: Rule = {
  id: 'cookies-disagree',
  severity: 'warning',
  about: 'uuid',
  title: "The SDK's cookies contradict each other",
  looksAt: '`_snrs_uuid` against the `uuid` in `_snrs_p`, and `_snrs_puuid` against its `permUuid`.',
  advice: 'A reset was broken off, or something else wrote one of them. Reload; if it stays so, delete the cookies of the SDK (Storage).',
  source: 'Facts §3.3, §3.8.',
  situations: [27],
  check: (subject) => cookieNotice(subject, 'state-differs'),
};
