/** A token that somebody pasted: where it stands in the text, what its claims mean, and where it stands in its life. Pure. */
import { claimTime, type Written } from './claim-time';
import { decodeToken, tokenStatus } from './token';

/** A token as somebody pasted it: without what came along, and what that was. */
export function cleanToken(pasted: string): { readonly token: string; readonly notes: readonly string[] } {
  const notes = new Set<string>();
  let token = pasted.trim();
  const change = (bare: string, note: string) => {
    if (bare !== token) notes.add(note);
    token = bare;
  };
  const unquote = () => change(unquoted(token), 'Quotes around it were left out.');
  unquote();
  change(token.replace(/^authorization:\s*/i, ''), 'The name of the header was left out.');
  change(token.replace(/^bearer\s+/i, ''), 'The word Bearer was left out.');
  unquote();
  change(token.replace(/\s+/g, ''), 'Spaces and line breaks in it were left out.');
  const kept = tokensIn(pasted);
  // Broken over several lines it is found without them alone, or in part: then what follows on it is its own.
  const found = kept.length ? kept : tokensIn(token);
  const different = new Set(found).size;
  const [first] = found;
  const isWhole = found.length < 2 && /^[\w.-]*$/.test(token) && token.startsWith(first ?? '');
  if (first === undefined || first === token || isWhole) return { token, notes: [...notes] };
  return {
    token: first,
    notes: [
      'It was taken out of more text.',
      ...(different > 1 ? [`There are ${different} different JWTs in it: this is the first. Paste another by itself.`] : []),
    ],
  };
}

const QUOTES = new Set('"\'`');
function unquoted(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && QUOTES.has(text[from] ?? '')) from += 1;
  while (to > from && (QUOTES.has(text[to - 1] ?? '') || ',;'.includes(text[to - 1] ?? ''))) to -= 1;
  return text.slice(from, to).trim();
}

/**
 * A JWT or JWE within other text: JSON in base64url begins so, and `+`, `/`, `=` or whatever else no text has around a token
 * would make it a damaged one.
 */
const TOKEN = /(?<![\w.-])e[wy][\w-]+\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?(?=$|[\s"'`<>()[\]{},;&#?|\\.])/g;

/** The tokens in a text, in an address, in JSON or in code. */
function tokensIn(text: string): string[] {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return (plain.match(TOKEN) ?? []).filter((one) => decodeToken(one).header !== null);
}

/** One claim: what stands there, what it is for, and the instant (epoch ms) that it is. */
export interface Claim {
  readonly name: string;
  readonly value: unknown;
  /** `null` where nobody has said what it is for. */
  readonly about: string | null;
  readonly instant: number | null;
  /** What is wrong with an instant as it is written. */
  readonly mistake: string | null;
}

interface Meaning {
  readonly about: string;
  /** The unit that an instant should have; a number tells its own (`claim-time.ts`). */
  readonly unit?: 'ms' | 's';
}

/** RFC 7519 §4.1, and facts §2.5 for what is Synerise's own. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  iss: { about: 'Issuer: who made the token. Synerise, or the backend of the site.' },
  sub: { about: 'Subject: whom the token is about, by a name that only its maker knows.' },
  aud: { about: 'Audience: whom it is for. API is the vendor’s own.' },
  exp: { about: 'Expiry (s): from then on it is refused. A refresh must come before it.', unit: 's' },
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

/** The claims in their own order, explained. */
export function explainClaims(claims: Readonly<Record<string, unknown>>): Claim[] {
  return Object.entries(claims).map(([name, value]) => {
    const { about = null, unit } = (Object.hasOwn(MEANINGS, name) && MEANINGS[name]) || {};
    return { name, value, ...(unit ? instantOf(value, unit, about ?? '') : { about, instant: null, mistake: null }) };
  });
}

/** What is wrong with how an instant is written, by the unit that it should have. */
const MISTAKES: Readonly<Record<Written, string | null>> = {
  seconds: null,
  absent: null,
  ms: 'It is in milliseconds, where a JWT has seconds: who reads it so takes it for a time far off.',
  us: 'It is in microseconds, where a JWT has seconds: who reads it so takes it for a time far off.',
  text: 'It is a number written as text, where a JWT has a number: some servers read it, others refuse the token.',
  date: 'It is a date, where a JWT has a number of seconds: some servers read it, others refuse the token.',
  nothing: 'It is no instant: who checks the token refuses or ignores it.',
};

/** An instant as a claim writes it, in words of the unit that it really has. */
function instantOf(value: unknown, unit: 'ms' | 's', about: string): Pick<Claim, 'about' | 'instant' | 'mistake'> {
  const { at, written } = claimTime(value);
  const isMeant = unit === 'ms' && written === 'ms';
  return {
    about: written === 'ms' ? about.replace('(s)', '(ms)') : about,
    instant: at,
    mistake: isMeant ? null : unit === 'ms' && written === 'seconds' ? MISTAKES_OF_MS : MISTAKES[written],
  };
}
const MISTAKES_OF_MS = 'It is in seconds, where this claim has milliseconds.';

/** Where a token stands in its life by its own times. `ms`: since it ended, or until it ends or begins to hold. */
export type Life =
  | { readonly is: 'ended' | 'valid' | 'early'; readonly ms: number; readonly at: number }
  /** It names no end, or one that is none. */
  | { readonly is: 'endless' | 'unknown' };

/** Where a token of these claims stands at `now` (epoch ms). */
export function lifeOf(claims: readonly Claim[], now: number): Life {
  const of = (name: string) => claims.find((claim) => claim.name === name);
  const at = of('exp')?.instant ?? null;
  const from = of('nbf')?.instant ?? null;
  const status = tokenStatus({ expiresAt: at }, now, 0);
  if (at !== null && status === 'expired') return { is: 'ended', ms: now - at, at };
  if (from !== null && from > now) return { is: 'early', ms: from - now, at: from };
  if (at !== null) return { is: 'valid', ms: at - now, at };
  return { is: of('exp') ? 'unknown' : 'endless' };
}
