import type { Rule } from '../rule';

const NAMES = ['snrs_reset_uuid', 'snrs_cl', 'snrs_he'];

export const uuidInUrl: Rule = {
  id: 'uuid-in-url',
  severity: 'warning',
  about: 'uuid',
  title: 'Customer ID in the page URL',
  looksAt: 'The page URL: `snrs_cl`, `snrs_he` and `snrs_reset_uuid`.',
  advice:
    'Anyone who opens this URL becomes that customer. Remove the parameters once the SDK has read them, or see “Managing user context” in the workspace.',
  source: 'Facts §3.5, §5.',
  situations: [31],
  ofDocuments: true,
  check({ path }) {
    const query = new URLSearchParams(path.split('#')[0]?.split('?')[1] ?? '');
    const named = NAMES.filter((name) => query.has(name));
    return named.length ? { evidence: [`The URL has ${named.join(', ')}.`] } : null;
  },
};
