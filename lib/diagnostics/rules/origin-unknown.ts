import type { Rule } from '../rule';

export const originUnknown: Rule = {
  id: 'origin-unknown',
  severity: 'info',
  dialects: ['react-native'],
  about: 'token',
  title: "The bridge lost the token's origin",
  looksAt: 'React Native: a token whose `origin` is `UNKNOWN` while its own claims name one, or its realm is missing.',
  advice:
    "On Android the bridge sends tokenOrigin while the class reads origin, so that it is always UNKNOWN there. Tell the customer's kind by isSignedIn() or by the claim in the token instead.",
  source: 'Facts §1.3: RNClient.java, lines 403 to 425, of React Native 1.7.0.',
  situations: [19],
  check({ token }) {
    if (token?.origin !== 'UNKNOWN') return null;
    const own = token.claims?.['origin'];
    if (typeof own === 'string' && own !== 'UNKNOWN' && own !== 'INCOGNITO')
      return { evidence: [`token.origin is UNKNOWN; the token's own claim says ${own}.`] };
    const { saidRealm = token.realm } = token;
    return saidRealm === null ? { evidence: ['token.origin is UNKNOWN, and token.rlm is missing, as the Android bridge has it.'] } : null;
  },
};
