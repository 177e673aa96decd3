import { dateTime, ofKind } from '../lookup';
import type { Rule } from '../rule';

/** At a sign-in, a site sets the token and then the UUID within this time (ms). */
const SIGN_IN = 60_000;

export const webTokenOutlivesCustomer: Rule = {
  id: 'web-token-outlives-customer',
  severity: 'warning',
  dialects: ['web'],
  title: 'Stale site JWT after customer change',
  looksAt: 'Web SDK: a token without a `uuid` claim that stayed the same when the UUID changed.',
  advice:
    'The customer changed or signed out, but the SDK still has the old JWT. Call SR.jwt.clearAccessToken() or set the new customer’s JWT.',
  source: 'Facts §3.2, §5: `SR.jwt.getAccessToken()` still answers after a logout.',
  situations: [34],
  check(subject) {
    if (!subject.token || subject.token.uuid !== null) return null;
    const [uuid, token] = [ofKind(subject, 'uuid').at(-1), ofKind(subject, 'token').at(-1)];
    // A form may have recognized the very customer that the token was issued for.
    if (
      !uuid ||
      !token ||
      uuid.cause.kind === 'first' ||
      /^(sendFormData|updateClient)\b/.test(uuid.cause.by ?? '') ||
      token.fingerprint !== subject.token.fingerprint ||
      uuid.at - token.at <= SIGN_IN
    )
      return null;
    return {
      evidence: [`Token since ${dateTime(token.at)}, UUID since ${dateTime(uuid.at)}.`],
      entries: [token, uuid],
    };
  },
};
