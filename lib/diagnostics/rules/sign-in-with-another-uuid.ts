import { clockTime, deeds, identityAt, requestsOf, uuidAt } from '../lookup';
import type { Rule } from '../rule';

/** Maximum time between a call and its request (ms). */
const NEAR = 5000;

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
    // Signing in to a different account uses a different UUID (facts §2.2). So does an authID, which operations don't record.
    const isAnothers = identityAt(subject, last.at) === 'signed-in';
    const byAuthId = deeds(subject).some(
      (deed) =>
        Math.abs(deed.at - last.at) < NEAR &&
        (deed.kind === 'call' ? Boolean(deed.told['authID']) : /^(authenticate|simpleAuth)/.test(deed.operation)),
    );
    return byAuthId || isAnothers
      ? null
      : { evidence: [`At ${clockTime(last.at)} the request named ${last.uuid}.`, `The SDK held ${before}.`], entries: [last] };
  },
};
