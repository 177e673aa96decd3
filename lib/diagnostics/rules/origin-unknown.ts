import type { Rule } from '../rule';

export const originUnknown: Rule = {
  id: 'origin-unknown',
  severity: 'info',
  dialects: ['react-native'],
  about: 'token',
  title: 'Token origin is UNKNOWN (bridge bug)',
  looksAt: 'React Native: a token whose `origin` is `UNKNOWN` while its claims have one, or whose realm is missing.',
  advice:
    'React Native’s Android bridge sends tokenOrigin, but the class reads origin. Use isSignedIn() or the token’s origin claim instead.',
  source: 'Facts §1.3: RNClient.java, lines 403 to 425, of React Native 1.7.0.',
  situations: [19],
  check({ token }) {
    if (token?.origin !== 'UNKNOWN') return null;
    const own = token.claims?.['origin'];
    if (typeof own === 'string' && own !== 'UNKNOWN' && own !== 'INCOGNITO')
      return { evidence: [`token.origin is UNKNOWN; the origin claim is ${own}.`] };
    const { saidRealm = token.realm } = token;
    return saidRealm === null ? { evidence: ['token.origin is UNKNOWN and token.rlm is missing, as on the Android bridge.'] } : null;
  },
};
