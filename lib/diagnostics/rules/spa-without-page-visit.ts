import { isPageLoad } from '../../session/history/timeline';
import { requestsOf } from '../lookup';
import type { Rule } from '../rule';

const MANY = 3;

export const spaWithoutPageVisit: Rule = {
  id: 'spa-without-page-visit',
  severity: 'info',
  dialects: ['web'],
  title: 'SPA navigations aren’t tracked',
  looksAt: 'Web SDK: three or more URL changes since the page loaded, with events before the first of them and none after.',
  advice: 'Call `SR.event.pageVisit()` on each route change (and set `dynamicContent: { virtualPage: true }` for dynamic content).',
  source: 'Facts §3.1, §5.',
  situations: [36],
  ofDocuments: true,
  check(subject) {
    const loaded = subject.entries.findLastIndex(isPageLoad);
    const moves = subject.entries.slice(loaded + 1).filter((entry) => entry.kind === 'document' && entry.by === 'within');
    const events = requestsOf(subject, 'event', 'tracking');
    const [first] = moves;
    // Without an earlier event, events may not be visible at all.
    if (!first || moves.length < MANY || !events.some(({ at }) => at < first.at) || events.some(({ at }) => at >= first.at)) return null;
    return { evidence: [`${moves.length} URL changes and no event since the first.`], entries: moves };
  },
};
