import { dateTime, requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const eventRefused: Rule = {
  id: 'event-refused',
  severity: 'error',
  title: 'Events rejected (401/403)',
  looksAt: 'The latest event got 401 or 403.',
  advice:
    'form.submit needs an unexpired site JWT signed with the key of the workspace’s current certificate (verify it in Token decoder) and the right tracker key.',
  source: 'Facts §2.5, §3.2, §5.',
  situations: [34],
  check(subject) {
    const last = requestsOf(subject, 'event')
      .filter(({ status }) => status !== null)
      .at(-1);
    return last && (last.status === 401 || last.status === 403)
      ? { evidence: [`${last.status} for ${last.path} at ${dateTime(last.at)}.`], entries: [last] }
      : null;
  },
};
