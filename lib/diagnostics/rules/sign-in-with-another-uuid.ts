import { clockTime, requestsOf, uuidAt } from '../lookup';
import type { Rule } from '../rule';

export const signInWithAnotherUuid: Rule = {
  id: 'sign-in-with-another-uuid',
  severity: 'warning',
  title: 'The sign-in named another UUID than the customer had',
  looksAt: 'The UUID in login requests without an authID, against the UUID that was held before them.',
  advice:
    'What the customer did before the sign-in stays with the other profile (iOS 3.8.8 mended such a bug). Sign in with the UUID that the SDK holds; with an authID the new UUID is meant.',
  source: 'Changelog iOS 3.8.8; facts §5.',
  situations: [11],
  check(subject) {
    const last = requestsOf(subject, 'login', 'conditional-login').at(-1);
    if (!last?.uuid || last.problem !== null || (last.status ?? 0) >= 400) return null;
    const before = uuidAt(subject, last.at);
    if (before === null || before.toLowerCase() === last.uuid.toLowerCase()) return null;
    const byAuthId = subject.entries.some(
      (entry) => entry.kind === 'call' && Boolean(entry.told['authID']) && Math.abs(entry.at - last.at) < 5000,
    );
    // Another account's sign-in has a UUID of its own (facts §2.2).
    const wasSignedIn = subject.entries.some((entry) => entry.kind === 'identity' && entry.identity === 'signed-in' && entry.at < last.at);
    return byAuthId || wasSignedIn
      ? null
      : { evidence: [`At ${clockTime(last.at)} the request named ${last.uuid}.`, `The SDK held ${before}.`], entries: [last] };
  },
};
