/** Manual token check: its content, and whether a key signed it. The token never leaves the machine. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { type Claim, cleanToken, explainClaims, type Life, lifeOf } from '@/lib/jwt/claims';
import { decodeToken } from '@/lib/jwt/token';
import type { Verification } from '@/lib/jwt/verify';
import { Card, Fact, Pre, Time } from '../ui/cards';
import { clock, pretty, about as roughly } from '../ui/format';
import { Chip, type Tone } from '../ui/parts';

export function CheckToken({ held, now }: { held: string | null; now: number }) {
  const pasted = useSignal('');
  const shows = useSignal(false);
  const key = useSignal('');
  const result = useSignal<Verification | 'busy' | 'gone' | null>(null);
  // The view renders every second.
  const { token, notes, header, claims } = useMemo(() => {
    const clean = cleanToken(pasted.value);
    const decoded = decodeToken(clean.token);
    return { ...clean, header: decoded.header, claims: decoded.claims && explainClaims(decoded.claims) };
  }, [pasted.value]);
  const life = claims && lifeOf(claims, now);
  const change = (set: (value: string) => void) => (event: { currentTarget: { value: string } }) => {
    set(event.currentTarget.value);
    result.value = null;
  };
  const verify = async () => {
    result.value = 'busy';
    const asked = [pasted.value, key.value] as const;
    // After an update of the extension, its old chunks are gone.
    const verified = await import('@/lib/jwt/verify').then(({ verifyToken }) => verifyToken(token, asked[1])).catch(() => 'gone' as const);
    // Ignore the result if the input has changed meanwhile.
    if (pasted.value === asked[0] && key.value === asked[1] && result.value === 'busy') result.value = verified;
  };
  return (
    <Card title="Token decoder">
      <p class="quiet">Paste a token or use the current one. Everything stays on this machine.</p>
      <div class="field">
        <label for="check-token">Token</label>
        <textarea
          id="check-token"
          data-testid="check-token"
          class={shows.value ? undefined : 'veiled'}
          rows={3}
          spellcheck={false}
          autocomplete="off"
          value={pasted.value}
          onInput={change((value) => {
            pasted.value = value;
          })}
        />
      </div>
      <div class="line">
        <button
          type="button"
          class="small"
          data-testid="check-token-held"
          disabled={held === null}
          title={held === null ? 'No current token' : undefined}
          onClick={() => {
            pasted.value = held ?? '';
            result.value = null;
          }}
        >
          Use current token
        </button>
        {pasted.value !== '' && (
          <button type="button" class="small" aria-pressed={shows.value} onClick={() => (shows.value = !shows.value)}>
            {shows.value ? 'Hide' : 'Show'}
          </button>
        )}
        {pasted.value !== '' && (
          <button
            type="button"
            class="small"
            onClick={() => {
              pasted.value = '';
              result.value = null;
            }}
          >
            Clear
          </button>
        )}
      </div>
      {token !== '' && !header && !claims && (
        <p class="warn-text">{token.split('.').length === 5 ? 'Encrypted token (JWE).' : 'Not a valid JWT, or an encrypted one.'}</p>
      )}
      {header && (
        <dl data-testid="check-header">
          <Fact name="Header" wide>
            <code>{JSON.stringify(header)}</code>
          </Fact>
        </dl>
      )}
      {life && (
        <p class="line" data-testid="check-life" data-life={life.is}>
          <Chip tone={LIFE[life.is]} dot>
            {lifeWords(life)}
          </Chip>
          {'at' in life && <Time at={life.at}>{clock(life.at, now)}</Time>}
        </p>
      )}
      {claims && <Claims claims={claims} now={now} />}
      {header && !claims && <p class="warn-text">Can’t decode the payload (probably encrypted).</p>}
      <div class="field">
        <label for="check-key">Public key, certificate or JWK set</label>
        <textarea
          id="check-key"
          data-testid="check-key"
          rows={3}
          spellcheck={false}
          placeholder="-----BEGIN PUBLIC KEY-----"
          value={key.value}
          onInput={change((value) => {
            key.value = value;
          })}
        />
        <small class="quiet">Web SDK: your workspace certificate (RS256). API: /v4/public.pem (RS512).</small>
      </div>
      <div class="line">
        <button
          type="button"
          class="primary"
          data-testid="verify-token"
          disabled={token === '' || key.value.trim() === ''}
          onClick={() => void verify()}
        >
          Verify signature
        </button>
        {result.value === 'busy' && <span class="quiet">checking…</span>}
      </div>
      <div role="status">
        {result.value === 'gone' && <p class="warn-text">Couldn’t load the verifier. Close and reopen this panel.</p>}
        {result.value !== null && typeof result.value === 'object' && <Verified result={result.value} life={life} />}
        {notes.map((note) => (
          <p key={note} class="quiet">
            {note}
          </p>
        ))}
      </div>
    </Card>
  );
}

const LIFE: Readonly<Record<Life['is'], Tone>> = { ended: 'bad', valid: 'good', early: 'warn', endless: 'info', unknown: 'warn' };

function lifeWords(life: Life): string {
  switch (life.is) {
    case 'ended':
      return `Expired ${roughly(life.ms)} ago`;
    case 'valid':
      return `Expires in ${roughly(life.ms)}`;
    case 'early':
      return `Not valid for another ${roughly(life.ms)} (nbf)`;
    case 'endless':
      return 'No expiry (exp)';
    case 'unknown':
      return 'Invalid expiry (exp)';
  }
}

function Verified({ result, life }: { result: Verification; life: Life | null }) {
  return (
    <div data-testid="verification" data-fits={String(result.fits)} data-why={result.fits ? undefined : result.why}>
      <p class="line">
        <Chip tone={result.fits ? 'good' : 'bad'} dot>
          {result.fits ? 'Signature valid' : 'Signature invalid'}
        </Chip>
        <span>{result.fits ? `${result.algorithm}, ${result.key}` : result.words}</span>
      </p>
      {result.notes.map((note) => (
        <p key={note} class="warn-text">
          {note}
        </p>
      ))}
      {result.fits && (
        <p class="quiet">Signed with this key. Expiry is checked separately{life && `: ${lifeWords(life).toLowerCase()}`}.</p>
      )}
    </div>
  );
}

function Claims({ claims, now }: { claims: readonly Claim[]; now: number }) {
  return (
    <dl class="claims" data-testid="check-claims">
      {claims.map(({ name, value, about, instant, mistake }) => (
        <div key={name} class="claim">
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            {typeof value === 'object' && value !== null ? <Pre>{pretty(value)}</Pre> : <code>{String(value)}</code>}
            {instant !== null && (
              <span class="quiet">
                {' '}
                · <Time at={instant}>{clock(instant, now)}</Time>,{' '}
                {instant > now ? `in ${roughly(instant - now)}` : `${roughly(now - instant)} ago`}
              </span>
            )}
            <p class="quiet">{about ?? 'Unknown claim'}</p>
            {mistake !== null && <p class="warn-text">{mistake}</p>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
