import { traitsOf } from '../../sdk/dialects/names';
import type { Rule } from '../rule';

export const tokenUnusualAlgorithm: Rule = {
  id: 'token-unusual-algorithm',
  severity: 'warning',
  about: 'token',
  title: 'The token is signed in an unusual way',
  looksAt: 'The header `alg`: RS256 is used for the JWT of the Web SDK, RS512 for tokens of the auth server.',
  advice:
    'A JWT for the Web SDK cannot be used for the API, nor the other way round. See that the token is of the right kind, and that the backend signs with the algorithm that the documentation names.',
  source: 'Facts §2.5.',
  check({ token, sdk }) {
    const alg = token?.header?.['alg'];
    if (typeof alg !== 'string' || /^none$/i.test(alg) || !sdk || token?.header?.['enc'] !== undefined) return null;
    const usual = traitsOf(sdk.dialect).signedBy;
    return usual === undefined || alg === usual
      ? null
      : { evidence: [`Its header says alg: ${alg.slice(0, 40)}; tokens of this kind have ${usual}.`] };
  },
};
