import { type SdkState, sdkFactsOf } from '@/lib/session/sdk-setup';
import type { Session } from '@/lib/session/session';
import { setupText } from '@/lib/session/setup-words';
import type { Model } from '../state/model';
import { placeWords } from '../state/words';
import { Card, Fact, Time } from '../ui/cards';
import { clock } from '../ui/format';
import { Chip, type Tone } from '../ui/parts';

const TONES: Readonly<Record<SdkState, Tone>> = {
  ready: 'good',
  loading: 'quiet',
  'not-initialized': 'warn',
  stalled: 'bad',
  blocked: 'bad',
  'waiting-for-consent': 'warn',
  'out-of-reach': 'warn',
  'not-started': 'warn',
};

/** The SDK's state, how it was loaded, and its init options. Renders nothing without an SDK. */
export function SdkCard({ model, session }: { model: Model; session: Session }) {
  const facts = sdkFactsOf(session);
  const told = setupText(facts);
  if (!told) return null;
  const {
    stage,
    tab: { captured },
  } = session;
  const { sdk: client } = facts;
  const { isWeb } = told.setup;
  const request = captured.at(-1);
  const now = model.now.value;
  return (
    // Placed last in the popup, where actions come first.
    <div data-testid="sdk-card" style={{ order: 1 }}>
      <Card
        title="SDK"
        aside={
          <Chip tone={TONES[told.setup.state]} dot data-testid="sdk-state" data-state={told.setup.state}>
            {told.label}
          </Chip>
        }
      >
        <dl>
          {client && (
            <>
              <Fact name={isWeb ? 'Namespace' : 'Found at'}>
                <code>{client.place}</code>
              </Fact>
              <Fact name="Version">{client.version ?? <span class="quiet">not reported by the SDK</span>}</Fact>
            </>
          )}
          {told.rows.map(([name, value]) => (
            <Fact key={name} name={name} wide>
              {placeWords(value, session.tab.site)}
            </Fact>
          ))}
          {isWeb && stage.phase === 'attached' && (
            <Fact name="Site token" wide>
              {siteTokenText(stage.token, now)}
            </Fact>
          )}
          {isWeb && told.setup.state !== 'loading' && (
            <Fact name="Cookies" wide>
              {cookieText(stage.phase === 'attached' ? stage.customer.cookies : session.page.cookies)}
            </Fact>
          )}
          {request && (
            <Fact name="Requests" wide>
              {captured.length} seen · last: {request.method} <code>{request.path}</code>{' '}
              {request.status ?? request.problem ?? 'no answer so far'} at <Time at={request.at}>{clock(request.at, now)}</Time>
            </Fact>
          )}
        </dl>
      </Card>
    </div>
  );
}

function siteTokenText(token: Extract<Session['stage'], { phase: 'attached' }>['token'], now: number): string {
  if (token.kind === 'none') return token.said ? 'none set' : 'not read so far';
  const { expiresAt } = token.facts;
  if (expiresAt === null) return 'set, with no readable expiry';
  return expiresAt <= now ? `expired at ${clock(expiresAt, now)}` : `set, valid until ${clock(expiresAt, now)}`;
}

const cookieText = (cookies: readonly string[]): string =>
  cookies.length ? [...new Set(cookies.map((cookie) => cookie.split('=')[0]))].join(', ') : 'none readable by script';
