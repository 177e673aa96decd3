import { factOf } from '../case';
import type { Rule } from '../rule';

export const doNotTrackIsOn: Rule = {
  id: 'do-not-track',
  severity: 'info',
  about: 'uuid',
  title: 'The SDK tracks nobody',
  looksAt:
    "The SDK's setting `doNotTrack`, a token of the origin INCOGNITO, and a Web SDK that has another UUID on each page load and no cookie.",
  advice:
    'The UUID is a random one, events are not sent, and signing in is refused (iOS: code -109). Switch it off once the customer agrees; for the Web SDK, delete its Do Not Track cookie and reload the page.',
  source:
    'Facts §2.1: iOS 5.4.0, Android 6.3.0, React Native 1.3.0, Flutter 2.3.0. Web SDK: §8, hub.synerise.com/developers/web/do-not-track.',
  situations: [6],
  check(subject) {
    if (factOf(subject, 'doNotTrack') === true) return { evidence: ['doNotTrack is true.'] };
    if (factOf(subject, 'doNotTrack') === 'likely')
      return {
        evidence: ['The page load brought another UUID, and the SDK wrote no cookie. Cookies that the browser blocks look the same.'],
      };
    return subject.token?.origin === 'INCOGNITO' && !subject.token.stale ? { evidence: ["The token's origin is INCOGNITO."] } : null;
  },
};
