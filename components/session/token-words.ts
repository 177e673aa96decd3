/** The words of a token's state. */
import type { Written } from '@/lib/jwt/claim-time';
import type { ClockNote } from '@/lib/jwt/token';
import type { TokenState } from '@/lib/session/session';
import type { Tone } from '../ui/parts';

const NO_ORIGIN = { sdk: 'no origin', site: 'Site JWT' } as const;

/** @param by who gives the SDK its token: it names a token that has no origin */
export const originWords = (origin: string | null, by: keyof typeof NO_ORIGIN = 'site'): string => origin ?? NO_ORIGIN[by];

/** Shown instead of a token that isn't known. */
export const missingWords = (token: TokenState): string =>
  token.kind === 'none' && token.said ? 'none' : token.trouble ? 'unreadable' : 'reading…';

export const STATUS_WORDS = {
  none: ['No token', 'quiet'],
  valid: ['Valid', 'good'],
  'near-expiry': ['Expires soon', 'warn'],
  expired: ['Expired', 'bad'],
  opaque: ['Opaque', 'info'],
} as const satisfies Record<string, readonly [string, Tone]>;

/** Explanations of unusual token times; `by`: the difference, in words. */
export const CLOCK_WORDS: Record<ClockNote['kind'], (by: string, ms: number) => string> = {
  'exp-in-ms': () => 'exp is in milliseconds (should be seconds). Shown as milliseconds; the SDK may read a date millennia away.',
  'sdk-disagrees': (by, ms) => `SDK expiry is ${by} ${ms > 0 ? 'later' : 'earlier'} than the token’s exp. Showing exp.`,
  'not-yet-valid': (by) => `Not valid for another ${by} (nbf).`,
  'created-ahead': (by) => `Issued ${by} in the future: server and local clocks differ. It will expire earlier on the server.`,
  'long-lived': (by) => `Lifetime is ${by}. Intended?`,
  'ended-on-arrival': (by) => `Already expired when first read (${by} earlier): clock skew, or the SDK kept a stale token.`,
};

/** Explanations of unusual formats of `exp`, other than a different unit. */
export const EXP_WORDS: Readonly<Partial<Record<Written, string>>> = {
  text: 'exp is a number in quotes (should be a number). Some servers reject it. Shown as that number.',
  date: 'exp is a date (should be seconds). Some servers reject it. Shown as that date.',
  nothing: 'exp isn’t a valid time: servers reject the token, or never let it expire.',
};
