import { CHANGES_WORKSPACE } from '../../sdk/changes';
import { callsOf, clockTime, densest, madeByPage, requestsOf } from '../lookup';
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
  title: 'The customer is logged in anonymously again and again',
  looksAt: `${MANY} or more anonymous logins within a minute that no call of the page is behind.`,
  advice:
    'The SDK does not keep what it gets: storage may be blocked or cleared, two instances may share it, or its token ends at once. iOS 4.10.1 and Android 4.11.0 mended such loops: update older ones.',
  source: 'Changelogs iOS 4.0.0, 4.10.1, Android 4.11.0; facts §5.',
  situations: [8],
  check(subject) {
    const logins = madeByPage(subject, requestsOf(subject, 'anonymous-login')).filter(({ at }) => subject.at - at <= OVER);
    const meant = callsOf(subject, ...BEGINS);
    const inARow = logins.filter(({ at }) => !meant.some((call) => call.at <= at && at - (call.endedAt ?? call.at) <= SHORTLY));
    const most = densest(inARow, WITHIN);
    const [first] = most;
    return first && most.length >= MANY
      ? { evidence: [`${most.length} within a minute from ${clockTime(first.at)} on.`], entries: most }
      : null;
  },
};
