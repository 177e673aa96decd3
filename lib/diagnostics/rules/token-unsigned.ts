import type { Rule } from '../rule';

export const tokenUnsigned: Rule = {
  id: 'token-unsigned',
  severity: 'error',
  about: 'token',
  title: 'Token isn’t signed',
  looksAt: 'The header `alg` of `none`.',
  advice: 'Anyone can forge it, and Synerise rejects it. Sign it with RS256 and the key whose certificate is in the workspace.',
  source: 'RFC 7518 §3.6; facts §2.5: RS256 for the Web SDK, RS512 for the API.',
  check({ token }) {
    const alg = token?.header?.['alg'];
    return typeof alg === 'string' && /^none$/i.test(alg) ? { evidence: [`alg is ${alg}.`] } : null;
  },
};
