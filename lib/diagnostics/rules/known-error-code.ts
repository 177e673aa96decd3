import { deeds, doneBy, errorOf, isMended } from '../lookup';
import type { Rule } from '../rule';

/** Error codes and their meanings (facts §1.3, §1.5). */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['100', 'native module not linked; rebuild the app after installing it'],
  ['-108', 'circuit breaker open after repeated failures; wait'],
  ['-109', 'blocked by Do Not Track; turn doNotTrack off'],
  ['-110', 'module not ready; wait for onReady'],
  ['3200', 'not authorized; the customer must sign in'],
  ['3210', 'session expired; the customer must sign in again'],
  ['3220', 'already signed out'],
  ['3300', 'token signature doesn’t match the public key; the key may have changed'],
  ['3310', 'can’t process the token; maybe encrypted, and the SDK too old'],
  ['3320', 'public key couldn’t be loaded'],
]);
const RECENT = 600_000;

export const knownErrorCode: Rule = {
  id: 'known-error-code',
  severity: 'warning',
  title: 'Known SDK error code',
  looksAt: `The codes ${[...MEANINGS.keys()].join(', ')} in the errors of the last 10 minutes.`,
  advice: 'See the meaning of the code. Codes differ by platform: Android and its bridges return the HTTP status.',
  source: 'Facts §1.3 (code 100), §1.5 (SNRErrorCode).',
  situations: [24],
  check(subject) {
    const last = deeds(subject).findLast((deed) => MEANINGS.has(String(errorOf(subject, deed)?.code)) && subject.at - deed.at <= RECENT);
    const code = last && String(errorOf(subject, last)?.code);
    return last && code && !isMended(subject, last)
      ? { evidence: [`${doneBy(last)}() failed with ${code}: ${MEANINGS.get(code)}.`], entries: [last] }
      : null;
  },
};
