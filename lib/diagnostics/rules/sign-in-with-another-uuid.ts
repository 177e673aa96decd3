import { dateTime, deeds, identityAt, requestsOf, uuidAt } from '../lookup';
import type { Rule } from '../rule';

/** Maximum time between a call and its request (ms). */
const NEAR = 5000;

export const signInWithAnotherUuid: Rule = {
  id: 'sign-in-with-another-uuid',
  severity: 'warning',
  title: 'Sign-in sent a different UUID',
  looksAt: 'The UUID in sign-in requests without an authID against the SDK’s UUID before them.',
  advice:
    'Earlier activity stays on the other profile (iOS fixed such a bug in 3.8.8). Sign in with the SDK’s UUID; only an authID should change it.',
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
      : { evidence: [`Sent at ${dateTime(last.at)}: ${last.uuid}.`, `SDK UUID before: ${before}.`], entries: [last] };
  },
};
