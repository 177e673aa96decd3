import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { claimTime, type Written } from '@/lib/jwt/claim-time';
import { bareToken, type ClockNote, clockNotes, type DecodedToken, decodeToken, type TokenFacts, tokenStatus } from '@/lib/jwt/token';
import { tableOf } from '@/lib/sdk/dialects';
import { traitsOf } from '@/lib/sdk/dialects/names';
import type { Session, TokenState } from '@/lib/session/session';
import type { Model } from '../state/model';
import { about, clock, countdown } from '../ui/format';
import { Card, Chip, CopyButton, Fact, Pre, Switch, Time, type Tone } from '../ui/parts';
import { CauseLine } from './cause';
import { LifeBar } from './life-bar';

type Attached = Extract<Session['stage'], { phase: 'attached' }>;

/** Explanations of unusual token times; `by`: the difference, in words. */
const CLOCK_WORDS: Record<ClockNote['kind'], (by: string, ms: number) => string> = {
  'exp-in-ms': () =>
    'Its exp is in milliseconds or finer, where a JWT has seconds: the SDK may take it for thousands of years. It is read as what it is here.',
  'sdk-disagrees': (by, ms) =>
    `The SDK says that it ends ${by} ${ms > 0 ? 'later' : 'earlier'} than the token itself does. The token's own exp is shown.`,
  'not-yet-valid': (by) => `Not valid yet: it becomes so in ${by}.`,
  'created-ahead': (by) =>
    `It was created ${by} in the future: the clocks of server and computer differ, so it ends sooner for the server than is shown here.`,
  'long-lived': (by) => `It lives for ${by}, more than a year: is that meant?`,
  'ended-on-arrival': (by) =>
    `It had already ended when it was first read (${by} ago): a clock may be wrong, or the SDK kept an old token.`,
};

/** Explanations of unusual formats of `exp`, other than a different unit. */
const EXP_WORDS: Readonly<Partial<Record<Written, string>>> = {
  text: 'Its exp is a number written as text, where a JWT has a number: some servers refuse the token. It is read as that number here.',
  date: 'Its exp is a date, where a JWT has a number of seconds: some servers refuse the token. It is read as that date here.',
  nothing: 'Its exp is no time: a server refuses the token, or never lets it end.',
};

const STATUS = {
  none: ['No token', 'quiet'],
  valid: ['Valid', 'good'],
  'near-expiry': ['Expires soon', 'warn'],
  expired: ['Expired', 'bad'],
  opaque: ['Encrypted', 'info'],
} as const satisfies Record<string, readonly [string, Tone]>;

/** The chip's label and tone. @param isEndless neither the token nor the SDK has an expiry */
function chipOf(status: keyof typeof STATUS, exp: unknown, isEndless: boolean, ofTheSite: boolean): readonly [string, Tone] {
  // Site tokens are never encrypted: an unreadable one isn't a JWT.
  if (status === 'opaque' && ofTheSite) return ['No JWT', 'bad'];
  if (status !== 'valid' || !isEndless) return STATUS[status];
  return claimTime(exp).written === 'nothing' ? ['Unreadable expiry', 'bad'] : ['No expiry', 'info'];
}

/** The customer's token and its remaining lifetime. */
export function TokenCard({ model, session, stage }: { model: Model; session: Session; stage: Attached }) {
  const { token } = stage;
  const now = model.now.value;
  const facts = token.kind === 'known' ? token.facts : null;
  // Not on every tick of the countdown.
  const decoded = useMemo(() => facts && decodeToken(facts.raw), [facts?.raw]);
  const life = facts && tokenStatus(facts, now, session.policy.lead);
  const status = !facts ? 'none' : facts.kind === 'opaque' ? 'opaque' : (life ?? 'valid');
  const [label, tone] = chipOf(status, decoded?.claims?.['exp'], life === null, traitsOf(stage.client.dialect).tokenBy === 'site');
  return (
    <div
      data-testid="token"
      data-token={status}
      data-read={String(facts !== null || token.trouble !== null || (token.kind === 'none' && token.said))}
    >
      <Card
        title="Token"
        aside={
          <span class="chips">
            {status === 'opaque' && life && life !== 'valid' && <Chip tone={STATUS[life][1]}>{STATUS[life][0]}</Chip>}
            <Chip tone={tone} dot>
              {label}
            </Chip>
          </span>
        }
      >
        {facts && decoded ? (
          <Known facts={facts} decoded={decoded} model={model} session={session} stale={token.kind === 'known' && token.stale} />
        ) : (
          <NoToken token={token} />
        )}
        {token.kind === 'known' && token.trouble && (
          <p class="trouble">
            The last reading failed{token.trouble.code !== undefined && ` (code ${token.trouble.code})`}: {token.trouble.message} This is
            the token known before.
          </p>
        )}
        {facts && <TokenRefresh model={model} session={session} stage={stage} />}
        <div class="line foot">
          {decoded && <Claims decoded={decoded} />}
          <button type="button" class="link" onClick={() => model.readAgain()}>
            Read again
          </button>
        </div>
      </Card>
    </div>
  );
}

/** The token's automatic refresh: its state, and the switch for it. */
function TokenRefresh({ model, session, stage }: { model: Model; session: Session; stage: Attached }) {
  const {
    tokenRefresh,
    policy: { autoRefresh },
    tab: { access },
  } = session;
  const now = model.now.value;
  const { incognito } = session.tab;
  const ofTheSite = tableOf(stage.client.dialect)?.bindings.refreshToken?.kind !== 'native';
  const span = session.history.spans.token;
  return (
    <>
      {span && span.value !== '' && (
        <dl>
          <Fact name="Since" wide>
            <Time at={span.from}>{clock(span.from, now)}</Time> <CauseLine cause={span.cause} />
          </Fact>
        </dl>
      )}
      <div class="line">
        <Switch
          testid="auto-refresh"
          on={autoRefresh && !ofTheSite}
          disabled={ofTheSite || incognito}
          title={
            incognito && !ofTheSite
              ? 'This is a setting, and of incognito nothing is kept on disk.'
              : ofTheSite
                ? 'Only the site itself can renew this token: it is warned of only.'
                : "Calls the SDK's own refreshToken in the last stretch before the token ends."
          }
          toggle={() => model.autoRefresh(!autoRefresh)}
        >
          Refresh before it ends
        </Switch>
        {autoRefresh && !ofTheSite && access !== 'watched' && (
          <span class="quiet">
            {access === 'visit' ? 'Until the tab leaves this site' : 'While this panel is open'}: watch the site for longer.
          </span>
        )}
      </div>
      {tokenRefresh.tries > 0 && (
        <p class="trouble" data-testid="tokenRefresh">
          Refreshing failed {tokenRefresh.tries === 1 ? 'once' : `${tokenRefresh.tries} times`}
          {tokenRefresh.problem && `: ${tokenRefresh.problem.message}`}{' '}
          {tokenRefresh.nextAt === null
            ? 'It is not tried again: an ended token cannot be refreshed.'
            : `It is tried again ${tokenRefresh.nextAt > now ? `in ${about(tokenRefresh.nextAt - now)}` : 'now'}.`}
        </p>
      )}
    </>
  );
}

function NoToken({ token }: { token: TokenState }) {
  const { trouble } = token;
  if (token.kind === 'none' && token.said)
    return <p class="quiet">The site has given the SDK no token: nobody is signed in, or the site uses none.</p>;
  if (trouble) {
    return (
      <p class="trouble">
        The SDK gave no token{trouble.code !== undefined && ` (code ${trouble.code})`}: {trouble.message}
      </p>
    );
  }
  return <p class="quiet">The token is being read.</p>;
}

function Known({
  facts,
  decoded,
  model,
  session,
  stale,
}: {
  facts: TokenFacts;
  decoded: DecodedToken;
  model: Model;
  session: Session;
  stale: boolean;
}) {
  const now = model.now.value;
  const { expiresAt, createdAt } = facts;
  // Not on every tick of the countdown.
  const isWrapped = useMemo(() => bareToken(facts.raw) !== facts.raw, [facts.raw]);
  const written = EXP_WORDS[claimTime(decoded.claims?.['exp']).written];
  const origin = decoded.claims?.['origin'];
  const claimed = typeof origin === 'string' ? origin : null;
  const ofTheSite = session.stage.phase === 'attached' && traitsOf(session.stage.client.dialect).tokenBy === 'site';
  return (
    <>
      <div class="line life">
        {expiresAt === null ? (
          <span class="quiet">No expiry is known.</span>
        ) : (
          <span>
            <strong
              data-testid="token-countdown"
              class="countdown"
              role="timer"
              aria-label={expiresAt > now ? `${about(expiresAt - now)} left` : 'expired'}
            >
              {expiresAt > now ? countdown(expiresAt - now) : '0:00'}
            </strong>{' '}
            <span class="quiet">
              {expiresAt > now ? 'left · expires ' : `expired ${about(now - expiresAt)} ago · `}
              <Time at={expiresAt} data-testid="token-expiry">
                {clock(expiresAt, now)}
              </Time>
            </span>
          </span>
        )}
        <span
          data-testid="token-origin"
          data-origin={facts.origin ?? ''}
          class="chip info"
          title="Where the token comes from, as the SDK says"
        >
          {facts.origin ?? (ofTheSite ? "the site's own" : 'no origin')}
        </span>
      </div>
      {expiresAt !== null && <LifeBar createdAt={createdAt} expiresAt={expiresAt} lead={session.policy.lead} now={now} />}
      {stale && <p class="warn-text">The UUID changed since this token was read; it may belong to the customer before.</p>}
      {facts.kind === 'opaque' && (
        <p class={ofTheSite ? 'warn-text' : 'quiet'}>
          {ofTheSite
            ? 'The site’s token is no JWT: the server refuses it.'
            : 'Its content cannot be read: the workspace may encrypt it. Origin and expiry are what the SDK says.'}
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
      {isWrapped && (
        <p class="warn-text">
          The token has quotes, spaces or the word Bearer around it: the SDK sends them too. It is read without them here.
        </p>
      )}
      {facts.origin === 'UNKNOWN' && claimed !== null && claimed !== 'UNKNOWN' && (
        <p class="warn-text">The SDK says UNKNOWN, the token itself says {claimed}; React Native's Android bridge, for one, loses it.</p>
      )}
      <dl>
        {!ofTheSite && <Fact name="Realm">{facts.realm ?? <span class="quiet">not given</span>}</Fact>}
        {facts.clientId !== null && <Fact name="Client id">{facts.clientId}</Fact>}
        {facts.nearExpiry !== null && <Fact name="Near expiry">{facts.nearExpiry ? 'yes' : 'no'}, says the SDK</Fact>}
        {facts.customId !== null && <Fact name="Custom id">{facts.customId}</Fact>}
        {createdAt !== null && (
          <Fact name="Created">
            <Time at={createdAt}>{clock(createdAt, now)}</Time>
          </Fact>
        )}
        {/* Keyed by the token, so that a new one is masked again. */}
        <RawToken key={facts.raw} raw={facts.raw} />
      </dl>
    </>
  );
}

function RawToken({ raw }: { raw: string }) {
  const revealed = useSignal(false);
  return (
    <Fact name="Raw" wide>
      <span class="raw">
        <code data-testid="token-raw" data-masked={String(!revealed.value)} class={revealed.value ? 'revealed' : ''}>
          {revealed.value ? raw : `${raw.startsWith('eyJ') ? raw.slice(0, 6) : ''}••••••••`}
        </code>
        <span class="buttons">
          <button
            type="button"
            class="small"
            data-testid="reveal-token"
            aria-pressed={revealed.value}
            onClick={() => {
              revealed.value = !revealed.value;
            }}
          >
            {revealed.value ? 'Hide' : 'Reveal'}
          </button>
          <CopyButton data-testid="copy-token" what="the token" text={() => raw} />
        </span>
      </span>
    </Fact>
  );
}

function Claims({ decoded: { header, claims } }: { decoded: DecodedToken }) {
  return (
    <details class="claims" data-testid="token-claims">
      <summary>Header and claims</summary>
      {header || claims ? (
        <>
          <h3>Header</h3>
          <Pre>{header ? JSON.stringify(header, null, 2) : 'not readable'}</Pre>
          <h3>Claims</h3>
          <Pre>{claims ? JSON.stringify(claims, null, 2) : 'not readable'}</Pre>
          <p class="quiet">Reported by the page; the signature is not checked.</p>
        </>
      ) : (
        <p class="quiet">Neither header nor claims can be read.</p>
      )}
    </details>
  );
}
