import { useMemo } from 'preact/hooks';
import { claimTime } from '@/lib/jwt/claim-time';
import { type DecodedToken, decodeToken } from '@/lib/jwt/token';
import { tokenStatus } from '@/lib/jwt/token-status';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { isUnread, type Session, type TokenState } from '@/lib/session/session';
import type { Model } from '../state/model';
import { Card, Fact, Pre, Time } from '../ui/cards';
import { about, clock, pretty } from '../ui/format';
import type { Tone } from '../ui/parts';
import { ChangedBy } from './cause';
import { Countdown, Life } from './life';
import { RawToken } from './raw-token';
import { TokenNotes } from './token-notes';
import { originWords, STATUS_WORDS } from './token-words';

type Attached = Extract<Session['stage'], { phase: 'attached' }>;
type Status = keyof typeof STATUS_WORDS;

/** The status in a word. @param isEndless neither the token nor the SDK has an expiry */
function statusWord(status: Status, exp: unknown, isEndless: boolean, ofTheSite: boolean): readonly [string, Tone] {
  // Site tokens are never encrypted: an unreadable one isn't a JWT.
  if (status === 'opaque' && ofTheSite) return ['Not a JWT', 'bad'];
  if (status !== 'valid' || !isEndless) return STATUS_WORDS[status];
  return claimTime(exp).written === 'nothing' ? ['Unreadable expiry', 'bad'] : ['No expiry', 'info'];
}

/** The customer's token and its remaining life. */
export function TokenPane({
  model,
  session,
  stage,
  hasRaw = true,
}: {
  model: Model;
  session: Session;
  stage: Attached;
  /** Whether the token itself is shown here. */
  hasRaw?: boolean;
}) {
  const { token } = stage;
  const now = model.now.value;
  const { lead } = session.policy;
  const facts = token.kind === 'known' ? token.facts : null;
  // Not on every tick of the countdown.
  const decoded = useMemo(() => facts && decodeToken(facts.raw), [facts?.raw]);
  const life = facts && tokenStatus(facts, now, lead);
  const status: Status = !facts ? 'none' : facts.kind === 'opaque' ? 'opaque' : (life ?? 'valid');
  const ofTheSite = traitsOf(stage.client.dialect).tokenBy === 'site';
  const [word, tone] = statusWord(status, decoded?.claims?.['exp'], life === null, ofTheSite);
  const over = status === 'opaque' && life && life !== 'valid' ? STATUS_WORDS[life] : null;
  const span = session.history.spans.token;
  return (
    <div data-testid="token" data-token={status} data-read={String(!isUnread(token))}>
      <Card
        title="Token"
        aside={
          <span class="chips">
            {over && <strong class={`${over[1]}-text`}>{over[0]}</strong>}
            <strong class={`${tone}-text`}>{word}</strong>
            <button type="button" class="link" title="Get UUID and token from the SDK again" onClick={() => model.readAgain()}>
              Reload
            </button>
          </span>
        }
      >
        {facts && decoded ? (
          <>
            <dl>
              <div class="fact">
                <dt>Expires</dt>
                <dd class="values">
                  <Countdown facts={facts} lead={lead} now={now} />
                  <Life facts={facts} lead={lead} now={now} />
                  {facts.expiresAt !== null && (
                    <span class="quiet">
                      <Time at={facts.expiresAt} data-testid="token-expiry">
                        {clock(facts.expiresAt, now)}
                      </Time>
                    </span>
                  )}
                </dd>
              </div>
              <Fact name="Origin">
                <span title="Token origin reported by the SDK">{originWords(facts.origin, ofTheSite ? 'site' : 'sdk')}</span>
              </Fact>
              {!ofTheSite && <Fact name="Realm">{facts.realm ?? <span class="quiet">none</span>}</Fact>}
              {facts.clientId !== null && <Fact name="Client ID">{facts.clientId}</Fact>}
              {facts.customId !== null && <Fact name="Custom ID">{facts.customId}</Fact>}
              {facts.createdAt !== null && (
                <Fact name="Issued">
                  <Time at={facts.createdAt}>{clock(facts.createdAt, now)}</Time>
                </Fact>
              )}
              {facts.nearExpiry !== null && <Fact name="isNearExpiry">{String(facts.nearExpiry)}</Fact>}
              {span && span.value !== '' && (
                <Fact name="Changed by">
                  <ChangedBy cause={span.cause} />
                </Fact>
              )}
              {/* Keyed by the token, so that a new one is masked again. */}
              {hasRaw && <RawToken key={facts.raw} raw={facts.raw} />}
            </dl>
            <TokenNotes facts={facts} decoded={decoded} session={session} now={now} stale={token.kind === 'known' && token.stale} />
          </>
        ) : (
          <NoToken token={token} />
        )}
        {token.kind === 'known' && token.trouble && (
          <p class="trouble">
            Last read failed{token.trouble.code !== undefined && ` (${token.trouble.code})`}: {token.trouble.message} Showing the previous
            token.
          </p>
        )}
        {facts && <RefreshState session={session} now={now} />}
        {decoded && <Claims decoded={decoded} />}
      </Card>
    </div>
  );
}

function RefreshState({ session: { tokenRefresh }, now }: { session: Session; now: number }) {
  if (tokenRefresh.tries === 0) return null;
  return (
    <p class="trouble" data-testid="tokenRefresh">
      Auto-refresh failed {tokenRefresh.tries === 1 ? 'once' : `${tokenRefresh.tries} times`}
      {tokenRefresh.problem && `: ${tokenRefresh.problem.message}`}{' '}
      {tokenRefresh.nextAt === null
        ? 'Not retrying: an expired token can’t be refreshed.'
        : `Retrying ${tokenRefresh.nextAt > now ? `in ${about(tokenRefresh.nextAt - now)}` : 'now'}.`}
    </p>
  );
}

function NoToken({ token }: { token: TokenState }) {
  const { trouble } = token;
  if (token.kind === 'none' && token.said) return <p class="quiet">No token set by the site.</p>;
  if (trouble)
    return (
      <p class="trouble">
        Couldn’t get a token{trouble.code !== undefined && ` (${trouble.code})`}: {trouble.message}
      </p>
    );
  return <p class="quiet">Reading token…</p>;
}

function Claims({ decoded: { header, claims } }: { decoded: DecodedToken }) {
  return (
    <details class="claims" data-testid="token-claims">
      <summary>Decoded token</summary>
      {header || claims ? (
        <>
          <h3>Header</h3>
          <Pre>{header ? pretty(header) : 'can’t decode'}</Pre>
          <h3>Claims</h3>
          <Pre>{claims ? pretty(claims) : 'can’t decode'}</Pre>
          <p class="quiet">Signature not verified.</p>
        </>
      ) : (
        <p class="quiet">Can’t decode header or claims.</p>
      )}
    </details>
  );
}
