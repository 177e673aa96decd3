import { factOf } from '../case';
import type { Rule } from '../rule';

export const twoTrackerKeys: Rule = {
  id: 'two-tracker-keys',
  severity: 'warning',
  dialects: ['web'],
  about: 'uuid',
  title: 'Multiple tracker keys',
  looksAt: 'The tracker keys in the page’s inline scripts and the one in the SDK.',
  advice:
    'Visits may go to two workspaces, or a test key was left in. The SDK uses the last key. Keep one, or hide this check if the page lists keys per country.',
  source: 'Facts §3.1, §5.',
  situations: [33],
  ofDocuments: true,
  check(subject) {
    const held = factOf(subject, 'trackerKey');
    const keys = new Set([...subject.page.keys, ...(typeof held === 'string' && held !== '' ? [held] : [])]);
    return keys.size > 1 ? { evidence: [...keys].map((key) => `${key}${key === held ? ' (used by the SDK)' : ''}.`) } : null;
  },
};
