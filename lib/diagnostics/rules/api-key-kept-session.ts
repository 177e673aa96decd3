import { CHANGES_WORKSPACE } from '../../sdk/changes';
import { dateTime, deedFailed, deedsOf, ofKind } from '../lookup';
import type { Rule } from '../rule';

const SOON = 5000;

export const apiKeyKeptSession: Rule = {
  id: 'api-key-kept-session',
  severity: 'warning',
  title: 'Session survived API key change',
  looksAt: 'A `changeApiKey` call after which the UUID stayed the same.',
  advice:
    'shouldDestroySessionOnApiKeyChange (on by default) had no effect before iOS 5.9.3, React Native 1.6.3 and Flutter 2.6.3. Update, or call destroySession().',
  source: 'Changelogs iOS 5.9.3, React Native 1.6.3, Flutter 2.6.3; facts §2.4, §5.',
  situations: [4],
  check(subject) {
    const last = deedsOf(subject, ...CHANGES_WORKSPACE).at(-1);
    const ended = last?.endedAt ?? last?.at ?? 0;
    if (!last || !subject.customer?.uuid || deedFailed(last) || subject.at - ended < SOON) return null;
    const isAnother = ofKind(subject, 'uuid').some(({ at }) => at >= last.at);
    return isAnother
      ? null
      : { evidence: [`Called at ${dateTime(last.at)}; the UUID is still ${subject.customer.uuid}.`], entries: [last] };
  },
};
