import { isPageLoad } from '../../session/history/timeline';
import { requestsOf } from '../lookup';
import type { Rule } from '../rule';

const MANY = 3;

export const spaWithoutPageVisit: Rule = {
  id: 'spa-without-page-visit',
  severity: 'info',
  dialects: ['web'],
  title: 'Pages of this app are not told as visits',
  looksAt:
    'The Web SDK: three or more changes of the address since the page was loaded, with events before and none after the first of them.',
  advice:
    'A single-page app must call `SR.event.pageVisit()` (and `dynamicContent: { virtualPage: true }` for dynamic content) at each change of the address.',
  source: 'Facts §3.1, §5.',
  situations: [36],
  check(subject) {
    const loaded = subject.entries.findLastIndex(isPageLoad);
    const moves = subject.entries.slice(loaded + 1).filter((entry) => entry.kind === 'document' && entry.by === 'within');
    const events = requestsOf(subject, 'event', 'tracking');
    const [first] = moves;
    // Without an earlier event, events may not be visible at all.
    if (!first || moves.length < MANY || !events.some(({ at }) => at < first.at) || events.some(({ at }) => at >= first.at)) return null;
    return { evidence: [`${moves.length} changes of the address, and no event since the first.`], entries: moves };
  },
};
