import { deeds, doneBy, errorOf, isMended } from '../lookup';
import type { Rule } from '../rule';

/** Error codes and their meanings (facts §1.3, §1.5). */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['100', 'the native module is not linked: rebuild the app after installing the package'],
  ['-108', "the SDK's circuit breaker holds requests back after failures: wait"],
  ['-109', 'blocked, since the SDK tracks nobody: switch doNotTrack off'],
  ['-110', 'the module is not ready: wait for onReady'],
  ['3200', 'the session is not authorized: the customer has to sign in'],
  ['3210', 'the session has expired: the customer has to sign in again'],
  ['3220', 'the customer is signed out already'],
  ['3300', "the token's signature does not fit the public key: the key may have been changed"],
  ['3310', 'the token cannot be processed: it may be encrypted, and the SDK too old for it'],
  ['3320', 'the public key is missing: it could not be loaded'],
]);
const RECENT = 600_000;

export const knownErrorCode: Rule = {
  id: 'known-error-code',
  severity: 'warning',
  title: 'The SDK says why by a code',
  looksAt: `The codes ${[...MEANINGS.keys()].join(', ')} in the errors of the last ten minutes.`,
  advice: 'Do what the meaning says. The same failure has other codes on other platforms: Android and its bridges give the HTTP status.',
  source: 'Facts §1.3 (code 100), §1.5 (SNRErrorCode).',
  situations: [24],
  check(subject) {
    const last = deeds(subject).findLast((deed) => MEANINGS.has(String(errorOf(subject, deed)?.code)) && subject.at - deed.at <= RECENT);
    const code = last && String(errorOf(subject, last)?.code);
    return last && code && !isMended(subject, last)
      ? { evidence: [`${doneBy(last)}() ended with ${code}: ${MEANINGS.get(code)}.`], entries: [last] }
      : null;
  },
};
