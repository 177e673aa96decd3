import type { Cause } from '../../session/history/cause';
import { dateTime, densest, ofKind } from '../lookup';
import type { Rule } from '../rule';

const MANY = 4;
const WITHIN = 600_000;

/** Whether a UUID changed without a sign-in, sign-out, or change of workspace or settings. */
const isChurn = ({ kind, by }: Cause): boolean =>
  ['unknown', 'page-load', 'cookies-removed', 'cookies-expired', 'reset-cookie'].includes(kind) ||
  (kind === 'call' && /^(regenerateUUID|setUuid)\b/.test(by ?? ''));

export const uuidChurn: Rule = {
  id: 'uuid-churn',
  severity: 'warning',
  title: 'UUID changes too often',
  looksAt: `${MANY} or more UUID changes within 10 minutes without a sign-in, sign-out, API key or setting change.`,
  advice:
    'Each UUID is a new profile (and reset in-app caps until iOS 4.16.0, Android 5.16.0). See the causes in Timeline; a seed (authID) keeps one UUID per customer.',
  source: 'Changelogs iOS 4.16.0, Android 5.16.0, React Native 0.19; facts §2.1, §5.',
  situations: [15],
  check(subject) {
    const changes = ofKind(subject, 'uuid').filter(({ cause, at }) => isChurn(cause) && subject.at - at <= WITHIN);
    const most = densest(changes, WITHIN);
    const [first] = most;
    return first && most.length >= MANY ? { evidence: [`${most.length} changes since ${dateTime(first.at)}.`], entries: most } : null;
  },
};
