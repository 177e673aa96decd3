import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { WireToken } from '../sdk/wire';

/** A token and what is known of it. Instants in epoch ms. */
export interface TokenFacts extends WireToken {
  /** `opaque`: the payload is not readable JSON (a workspace may encrypt it, facts §2.5). */
  readonly kind: 'readable' | 'opaque';
  /** From the token's own `ctd` (ms) or `iat` (s). */
  readonly createdAt: number | null;
  /** From the token's own `nbf` (s). */
  readonly notBefore: number | null;
}

export type TokenStatus = 'valid' | 'near-expiry' | 'expired';

/** Decoded parts of a JWT; `null` for a part that is not readable. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>> | null;
  readonly claims: Readonly<Record<string, unknown>> | null;
}

/** Decodes without checking any signature. Never throws. */
export function decodeToken(raw: string): DecodedToken {
  const attempt = (decode: () => object) => {
    try {
      return decode() as Record<string, unknown>;
    } catch {
      return null;
    }
  };
  return { header: attempt(() => decodeProtectedHeader(raw)), claims: attempt(() => decodeJwt(raw)) };
}

const instant = (value: unknown, unit: number): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 && value * unit < 8.64e15 ? Math.round(value * unit) : null;

/** Joins what the SDK says of a token with what the token says itself; the token's own `exp` wins over the SDK's date. */
export function tokenFacts(token: WireToken): TokenFacts {
  const { claims } = decodeToken(token.raw);
  return {
    ...token,
    kind: claims ? 'readable' : 'opaque',
    expiresAt: instant(claims?.['exp'], 1000) ?? token.expiresAt,
    createdAt: instant(claims?.['ctd'], 1) ?? instant(claims?.['iat'], 1000),
    notBefore: instant(claims?.['nbf'], 1000),
  };
}

/**
 * Where a token stands in its life at `now` (epoch ms) with `lead` (ms) of warning; `null` where no expiry is known.
 * `near-expiry` ⇔ 0 < exp − now ≤ lead; `expired` ⇔ exp ≤ now.
 */
export function tokenStatus(token: Pick<TokenFacts, 'expiresAt'>, now: number, lead: number): TokenStatus | null {
  if (token.expiresAt === null) return null;
  const left = token.expiresAt - now;
  return left <= 0 ? 'expired' : left <= lead ? 'near-expiry' : 'valid';
}
