import { memberOf } from '../case';
import { instantOf } from '../instant';
import type { Rule } from '../rule';

const DAY = 86_400_000;

export const lastActivityInFuture: Rule = {
  id: 'last-activity-in-future',
  severity: 'info',
  title: "The account's last activity lies in the future",
  looksAt: 'The field `lastActivityDate` of the account, a day or more ahead.',
  advice: 'On Android React Native multiplies milliseconds by 1000: divide by 1000, or do not use it there.',
  source: 'Facts §1.3.',
  situations: [20],
  check({ account, at }) {
    const when = instantOf(memberOf(account?.value, 'lastActivityDate'));
    if (when === null || when <= at + DAY) return null;
    const year = when < 8.64e15 ? new Date(when).getUTCFullYear() : 'far beyond';
    return { evidence: [`It is in the year ${year}.`] };
  },
};
