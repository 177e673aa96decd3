import { span } from '../lookup';
import type { Rule } from '../rule';

const SHORT = 8 * 86_400_000;

export const uuidCookieShortLived: Rule = {
  id: 'uuid-cookie-short-lived',
  severity: 'info',
  about: 'uuid',
  title: 'UUID cookie expires too soon',
  looksAt: 'The expiry of `_snrs_uuid`, where the browser reports it: less than 8 days from now.',
  advice:
    'Returning visitors get a new UUID. Browsers limit script cookies (Safari: 7 days); otherwise check cookieExpiration in SR.init. Synerise sets 400 days.',
  source: 'Facts §3.3, §5.',
  situations: [35],
  ofDocuments: true,
  check({ jar, at }) {
    const kept = jar?.find(({ name }) => name === '_snrs_uuid');
    if (!kept || kept.expiresAt === undefined) return null;
    if (kept.expiresAt === null) return { evidence: ['Deleted when the browser closes.'] };
    return kept.expiresAt - at < SHORT ? { evidence: [`Expires in ${span(kept.expiresAt - at)}.`] } : null;
  },
};
