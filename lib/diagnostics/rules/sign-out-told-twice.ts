import { ofKind } from '../lookup';
import type { Rule } from '../rule';

const TOGETHER = 5000;

export const signOutToldTwice: Rule = {
  id: 'sign-out-told-twice',
  severity: 'warning',
  title: 'Sign-out callback fired twice',
  looksAt: 'Two sign-out callbacks of the page’s listener within 5 s, with no sign-in between.',
  advice: 'Fixed in iOS 5.9.3 and React Native 1.6.3. Update, or make the listener idempotent.',
  source: 'Changelogs iOS 5.9.3, React Native 1.6.3; facts §5.',
  situations: [2],
  check(subject) {
    const told = ofKind(subject, 'callback');
    const twice = told.findLastIndex(({ signedIn, at }, index) => {
      const before = told[index - 1];
      return !signedIn && before !== undefined && !before.signedIn && at - before.at <= TOGETHER;
    });
    const [one, other] = [told[twice - 1], told[twice]];
    // A sign-in since then makes the repetition irrelevant.
    if (!one || !other || told.slice(twice + 1).some(({ signedIn }) => signedIn)) return null;
    return { evidence: [`onClientSignedOut fired again ${other.at - one.at} ms later.`], entries: [one, other] };
  },
};
