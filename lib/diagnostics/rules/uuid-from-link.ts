import { clockTime, ofKind } from '../lookup';
import type { Rule } from '../rule';

export const uuidFromLink: Rule = {
  id: 'uuid-from-link',
  severity: 'info',
  title: 'A link made this browser another customer',
  looksAt: 'A UUID that is there because of a parameter of the address.',
  advice:
    'If the person is not the one whom the link was sent to, what they do goes to that profile. Reset the UUID, and see “Managing user context” in the workspace.',
  source: 'Facts §3.5, §5.',
  situations: [31],
  check(subject) {
    const now = ofKind(subject, 'uuid').at(-1);
    return now?.cause.kind === 'link'
      ? { evidence: [`At ${clockTime(now.at)}, by ${now.cause.by ?? 'the address'}: ${now.uuid}.`], entries: [now] }
      : null;
  },
};
