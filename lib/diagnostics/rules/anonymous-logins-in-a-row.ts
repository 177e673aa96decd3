import { CHANGES_WORKSPACE } from '../../sdk/changes';
import { callsOf, dateTime, densest, madeByPage, requestsOf } from '../lookup';
import type { Rule } from '../rule';

const MANY = 4;
const WITHIN = 60_000;
const OVER = 300_000;
/** Calls that start a new session and are followed by a login (facts §2.1). */
const BEGINS = [
  'signOut',
  'signOutWithMode',
  'destroySession',
  'deleteAccount',
  'regenerateUUID',
  'regenerateUUIDWithClientIdentifier',
  ...CHANGES_WORKSPACE,
  'signIn',
] as const;
const SHORTLY = 3000;

export const anonymousLoginsInARow: Rule = {
  id: 'anonymous-logins-in-a-row',
  severity: 'warning',
  title: 'Anonymous sign-in loop',
  looksAt: `${MANY} or more anonymous sign-ins within a minute that no page call explains.`,
  advice:
    'The SDK isn’t persisting its session: storage blocked or cleared, two instances, or a token that expires immediately. Fixed in iOS 4.10.1 and Android 4.11.0.',
  source: 'Changelogs iOS 4.0.0, 4.10.1, Android 4.11.0; facts §5.',
  situations: [8],
  check(subject) {
    const logins = madeByPage(subject, requestsOf(subject, 'anonymous-login')).filter(({ at }) => subject.at - at <= OVER);
    const meant = callsOf(subject, ...BEGINS);
    const inARow = logins.filter(({ at }) => !meant.some((call) => call.at <= at && at - (call.endedAt ?? call.at) <= SHORTLY));
    const most = densest(inARow, WITHIN);
    const [first] = most;
    return first && most.length >= MANY
      ? { evidence: [`${most.length} sign-ins within 1 min (from ${dateTime(first.at)}).`], entries: most }
      : null;
  },
};
