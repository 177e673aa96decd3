import { clockTime, deeds, doneBy, ofKind } from '../lookup';
import type { Rule } from '../rule';

export const conditionalSignInChangedUuid: Rule = {
  id: 'conditional-sign-in-changed-uuid',
  severity: 'warning',
  title: 'A conditional sign-in changed the UUID and signed nobody in',
  looksAt: 'A UUID that came of `signInConditionally` or `authenticateConditionally`, while the customer is not signed in.',
  advice: 'Android 3.8.6 saved a wrong UUID so. Update the SDK; destroy the session to begin anew.',
  source: 'Changelog Android 3.8.6; facts §5.',
  situations: [10],
  check(subject) {
    const now = ofKind(subject, 'uuid').at(-1);
    if (!now || subject.identity === 'signed-in' || subject.identity === 'unknown') return null;
    const maker = now.of === null ? undefined : deeds(subject).find(({ key }) => key === now.of);
    return maker && /Conditionally$/.test(doneBy(maker))
      ? { evidence: [`${now.uuid} came at ${clockTime(now.at)} by ${doneBy(maker)}().`], entries: [maker, now] }
      : null;
  },
};
