import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { WireToken } from '../page/wire';
import { claimTime } from './claim-time';

/** A token and what is known about it. Times in epoch ms. */
export interface TokenFacts extends WireToken {
  /** `opaque`: the payload isn't readable JSON (a workspace may encrypt it, facts §2.5). */
  readonly kind: 'readable' | 'opaque';
  /** From the claim `ctd` (ms) or `iat` (s), in whatever format it is written. */
  readonly createdAt: number | null;
  /** From the claim `nbf` (s). */
  readonly notBefore: number | null;
  /** The expiry that the SDK reports. */
  readonly saidExpiresAt: number | null;
  /** The realm that the SDK reports. */
  readonly saidRealm?: string | null | undefined;
  /** Whether `exp` is in ms or µs instead of seconds (RFC 7519 §4.1.4). */
  readonly expInMs: boolean;
  /** The customer's UUID, from the claim `uuid`. */
  readonly uuid: string | null;
  /** Which customer it is for: the client ID, custom ID or email. */
  readonly whom: string | null;
}

/** Decoded parts of a JWT; `null` for a part that isn't readable. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>> | null;
  readonly claims: Readonly<Record<string, unknown>> | null;
}

/** How deeply claims may be nested; what lies deeper is left out. No token needs it, and a view could not draw it. */
const DEEPEST = 100;

const shallow = (value: unknown, left = DEEPEST): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (left === 0) return '…';
  if (Array.isArray(value)) return value.map((one) => shallow(one, left - 1));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shallow(one, left - 1)]));
};

const AROUND = new Set(' \t\r\n"\'`');

/** Strips spaces, quotes and the word Bearer from around a token. Runs in one pass, because a page can pass text of any length. */
export function bareToken(raw: string): string {
  let [from, to] = [0, raw.length];
  const skip = () => {
    while (from < to && AROUND.has(raw[from] ?? '')) from += 1;
  };
  skip();
  if (/^bearer\s/i.test(raw.slice(from, from + 7))) {
    from += 7;
    skip();
  }
  while (to > from && AROUND.has(raw[to - 1] ?? '')) to -= 1;
  return raw.slice(from, to);
}

/** Decodes a token without verifying its signature, ignoring what `bareToken` strips. Never throws. */
export function decodeToken(raw: string): DecodedToken {
  const bare = bareToken(raw);
  const attempt = (decode: () => object) => {
    try {
      return shallow(decode()) as Record<string, unknown>;
    } catch {
      return null;
    }
  };
  return { header: attempt(() => decodeProtectedHeader(bare)), claims: attempt(() => decodeJwt(bare)) };
}

/** Time (epoch ms) of `ctd`, `iat` or `nbf`; 0 and negative values count as missing. */
const since = (value: unknown): number | null => {
  const { at } = claimTime(value);
  return at !== null && at > 0 ? at : null;
};

const MAX_CLAIM = 200;
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' && value.length <= MAX_CLAIM ? value : null);

/** Combines what the SDK reports about a token with its claims; the `exp` claim takes precedence over the SDK's date. */
export function tokenFacts(token: WireToken): TokenFacts {
  const { claims } = decodeToken(token.raw);
  const exp = claimTime(claims?.['exp']);
  return {
    ...token,
    // React Native's Android bridge omits the realm (facts §1.3).
    saidRealm: token.realm,
    realm: token.realm ?? textOf(claims?.['rlm']),
    kind: claims ? 'readable' : 'opaque',
    expiresAt: exp.at ?? token.expiresAt,
    saidExpiresAt: token.expiresAt,
    expInMs: exp.written === 'ms' || exp.written === 'us',
    createdAt: since(claims?.['ctd']) ?? since(claims?.['iat']),
    notBefore: since(claims?.['nbf']),
    uuid: textOf(claims?.['uuid']),
    whom: token.clientId ?? token.customId ?? textOf(claims?.['email']),
  };
}

/** An anomaly in a token's times. `ms`: by how much they are off. */
export interface ClockNote {
  readonly kind: 'exp-in-ms' | 'sdk-disagrees' | 'not-yet-valid' | 'created-ahead' | 'long-lived' | 'ended-on-arrival';
  readonly ms: number;
}

/** Differences between two clocks up to this size are ignored (ms). */
const CLOCK_TOLERANCE = 5000;
const YEAR = 31_536_000_000;

/**
 * Compares the token's times, the expiry that the SDK reports, and this computer's clock (`now`, epoch ms).
 * `late`: the token had already expired when it was first read.
 */
export function clockNotes(
  { expiresAt, createdAt, notBefore, saidExpiresAt, expInMs }: Omit<TokenFacts, 'raw'>,
  { now, late }: { readonly now: number; readonly late: boolean },
): ClockNote[] {
  const disagrees = expiresAt !== null && saidExpiresAt !== null ? saidExpiresAt - expiresAt : 0;
  const from = createdAt ?? now;
  const notes: readonly (readonly [ClockNote['kind'], boolean, number])[] = [
    ['exp-in-ms', expInMs, 0],
    ['sdk-disagrees', Math.abs(disagrees) > CLOCK_TOLERANCE, disagrees],
    ['not-yet-valid', notBefore !== null && notBefore > now + CLOCK_TOLERANCE, (notBefore ?? 0) - now],
    ['created-ahead', createdAt !== null && createdAt > now + CLOCK_TOLERANCE, (createdAt ?? 0) - now],
    ['long-lived', expiresAt !== null && expiresAt - from > YEAR, (expiresAt ?? 0) - from],
    ['ended-on-arrival', late, now - (expiresAt ?? now)],
  ];
  return notes.flatMap(([kind, holds, ms]) => (holds ? [{ kind, ms }] : []));
}
