/** What the claims of a token mean. Pure. */

/** One claim: what stands there, what it is for, and the instant (epoch ms) that it is. */
export interface Claim {
  readonly name: string;
  readonly value: unknown;
  /** `null` where nobody has said what it is for. */
  readonly about: string | null;
  readonly instant: number | null;
}

interface Meaning {
  readonly about: string;
  /** The unit of an instant; `either`: a number tells its own, as `lib/session/token.ts` reads it. */
  readonly unit?: 'ms' | 's' | 'either';
}

/** RFC 7519 §4.1, and facts §2.5 for what is Synerise's own. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  iss: { about: 'Issuer: who made the token. Synerise, or the backend of the site.' },
  sub: { about: 'Subject: whom the token is about, by a name that only its maker knows.' },
  aud: { about: 'Audience: whom it is for. API is the vendor’s own.' },
  exp: { about: 'Expiry (s): from then on it is refused. A refresh must come before it.', unit: 'either' },
  nbf: { about: 'Not before (s): until then it is refused.', unit: 's' },
  iat: { about: 'Issued at (s).', unit: 's' },
  jti: { about: 'Number of the token, so that each is another.' },
  ctd: { about: 'Created (ms): in tokens of the auth server, where others have iat.', unit: 'ms' },
  rlm: { about: 'Realm: client is a signed-in customer, anonymous_client one that nobody knows, business_profile a workspace’s key.' },
  origin: {
    about:
      'How the customer came by it: ANONYMOUS, SYNERISE (e-mail and password), OAUTH, SIMPLE_AUTH, FACEBOOK, GOOGLE, APPLE, INCOGNITO (do not track).',
  },
  uuid: { about: 'The UUID whose customer it is. It should be the one that the SDK holds.' },
  clientId: { about: 'Number of the profile in the workspace.' },
  customId: { about: 'The customer by the identifier of the site itself.' },
  email: { about: 'The customer by e-mail.' },
  bpi: { about: 'Number of the workspace.' },
  sessionId: { about: 'Number of the login that it came from.' },
  apk: { about: 'The API key that it was asked for with.' },
  apkHash: { about: 'A hash of the API key that it was asked for with.' },
  auth: { about: 'Packed list of rights (base64 of gzip of JSON).' },
  nme: { about: 'Name of the user.' },
};

const LATEST = 8.64e15;
/** Beyond this a number is in ms, whatever its claim should have. */
const IN_MS = 1e11;

/** The claims in their own order, explained. */
export function explainClaims(claims: Readonly<Record<string, unknown>>): Claim[] {
  return Object.entries(claims).map(([name, value]) => {
    const meaning = Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined;
    const isSeconds = meaning?.unit === 's' || (meaning?.unit === 'either' && typeof value === 'number' && value < IN_MS);
    const instant = meaning?.unit && typeof value === 'number' ? Math.round(isSeconds ? value * 1000 : value) : null;
    return { name, value, about: meaning?.about ?? null, instant: instant !== null && Math.abs(instant) <= LATEST ? instant : null };
  });
}
