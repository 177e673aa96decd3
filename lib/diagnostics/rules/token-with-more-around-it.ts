import { bareToken } from '../../jwt/token';
import type { Rule } from '../rule';

export const tokenWithMoreAroundIt: Rule = {
  id: 'token-with-more-around-it',
  severity: 'error',
  about: 'token',
  title: 'The token has more around it',
  looksAt: 'The word `Bearer`, quotes or spaces around the token that the SDK holds.',
  advice:
    'The SDK sends it as it is: the server then sees “Bearer Bearer …”, or a token that begins with a quote, and refuses it. Hand over the token alone.',
  source: 'RFC 6750 §2.1; RFC 7519 §3.',
  check({ token }) {
    const raw = token?.raw ?? null;
    if (raw === null) return null;
    const bare = bareToken(raw);
    if (bare === raw) return null;
    const at = raw.indexOf(bare);
    const [before, after] = [raw.slice(0, at), raw.slice(at + bare.length)].map((text) => JSON.stringify(text));
    return { evidence: [`Before it stands ${before}, after it ${after}. It is read without them here.`] };
  },
};
