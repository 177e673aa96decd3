import { factOf } from '../case';
import type { Rule } from '../rule';

export const twoTrackerKeys: Rule = {
  id: 'two-tracker-keys',
  severity: 'warning',
  dialects: ['web'],
  about: 'uuid',
  title: 'Two tracker keys are on the page',
  looksAt: "The tracker keys in the page's inline scripts, and the one that the SDK holds.",
  advice:
    'A visit is sent to two workspaces, or a test key was left in. Only the last one counts for what the SDK itself does: keep one. A script that lists the keys of several countries looks so too: mute this then.',
  source: 'Facts §3.1, §5.',
  situations: [33],
  check(subject) {
    const held = factOf(subject, 'trackerKey');
    const keys = new Set([...subject.page.keys, ...(typeof held === 'string' && held !== '' ? [held] : [])]);
    return keys.size > 1 ? { evidence: [...keys].map((key) => `${key}${key === held ? ', which the SDK holds' : ''}.`) } : null;
  },
};
