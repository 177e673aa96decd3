import { dateTime, ofKind } from '../lookup';
import type { Rule } from '../rule';

export const uuidFromLink: Rule = {
  id: 'uuid-from-link',
  severity: 'info',
  title: 'UUID set by a link',
  looksAt: 'A UUID that came from a URL parameter.',
  advice:
    'If this person isn’t the link’s recipient, their activity goes to the wrong profile. Reset the UUID; see “Managing user context” in the workspace.',
  source: 'Facts §3.5, §5.',
  situations: [31],
  ofDocuments: true,
  check(subject) {
    const now = ofKind(subject, 'uuid').at(-1);
    return now?.cause.kind === 'link'
      ? { evidence: [`At ${dateTime(now.at)}, by ${now.cause.by ?? 'the URL'}: ${now.uuid}.`], entries: [now] }
      : null;
  },
};
