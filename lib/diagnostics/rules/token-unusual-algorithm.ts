import { traitsOf } from '../../sdk/dialects/names';
import type { Rule } from '../rule';

export const tokenUnusualAlgorithm: Rule = {
  id: 'token-unusual-algorithm',
  severity: 'warning',
  about: 'token',
  title: 'Unexpected signing algorithm',
  looksAt: 'The header `alg`: RS256 for Web SDK JWTs, RS512 for tokens of the auth server.',
  advice:
    'Web SDK JWTs and API tokens aren’t interchangeable. Check that this is the right token and that the backend signs with the documented algorithm.',
  source: 'Facts §2.5.',
  check({ token, sdk }) {
    const alg = token?.header?.['alg'];
    if (typeof alg !== 'string' || /^none$/i.test(alg) || !sdk || token?.header?.['enc'] !== undefined) return null;
    const usual = traitsOf(sdk.dialect).signedBy;
    return usual === undefined || alg === usual ? null : { evidence: [`alg is ${alg.slice(0, 40)}; tokens of this kind use ${usual}.`] };
  },
};
