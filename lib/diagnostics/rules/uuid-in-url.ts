import type { Rule } from '../rule';

const NAMES = ['snrs_reset_uuid', 'snrs_cl', 'snrs_he'];

export const uuidInUrl: Rule = {
  id: 'uuid-in-url',
  severity: 'warning',
  about: 'uuid',
  title: "A customer stands in the page's address",
  looksAt: "The page's address: `snrs_cl`, `snrs_he` and `snrs_reset_uuid`.",
  advice:
    'Whoever opens this address, a friend whom it was sent to as well, becomes that customer. Take the parameters out of the address once the SDK has read them, or set how links switch the context in the workspace (“Managing user context”).',
  source: 'Facts §3.5, §5.',
  situations: [31],
  check({ path }) {
    const query = new URLSearchParams(path.split('#')[0]?.split('?')[1] ?? '');
    const named = NAMES.filter((name) => query.has(name));
    return named.length ? { evidence: [`The address has ${named.join(', ')}.`] } : null;
  },
};
