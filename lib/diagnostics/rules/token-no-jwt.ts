import type { Rule } from '../rule';

export const tokenNoJwt: Rule = {
  id: 'token-no-jwt',
  severity: 'error',
  dialects: ['web'],
  about: 'token',
  title: 'Site token isn’t a valid JWT',
  looksAt: 'A Web SDK token, which the site’s backend creates, without readable claims.',
  advice:
    'The server rejects it. Check what the site passes to setAccessToken(): the text "undefined", an error page or a truncated token.',
  source: 'Facts §2.5: the Web SDK takes an RS256 JWT of the site; RFC 7519 §7.2.',
  check({ token }) {
    if (token?.kind !== 'opaque') return null;
    return { evidence: ['Can’t decode its claims (a JWT has three parts separated by dots).'] };
  },
};
