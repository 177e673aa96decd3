/** How far a token's life is. Apart from decoding, which small views don't need. */
import type { TokenFacts } from './token';

export type TokenStatus = 'valid' | 'near-expiry' | 'expired';

/**
 * Status of a token at `now` (epoch ms) with a warning time of `lead` (ms); `null` if its expiry is unknown.
 * `near-expiry` ⇔ 0 < exp − now ≤ lead; `expired` ⇔ exp ≤ now.
 */
export function tokenStatus(token: Pick<TokenFacts, 'expiresAt'>, now: number, lead: number): TokenStatus | null {
  if (token.expiresAt === null) return null;
  const left = token.expiresAt - now;
  return left <= 0 ? 'expired' : left <= lead ? 'near-expiry' : 'valid';
}
