/** The dot before the customer's state. */
import { expect, it } from 'vitest';
import { dotOf } from '@/components/header/status';
import { newSession, type Session } from '@/lib/session/session';
import { client, customer, knownToken, MINUTE, noToken, T0 } from '../../fakes/make';

/** A signed-in customer whose UUID was found at `T0`. */
function signedIn(token: Extract<Session['stage'], { phase: 'attached' }>['token']): Session {
  const session = newSession(1, false, T0);
  return {
    ...session,
    stage: { phase: 'attached', client: client(), customer: customer({ signedIn: true }), token, activity: { kind: 'idle' } },
    history: {
      ...session.history,
      spans: {
        ...session.history.spans,
        uuid: { from: T0, value: 'u', after: T0, of: null, expiresAt: null, cause: { kind: 'first', sure: true, by: null, evidence: [] } },
      },
    },
  };
}

it.each([
  ['green once the token is known', knownToken(), T0, 'dot good-text'],
  ['hollow while “Reading token…” stands beside it', noToken, T0, 'dot hollow'],
  ['green if the SDK says nothing about a token for long', noToken, T0 + MINUTE, 'dot good-text'],
  ['green if the SDK reports that there is no token', { ...noToken, said: true } as const, T0, 'dot good-text'],
])('of a signed-in customer is %s', (_, token, now, dot) => {
  expect(dotOf(signedIn(token), now)).toBe(dot);
});
