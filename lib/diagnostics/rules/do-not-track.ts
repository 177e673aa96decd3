import { factOf } from '../case';
import type { Rule } from '../rule';

export const doNotTrackIsOn: Rule = {
  id: 'do-not-track',
  severity: 'info',
  about: 'uuid',
  title: 'Do Not Track is on',
  looksAt: 'The SDK setting `doNotTrack`, a token with the origin INCOGNITO, or a Web SDK with a new UUID on each page load and no cookie.',
  advice:
    'Random UUID, no events, sign-in blocked (iOS: code -109). Turn it off after consent; for the Web SDK, delete its Do Not Track cookie and reload.',
  source:
    'Facts §2.1: iOS 5.4.0, Android 6.3.0, React Native 1.3.0, Flutter 2.3.0. Web SDK: §8, hub.synerise.com/developers/web/do-not-track.',
  situations: [6],
  check(subject) {
    if (factOf(subject, 'doNotTrack') === true) return { evidence: ['doNotTrack is true.'] };
    if (factOf(subject, 'doNotTrack') === 'likely')
      return {
        evidence: ['New UUID on page load and no SDK cookie. Blocked cookies look the same.'],
      };
    return subject.token?.origin === 'INCOGNITO' && !subject.token.stale ? { evidence: ['The token’s origin is INCOGNITO.'] } : null;
  },
};
