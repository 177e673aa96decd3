import { isPageLoad } from '../../session/history/timeline';
import { cookieNotice } from '../cookie-news';
import { ofKind } from '../lookup';
import type { Rule } from '../rule';

const NAMES = new Set(['_snrs_reset_uuid', '_snrs_reset_uuid_and_identity_hash']);

export const resetCookieWaits: Rule = {
  id: 'reset-cookie-waits',
  severity: 'warning',
  about: 'uuid',
  title: 'Reset cookie not applied',
  looksAt: 'A `_snrs_reset_uuid` cookie that existed at page load and still exists although the SDK is initialized.',
  advice:
    'Set it on the domain passed to `SR.init`, with path / and without HttpOnly. A consent tool that delays the SDK also keeps it from being applied.',
  source: 'Facts §3.3, §3.7, §5.',
  situations: [29],
  ofDocuments: true,
  check(subject) {
    if (subject.phase !== 'attached') return null;
    const hidden = subject.jar?.find(({ name, httpOnly }) => NAMES.has(name) && httpOnly);
    const seen = hidden
      ? { evidence: [`${hidden.name} is HttpOnly: the SDK can’t read or remove it.`] }
      : cookieNotice(subject, 'reset-waits');
    if (!seen) return null;
    const loaded = subject.entries.findLast(isPageLoad)?.at ?? subject.since;
    // Written after the page load: it waits for the next one, as it should.
    const isFresh = ofKind(subject, 'storage').some(({ name, value, at }) => NAMES.has(name) && value !== null && at > loaded);
    return isFresh ? null : seen;
  },
};
