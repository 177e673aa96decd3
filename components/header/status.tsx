// Imported here, not in empty-state.tsx: that chunk would have to wait for its own style sheet.
import './empty-state.css';
import { tokenStatus } from '@/lib/jwt/token-status';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { identityOf } from '@/lib/session/identity';
import { holderOf, isUnread, type Session, sdkOf } from '@/lib/session/session';
import type { Model } from '../state/model';
import { IDENTITY_WORDS, PHASE_WORDS, placeWords, STATE_WORDS } from '../state/words';

export function Site({ session }: { session: Session | null }) {
  const origin = session?.tab.site ?? null;
  return (
    <span data-testid="site" class="site cut-off" title={origin === null ? undefined : `${origin}, reported by the page`}>
      {origin === null || origin === 'null' ? '—' : bare(origin)}
    </span>
  );
}

/** How long the identity of a customer who was just found waits for the first token (ms): a starting SDK isn't asked at once (facts §8). */
const FIRST_READ = 3000;

/** Whether the first token is still to be read, and will be soon: until then, only the UUID is certain. */
function isFirstRead({ stage, history }: Session, now: number): boolean {
  const { uuid } = history.spans;
  return stage.phase === 'attached' && isUnread(stage.token) && uuid?.cause.kind === 'first' && now - uuid.from < FIRST_READ;
}

/** The classes of the dot before the customer's state: how good the session is. @param now epoch ms */
export function dotOf(session: Session | null, now: number): string {
  if (session?.stage.phase !== 'attached') return session?.stage.phase === 'unreachable' ? 'dot hollow warn-text' : 'dot hollow';
  const { stage, policy, tokenRefresh } = session;
  const facts = stage.token.kind === 'known' ? stage.token.facts : null;
  const status = facts && tokenStatus(facts, now, policy.lead);
  if (status === 'expired') return 'dot bad-text';
  if (status === 'near-expiry' || tokenRefresh.tries > 0) return 'dot alert-text';
  const { identity } = identityOf(stage.customer, stage.token);
  return !isFirstRead(session, now) && (identity === 'signed-in' || identity === 'simple-auth') ? 'dot good-text' : 'dot hollow';
}

/** Who the customer is, in a word, or why there is none. */
export function State({ model, session }: { model: Model; session: Session | null }) {
  const stage = session?.stage;
  const phase = stage?.phase ?? 'searching';
  const isReading = session !== null && isFirstRead(session, model.now.value);
  const holder = stage && holderOf(stage);
  const identity = holder && !isReading ? identityOf(holder.customer, holder.token).identity : null;
  return (
    <span
      class="state"
      data-testid="session-state"
      data-phase={phase}
      data-identity={identity ?? 'unknown'}
      data-document={session?.page.document ?? undefined}
    >
      <span class={dotOf(session, model.now.value)} aria-hidden="true" />
      {identity ? IDENTITY_WORDS[identity] : isReading ? 'Reading token…' : phaseWords(stage)}
    </span>
  );
}

/** Why there is no customer. */
function phaseWords(stage: Session['stage'] | undefined): string {
  // A bridge has none.
  if (stage?.phase === 'attached') return traitsOf(stage.client.dialect).label;
  if (stage?.phase === 'unreachable' && stage.problem.code === 'disconnected') return 'Connecting…';
  return PHASE_WORDS[stage?.phase ?? 'searching'];
}

/** The SDK shown, with its version; a menu of all SDKs of the tab where there are several. */
export function Sdk({ model, session }: { model: Model; session: Session | null }) {
  const client = session && sdkOf(session.stage);
  return (
    <>
      <span
        data-testid="dialect"
        class="sdk"
        data-dialect={client?.dialect}
        data-ready={client ? String(client.state === 'ready') : undefined}
        title={client ? `Found at ${client.place}` : undefined}
      >
        {client && (
          <>
            {`${traitsOf(client.dialect).label} ${client.version ?? ''}${STATE_WORDS[client.state]}`}{' '}
            <code class="quiet">{client.place}</code>
          </>
        )}
      </span>
      {session && <ClientSelect model={model} session={session} />}
    </>
  );
}

const bare = (origin: string) => origin.replace(/^(https?|app):\/\//, '');

/** Selects one of the tab's clients; renders nothing if there is only one. */
export function ClientSelect({ model, session }: { model: Model; session: Session }) {
  const {
    stage,
    tab: { listing },
    page: { document, clients },
    visit: { origin },
  } = session;
  const documents = [
    ...(document === null
      ? []
      : [{ document, origin: origin ?? '', path: session.page.path, frame: session.tab.target?.frame ?? null, clients }]),
    ...listing.filter((one) => one.document !== document),
  ];
  const choices = documents.flatMap((one) =>
    one.clients.filter(({ state }) => state === 'ready').map((client) => ({ ...one, client, value: `${one.document} ${client.ref}` })),
  );
  if (choices.length < 2) return null;
  const shown = stage.phase === 'attached' ? `${document} ${stage.client.ref}` : '';
  return (
    <select
      data-testid="client-select"
      class="client"
      aria-label={`SDK instance (${choices.length} on this page)`}
      title={`${choices.length} SDK instances on this page`}
      value={shown}
      onChange={({ currentTarget: { value } }) => {
        const choice = choices.find((one) => one.value === value);
        if (choice) model.choose(choice.document, choice.client.ref);
      }}
    >
      {shown === '' && <option value="">Select an SDK instance</option>}
      {choices.map(({ value, client, origin: at, path, frame }) => (
        <option key={value} value={value}>
          {client.place} · {traitsOf(client.dialect).label}
          {frame !== null && ` · ${placeOf(at, path, session.tab.site)}`}
        </option>
      ))}
    </select>
  );
}

/** Where a frame's document is: its path, after the origin unless it is the site's own. */
function placeOf(origin: string, path: string, site: string | null): string {
  // A document in the frame's own markup has no origin that shows, sandboxed or not.
  if (origin === site || path === 'srcdoc') return path;
  return `${origin === 'null' ? 'sandboxed ' : bare(origin)}${path}`;
}

const CONNECTION_WORDS = {
  connecting: 'Connecting to the extension…',
  connected: '',
  reconnecting: 'Reconnecting to the extension…',
  outdated: 'Extension updated or removed.',
} as const;

/** A connection problem, with the button that helps; empty without a problem. */
export function ConnectionLine({ model }: { model: Model }) {
  const connection = model.connection.value;
  return (
    <div
      data-testid="connection"
      data-connection={connection}
      class={`banner ${connection === 'connected' ? 'empty' : ''} ${connection === 'outdated' ? 'warn' : 'late'}`}
      role={connection === 'outdated' ? 'alert' : 'status'}
    >
      {CONNECTION_WORDS[connection]}
      {connection === 'outdated' && (
        <button type="button" class="small" onClick={() => location.reload()}>
          Reload
        </button>
      )}
    </div>
  );
}

/** Why the page doesn't answer; renders nothing if it does. */
export function SilenceLine({ session }: { session: Session }) {
  if (!session.page.silence) return null;
  return (
    <div class="banner warn" role="alert">
      {placeWords(session.page.silence.message, session.tab.site)}
      {session.stage.phase !== 'searching' && ' Showing the last known state.'}
    </div>
  );
}
