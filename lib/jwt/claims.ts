/** Pasted tokens: finds the token in the text, explains its claims, and determines whether it is valid at a given time. Pure. */
import { claimTime, type Written } from './claim-time';
import { decodeToken } from './token';
import { tokenStatus } from './token-status';

/** Extracts the token from pasted text. `notes` describe what was removed around it. */
export function cleanToken(pasted: string): { readonly token: string; readonly notes: readonly string[] } {
  const notes = new Set<string>();
  let token = pasted.trim();
  const change = (bare: string, note: string) => {
    if (bare !== token) notes.add(note);
    token = bare;
  };
  const unquote = () => change(unquoted(token), 'Surrounding quotes removed.');
  unquote();
  change(token.replace(/^authorization:\s*/i, ''), 'Header name removed.');
  change(token.replace(/^bearer\s+/i, ''), '“Bearer” removed.');
  unquote();
  change(token.replace(/\s+/g, ''), 'Whitespace removed.');
  const kept = tokensIn(pasted);
  // A token that wraps over several lines matches only without the whitespace, or only in part: then the rest belongs to it (`isWhole`).
  const found = kept.length ? kept : tokensIn(token);
  const different = new Set(found).size;
  const [first] = found;
  const isWhole = found.length < 2 && /^[\w.-]*$/.test(token) && token.startsWith(first ?? '');
  if (first === undefined || first === token || isWhole) return { token, notes: [...notes] };
  return {
    token: first,
    notes: ['Extracted from surrounding text.', ...(different > 1 ? [`Contains ${different} different JWTs. Showing the first.`] : [])],
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
  iss: { about: 'Issuer: Synerise or the site’s backend.' },
  sub: { about: 'Subject: the issuer’s ID for the customer.' },
  aud: { about: 'Audience. API is Synerise’s own.' },
  exp: { about: 'Expiration time (s).', unit: 's' },
  nbf: { about: 'Not valid before (s).', unit: 's' },
  iat: { about: 'Issued at (s).', unit: 's' },
  jti: { about: 'Unique token ID.' },
  ctd: { about: 'Created (ms), in auth server tokens; others use iat.', unit: 'ms' },
  rlm: { about: 'Realm: client (signed in), anonymous_client or business_profile (workspace key).' },
  origin: {
    about:
      'Token origin: ANONYMOUS, SYNERISE (email and password), OAUTH, SIMPLE_AUTH, FACEBOOK, GOOGLE, APPLE or INCOGNITO (Do Not Track).',
  },
  uuid: { about: 'Customer UUID. Should match the SDK’s UUID.' },
  clientId: { about: 'Profile ID in the workspace (Client ID).' },
  customId: { about: 'Custom ID: the site’s own ID of the customer.' },
  email: { about: 'Customer email.' },
  bpi: { about: 'Workspace ID.' },
  sessionId: { about: 'ID of the sign-in.' },
  apk: { about: 'API key that requested it.' },
  apkHash: { about: 'Hash of the API key that requested it.' },
  auth: { about: 'Permissions (JSON, gzip, base64).' },
  nme: { about: 'User name.' },
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
  ms: 'In milliseconds; a JWT uses seconds. Other readers see a date millennia away.',
  us: 'In microseconds; a JWT uses seconds. Other readers see a date millennia away.',
  text: 'A number in quotes; a JWT uses a number. Some servers reject the token.',
  date: 'A date; a JWT uses seconds as a number. Some servers reject the token.',
  nothing: 'Not a valid time. Servers reject or ignore it.',
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
const MISTAKES_OF_MS = 'In seconds; this claim uses milliseconds.';

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
