import { clockTime, requestsOf } from '../lookup';
import type { Rule } from '../rule';

export const eventRefused: Rule = {
  id: 'event-refused',
  severity: 'error',
  title: 'Events are refused',
  looksAt: 'The latest event was answered with 401 or 403.',
  advice:
    "form.submit needs the site's JWT: see that it is set, has not ended, and is signed with the key whose certificate is in the workspace now (“Check a token” checks that). A wrong tracker key does the same.",
  source: 'Facts §2.5, §3.2, §5.',
  situations: [34],
  check(subject) {
    const last = requestsOf(subject, 'event')
      .filter(({ status }) => status !== null)
      .at(-1);
    return last && (last.status === 401 || last.status === 403)
      ? { evidence: [`${last.status} for ${last.path} at ${clockTime(last.at)}.`], entries: [last] }
      : null;
  },
};
