import type { Rule } from '../rule';

export const tokenNoJwt: Rule = {
  id: 'token-no-jwt',
  severity: 'error',
  dialects: ['web'],
  about: 'token',
  title: "The site's token is no JWT",
  looksAt: "A token of the Web SDK, which the site's own backend makes, that has no readable claims.",
  advice:
    'The server refuses it. Look at what the site hands to setAccessToken: a word such as "undefined", an error page, or a token that was cut off on its way.',
  source: 'Facts §2.5: the Web SDK takes an RS256 JWT of the site; RFC 7519 §7.2.',
  check({ token }) {
    if (token?.kind !== 'opaque') return null;
    return { evidence: ['Its claims cannot be read: a JWT has three parts, joined by dots, of which the second holds them.'] };
  },
};
