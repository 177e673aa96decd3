import type { CauseKind } from '../../session/history/cause';
import { clockTime, densest, ofKind } from '../lookup';
import type { Rule } from '../rule';

const MANY = 10;
const WITHIN = 60_000;
/** Tokens older than this no longer count (ms). */
const OVER = 300_000;
/** Expected causes: a page load brings a token, and a token from another tab isn't created here. */
const MEANT: ReadonlySet<CauseKind> = new Set(['page-load', 'other-tab'] as const);

export const tokenChurn: Rule = {
  id: 'token-churn',
  severity: 'error',
  about: 'token',
  title: 'The token changes again and again',
  looksAt: `${MANY} or more new tokens within a minute, except those from a page load, another tab, or a call of \`refreshToken\`, which a separate rule covers.`,
  advice:
    'Each is a request to the backend that makes them, and what was sent with the one before may be refused. See the causes in the timeline: a token is made once and handed over until it is about to end.',
  source: 'Facts §2.3: tokens last for minutes to a week; changelogs iOS 4.0.0, 4.10.1, Android 4.11.0 (too many refreshes).',
  check(subject) {
    const made = ofKind(subject, 'token').filter(
      ({ at, fingerprint, cause }) =>
        fingerprint !== '' && subject.at - at <= OVER && !MEANT.has(cause.kind) && !/refreshToken|Refresh token/.test(cause.by ?? ''),
    );
    const most = densest(made, WITHIN);
    const [first] = most;
    return first && most.length >= MANY
      ? { evidence: [`${most.length} new tokens within a minute from ${clockTime(first.at)} on.`], entries: most }
      : null;
  },
};
