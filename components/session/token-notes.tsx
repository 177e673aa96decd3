/** What is unusual about a token: clocks, formats, origin. */
import { useMemo } from 'preact/hooks';
import { claimTime } from '@/lib/jwt/claim-time';
import { bareToken, clockNotes, type DecodedToken, type TokenFacts } from '@/lib/jwt/token';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { type Session, sdkOf } from '@/lib/session/session';
import { about } from '../ui/format';
import { CLOCK_WORDS, EXP_WORDS } from './token-words';

export function TokenNotes({
  facts,
  decoded,
  session,
  now,
  stale,
}: {
  facts: TokenFacts;
  decoded: DecodedToken;
  session: Session;
  now: number;
  /** The UUID changed since the token was read. */
  stale: boolean;
}) {
  // Not on every tick of the countdown.
  const isWrapped = useMemo(() => bareToken(facts.raw) !== facts.raw, [facts.raw]);
  const written = EXP_WORDS[claimTime(decoded.claims?.['exp']).written];
  const origin = decoded.claims?.['origin'];
  const claimed = typeof origin === 'string' ? origin : null;
  const sdk = sdkOf(session.stage);
  const ofTheSite = sdk !== null && traitsOf(sdk.dialect).tokenBy === 'site';
  return (
    <>
      {stale && <p class="warn-text">Read before the UUID changed; may belong to the previous customer.</p>}
      {facts.kind === 'opaque' && (
        <p class={ofTheSite ? 'warn-text' : 'quiet'}>
          {ofTheSite
            ? 'The site’s token isn’t a JWT: the server rejects it.'
            : 'Can’t decode this token (probably encrypted). Origin and expiry come from the SDK.'}
        </p>
      )}
      {clockNotes(facts, { now, late: session.tokenRefresh.late }).map(({ kind, ms }) => (
        <p key={kind} class="warn-text" data-testid="clock-note" data-note={kind}>
          {CLOCK_WORDS[kind](about(ms), ms)}
        </p>
      ))}
      {written && (
        <p class="warn-text" data-testid="clock-note" data-note="exp-written">
          {written}
        </p>
      )}
      {isWrapped && <p class="warn-text">Quotes, spaces or “Bearer” around the token: the SDK sends them too. Ignored here.</p>}
      {facts.origin === 'UNKNOWN' && claimed !== null && claimed !== 'UNKNOWN' && (
        <p class="warn-text">SDK reports UNKNOWN; the token’s origin claim is {claimed} (known React Native Android bug).</p>
      )}
    </>
  );
}
