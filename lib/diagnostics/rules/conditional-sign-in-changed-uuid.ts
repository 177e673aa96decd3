import { dateTime, deeds, doneBy, ofKind } from '../lookup';
import type { Rule } from '../rule';

export const conditionalSignInChangedUuid: Rule = {
  id: 'conditional-sign-in-changed-uuid',
  severity: 'warning',
  title: 'Failed conditional sign-in changed UUID',
  looksAt: 'A UUID set by `signInConditionally` or `authenticateConditionally` while the customer isn’t signed in.',
  advice: 'A wrong UUID was saved this way in Android (changelog 3.8.6). Update the SDK; destroy the session to start over.',
  source: 'Changelog Android 3.8.6; facts §5.',
  situations: [10],
  check(subject) {
    const now = ofKind(subject, 'uuid').at(-1);
    if (!now || subject.identity === 'signed-in' || subject.identity === 'unknown') return null;
    const maker = now.of === null ? undefined : deeds(subject).find(({ key }) => key === now.of);
    return maker && /Conditionally$/.test(doneBy(maker))
      ? { evidence: [`${now.uuid} set at ${dateTime(now.at)} by ${doneBy(maker)}().`], entries: [maker, now] }
      : null;
  },
};
