import { span } from '../lookup';
import type { Rule } from '../rule';

const SHORT = 8 * 86_400_000;

export const uuidCookieShortLived: Rule = {
  id: 'uuid-cookie-short-lived',
  severity: 'info',
  about: 'uuid',
  title: 'The UUID is kept for a few days only',
  looksAt: 'The expiry of `_snrs_uuid`, where the browser tells it: less than 8 days from now.',
  advice:
    'Who comes back later is somebody else. Browsers cut cookies that scripts set (Safari: 7 days); else it is cookieExpiration in SR.init. The vendor sets 400 days, 30 years in older pages.',
  source: 'Facts §3.3, §5.',
  situations: [35],
  check({ jar, at }) {
    const kept = jar?.find(({ name }) => name === '_snrs_uuid');
    if (!kept || kept.expiresAt === undefined) return null;
    if (kept.expiresAt === null) return { evidence: ['It goes when the browser is closed.'] };
    return kept.expiresAt - at < SHORT ? { evidence: [`It ends in ${span(kept.expiresAt - at)}.`] } : null;
  },
};
