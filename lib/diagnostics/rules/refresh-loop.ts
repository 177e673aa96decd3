import { callsOf, dateTime, densest, madeByPage, requestsOf } from '../lookup';
import type { Rule } from '../rule';

const MANY = 5;
const WITHIN = 60_000;
/** Refreshes older than this no longer count (ms). */
const OVER = 300_000;

export const refreshLoop: Rule = {
  id: 'refresh-loop',
  severity: 'error',
  title: 'Token refresh loop',
  looksAt: `${MANY} or more refreshes by the page within a minute: \`refreshToken\` calls or refresh requests.`,
  advice: 'Likely a refresh on every 401 or render. Share one in-flight refresh promise and stop after a failure.',
  source: 'Changelogs: iOS 4.0.0, 4.10.1, Android 4.11.0 (too many refreshes); facts §5.',
  situations: [8],
  check(subject) {
    const [calls, requests] = [callsOf(subject, 'refreshToken'), madeByPage(subject, requestsOf(subject, 'refresh'))];
    const most =
      [calls, requests]
        .map((all) =>
          densest(
            all.filter(({ at }) => subject.at - at <= OVER),
            WITHIN,
          ),
        )
        .sort((a, b) => b.length - a.length)[0] ?? [];
    const [first] = most;
    return first && most.length >= MANY
      ? { evidence: [`${most.length} refreshes within 1 min (from ${dateTime(first.at)}).`], entries: most }
      : null;
  },
};
