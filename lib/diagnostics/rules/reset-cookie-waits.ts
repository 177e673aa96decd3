import { isPageLoad } from '../../session/history/timeline';
import { cookieNotice } from '../cookie-news';
import { ofKind } from '../lookup';
import type { Rule } from '../rule';

const NAMES = new Set(['_snrs_reset_uuid', '_snrs_reset_uuid_and_identity_hash']);

export const resetCookieWaits: Rule = {
  id: 'reset-cookie-waits',
  severity: 'warning',
  about: 'uuid',
  title: 'A reset of the UUID was never consumed',
  looksAt: 'A `_snrs_reset_uuid` cookie that was there when the page was loaded, and is there still though the SDK is initialized.',
  advice:
    'The SDK takes it at its init and removes it. It does neither where its cookie domain or path is another, where the cookie is HttpOnly, or where consent keeps the SDK from starting. Set it on the domain that `SR.init` is given, with path /.',
  source: 'Facts §3.3, §3.7, §5.',
  situations: [29],
  check(subject) {
    if (subject.phase !== 'attached') return null;
    const hidden = subject.jar?.find(({ name, httpOnly }) => NAMES.has(name) && httpOnly);
    const seen = hidden
      ? { evidence: [`${hidden.name} is HttpOnly: the SDK, which is script, can neither read nor remove it.`] }
      : cookieNotice(subject, 'reset-waits');
    if (!seen) return null;
    const loaded = subject.entries.findLast(isPageLoad)?.at ?? subject.since;
    // Written after the page load: it waits for the next one, as it should.
    const isFresh = ofKind(subject, 'storage').some(({ name, value, at }) => NAMES.has(name) && value !== null && at > loaded);
    return isFresh ? null : seen;
  },
};
