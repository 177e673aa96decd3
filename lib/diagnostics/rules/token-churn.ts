import type { CauseKind } from '../../session/history/cause';
import { dateTime, densest, ofKind } from '../lookup';
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
  title: 'Token changes too often',
  looksAt: `${MANY} or more new tokens within a minute, except from a page load, another tab, or \`refreshToken\`, which has its own rule.`,
  advice:
    'Each is a backend request, and requests with the previous token may fail. See the causes in Timeline. Reuse a token until shortly before it expires.',
  source: 'Facts §2.3: tokens last for minutes to a week; changelogs iOS 4.0.0, 4.10.1, Android 4.11.0 (too many refreshes).',
  check(subject) {
    const made = ofKind(subject, 'token').filter(
      ({ at, fingerprint, cause }) =>
        fingerprint !== '' && subject.at - at <= OVER && !MEANT.has(cause.kind) && !/refreshToken|Refresh token/.test(cause.by ?? ''),
    );
    const most = densest(made, WITHIN);
    const [first] = most;
    return first && most.length >= MANY
      ? { evidence: [`${most.length} new tokens within 1 min (from ${dateTime(first.at)}).`], entries: most }
      : null;
  },
};
