import type { Rule } from '../rule';

export const tokenNoJwt: Rule = {
  id: 'token-no-jwt',
  severity: 'error',
  about: 'token',
  title: "The site's token is no JWT",
  looksAt: "A token of the Web SDK, which the site's own backend makes, that has no readable claims.",
  advice:
    'The server refuses it. Look at what the site hands to setAccessToken: a word such as "undefined", an error page, or a token that was cut off on its way.',
  source: 'Facts §2.5: the Web SDK takes an RS256 JWT of the site; RFC 7519 §7.2.',
  check({ sdk, token }) {
    if (sdk?.dialect !== 'web' || token?.kind !== 'opaque') return null;
    const parts = token.raw?.split('.').length ?? null;
    return {
      evidence: [
        parts === null || parts === 3
          ? 'Its claims cannot be read.'
          : `It has ${parts} ${parts === 1 ? 'part' : 'parts'}, where a JWT has three, joined by dots.`,
      ],
    };
  },
};
