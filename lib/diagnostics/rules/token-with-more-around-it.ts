import { bareToken } from '../../jwt/token';
import type { Rule } from '../rule';

export const tokenWithMoreAroundIt: Rule = {
  id: 'token-with-more-around-it',
  severity: 'error',
  about: 'token',
  title: 'Extra characters around the token',
  looksAt: 'The word `Bearer`, quotes or spaces around the SDK’s token.',
  advice: 'The SDK sends it unchanged, so the server gets “Bearer Bearer …” or a leading quote and rejects it. Pass only the token.',
  source: 'RFC 6750 §2.1; RFC 7519 §3.',
  check({ token }) {
    const raw = token?.raw ?? null;
    if (raw === null) return null;
    const bare = bareToken(raw);
    if (bare === raw) return null;
    const at = raw.indexOf(bare);
    const [before, after] = [raw.slice(0, at), raw.slice(at + bare.length)].map((text) => JSON.stringify(text));
    return { evidence: [`Before: ${before}; after: ${after}. Ignored here.`] };
  },
};
