/** Pasted tokens: finds the token in the text, explains its claims, and determines whether it is valid at a given time. Pure. */
import { claimTime, type Written } from './claim-time';
import { decodeToken, tokenStatus } from './token';

/** Extracts the token from pasted text. `notes` describe what was removed around it. */
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
  // A token that wraps over several lines matches only without the whitespace, or only in part: then the rest belongs to it (`isWhole`).
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
 * A JWT or JWE within other text. A JSON object in base64url starts with `ew` or `ey`. Only characters that text can have
 * after a token may follow: any other, such as `+`, `/` or `=`, means that the token is damaged.
 */
const TOKEN = /(?<![\w.-])e[wy][\w-]+\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?(?=$|[\s"'`<>()[\]{},;&#?|\\.])/g;

/** Finds the tokens in plain text, a URL, JSON or code. */
function tokensIn(text: string): string[] {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return (plain.match(TOKEN) ?? []).filter((one) => decodeToken(one).header !== null);
}

/** One claim: its value, its meaning, and for a time claim the time (epoch ms). */
export interface Claim {
  readonly name: string;
  readonly value: unknown;
  /** What the claim means; `null` if it isn't a known claim. */
  readonly about: string | null;
  readonly instant: number | null;
  /** What is wrong with the format of a time claim; `null` if nothing is. */
  readonly mistake: string | null;
}

interface Meaning {
  readonly about: string;
  /** The unit that a time claim should use; `claim-time.ts` infers the one it does use from the number. */
  readonly unit?: 'ms' | 's';
}

/** RFC 7519 §4.1; facts §2.5 for Synerise's own claims. */
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

/** Explains the claims, in the order of the token. */
export function explainClaims(claims: Readonly<Record<string, unknown>>): Claim[] {
  return Object.entries(claims).map(([name, value]) => {
    const { about = null, unit } = (Object.hasOwn(MEANINGS, name) && MEANINGS[name]) || {};
    return { name, value, ...(unit ? instantOf(value, unit, about ?? '') : { about, instant: null, mistake: null }) };
  });
}

/** What is wrong with a time claim, by the format it is written in. `instantOf` handles claims that should be in ms. */
const MISTAKES: Readonly<Record<Written, string | null>> = {
  seconds: null,
  absent: null,
  ms: 'It is in milliseconds, where a JWT has seconds: who reads it so takes it for a time far off.',
  us: 'It is in microseconds, where a JWT has seconds: who reads it so takes it for a time far off.',
  text: 'It is a number written as text, where a JWT has a number: some servers read it, others refuse the token.',
  date: 'It is a date, where a JWT has a number of seconds: some servers read it, others refuse the token.',
  nothing: 'It is no instant: who checks the token refuses or ignores it.',
};

/** The time of a claim, with a description that names the unit it is actually written in. */
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

/** Validity of a token by its own claims. `ms`: time since it expired, or until it expires (`valid`) or becomes valid (`early`). */
export type Life =
  | { readonly is: 'ended' | 'valid' | 'early'; readonly ms: number; readonly at: number }
  /** `endless`: it has no `exp`. `unknown`: its `exp` isn't a valid time. */
  | { readonly is: 'endless' | 'unknown' };

/** Validity of a token with these claims at `now` (epoch ms). */
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
