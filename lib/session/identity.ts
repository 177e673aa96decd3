/** Who the customer of a session is, and snapshots for comparing two states of the session. */
import { fingerprint } from '../text/fingerprint';
import type { Moment } from './run';
import { type Customer, isUnread, type Session, type Stage, type TokenState } from './session';
import type { Identity } from './terms';

const SIGNED_IN_ORIGINS = new Set(['SYNERISE', 'OAUTH', 'FACEBOOK', 'GOOGLE', 'APPLE']);

/**
 * Who the customer is, with the evidence: from the SDK's getters where it has them, otherwise from the token's origin and
 * realm, otherwise `unknown`; never a guess.
 */
export function identityOf(customer: Customer, token: TokenState): { readonly identity: Identity; readonly evidence: string } {
  const facts = token.kind === 'known' && !token.stale ? token.facts : null;
  if ('identityHash' in customer.facts) return identityOnTheWeb(customer.facts, token);
  if (customer.signedIn) return { identity: 'signed-in', evidence: 'isSignedIn() = true' };
  if (customer.simpleAuth) return { identity: 'simple-auth', evidence: 'isSignedInViaSimpleAuthentication() = true' };
  // React Native's TokenOrigin has no INCOGNITO (facts §8).
  if (customer.facts['doNotTrack'] === true) return { identity: 'incognito', evidence: 'doNotTrack = true' };
  if (facts?.origin === 'INCOGNITO') return { identity: 'incognito', evidence: 'token origin = INCOGNITO' };
  if (customer.signedIn === false && customer.simpleAuth !== null) return { identity: 'anonymous', evidence: 'isSignedIn() = false' };
  if (facts?.origin === 'SIMPLE_AUTH') return { identity: 'simple-auth', evidence: 'token origin = SIMPLE_AUTH' };
  if (facts?.origin === 'ANONYMOUS') return { identity: 'anonymous', evidence: 'token origin = ANONYMOUS' };
  if (customer.signedIn === false) return { identity: 'anonymous', evidence: 'isSignedIn() = false' };
  if (facts?.origin && SIGNED_IN_ORIGINS.has(facts.origin)) return { identity: 'signed-in', evidence: `token origin = ${facts.origin}` };
  if (facts?.realm === 'client') return { identity: 'signed-in', evidence: 'token realm = client' };
  if (facts?.realm === 'anonymous_client') return { identity: 'anonymous', evidence: 'token realm = anonymous_client' };
  return { identity: 'unknown', evidence: 'not reported by SDK or token' };
}

/** The Web SDK has no sign-in. A site token implies one; an identity hash only shows who was recognized (facts §3.2, §3.4). */
function identityOnTheWeb(
  { identityHash: hash, doNotTrack }: Customer['facts'],
  token: TokenState,
): { readonly identity: Identity; readonly evidence: string } {
  if (token.kind === 'known') return { identity: 'signed-in', evidence: 'site JWT set' };
  if (doNotTrack === 'likely') return { identity: 'incognito', evidence: 'probably Do Not Track' };
  if (isUnread(token)) return { identity: 'unknown', evidence: 'token not read yet' };
  if (typeof hash !== 'string') return { identity: 'unknown', evidence: 'no identity hash and no token' };
  if (hash !== '') return { identity: 'unknown', evidence: `identity hash ${hash}, no token` };
  return { identity: 'anonymous', evidence: 'empty identity hash, no token' };
}

/** Snapshot of `stage`, for comparison. */
export function momentOf({ customer, token }: Pick<Extract<Stage, { phase: 'attached' }>, 'customer' | 'token'>): Moment {
  const facts = token.kind === 'known' ? token.facts : null;
  return {
    uuid: customer.uuid,
    identity: identityOf(customer, token).identity,
    token: facts && { fingerprint: fingerprint(facts.raw), origin: facts.origin, expiresAt: facts.expiresAt, clientId: facts.clientId },
  };
}

/** Snapshot of a session; `null` if no client is shown. */
export const momentNow = ({ stage }: Pick<Session, 'stage'>): Moment | null => (stage.phase === 'attached' ? momentOf(stage) : null);
