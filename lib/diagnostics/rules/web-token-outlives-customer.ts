import { clockTime, ofKind } from '../lookup';
import type { Rule } from '../rule';

/** At a sign-in, a site sets the token and then the UUID within this time (ms). */
const SIGN_IN = 60_000;

export const webTokenOutlivesCustomer: Rule = {
  id: 'web-token-outlives-customer',
  severity: 'warning',
  dialects: ['web'],
  title: "The site's token is older than the customer",
  looksAt: 'The Web SDK: a token without a `uuid` of its own that stayed as it was when the UUID changed.',
  advice:
    "The customer was switched or signed out, and the SDK still has the JWT from before. Clear it (SR.jwt.clearAccessToken()) or set the new customer's.",
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
      evidence: [`The token has been there since ${clockTime(token.at)}, the UUID since ${clockTime(uuid.at)}.`],
      entries: [token, uuid],
    };
  },
};
