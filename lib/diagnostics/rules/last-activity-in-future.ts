import { memberOf } from '../case';
import { instantOf } from '../instant';
import type { Rule } from '../rule';

const DAY = 86_400_000;

export const lastActivityInFuture: Rule = {
  id: 'last-activity-in-future',
  severity: 'info',
  title: 'lastActivityDate is in the future',
  looksAt: 'The account field `lastActivityDate`, a day or more ahead.',
  advice: 'On Android, React Native multiplies milliseconds by 1000. Divide by 1000, or don’t use the field there.',
  source: 'Facts §1.3.',
  situations: [20],
  check({ account, at }) {
    const when = instantOf(memberOf(account?.value, 'lastActivityDate'));
    if (when === null || when <= at + DAY) return null;
    const year = when < 8.64e15 ? new Date(when).getUTCFullYear() : 'beyond any date';
    return { evidence: [`Year: ${year}.`] };
  },
};
