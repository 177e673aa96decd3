import { traitsOf } from '@/lib/sdk/dialects/names';
import { identityOf } from '@/lib/session/identity';
import { type Session, sdkOf } from '@/lib/session/session';
import type { Model } from '../state/model';
import { ACCESS_WORDS, IDENTITY_WORDS, PHASE_WORDS, STATE_WORDS } from '../state/words';
import { Chip, type Tone } from '../ui/parts';

export function Site({ session }: { session: Session | null }) {
  const origin = session?.tab.site ?? null;
  return (
    <span data-testid="site" class="site" title={origin === null ? undefined : `${origin}, reported by the page`}>
      {origin === null || origin === 'null' ? 'no site' : bare(origin)}
    </span>
  );
}

export function AccessChip({ session }: { session: Session | null }) {
  const access = session?.tab.access ?? 'none';
  return (
    <Chip tone={access === 'none' ? 'quiet' : 'info'} data-testid="access" data-access={access} title={ACCESS_WORDS[access].about}>
      {ACCESS_WORDS[access].label}
    </Chip>
  );
}

const TONES: Record<Session['stage']['phase'], Tone> = { unreachable: 'warn', searching: 'quiet', absent: 'quiet', attached: 'good' };

export function StateChip({ session }: { session: Session | null }) {
  const stage = session?.stage;
  const phase = stage?.phase ?? 'searching';
  const identity = stage?.phase === 'attached' ? identityOf(stage.customer, stage.token).identity : null;
  return (
    <Chip
      tone={identity === 'unknown' ? 'warn' : TONES[phase]}
      dot
      data-testid="session-state"
      data-phase={phase}
      data-identity={identity ?? 'unknown'}
      data-document={session?.page.document ?? undefined}
    >
      {identity ? IDENTITY_WORDS[identity] : PHASE_WORDS[phase]}
    </Chip>
  );
}

export function DialectLine({ session }: { session: Session | null }) {
  const client = session && sdkOf(session.stage);
  return (
    <span
      data-testid="dialect"
      class="dialect"
      data-dialect={client?.dialect}
      data-ready={client ? String(client.state === 'ready') : undefined}
    >
      {client && (
        <>
          <code>{client.place}</code>{' '}
          <span class="quiet">
            {traitsOf(client.dialect).label} {client.version ?? ''}
            {STATE_WORDS[client.state]}
          </span>
        </>
      )}
    </span>
  );
}

const bare = (origin: string) => origin.replace(/^https?:\/\//, '');

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
      aria-label={`Client, one of ${choices.length}`}
      value={shown}
      onChange={({ currentTarget: { value } }) => {
        const choice = choices.find((one) => one.value === value);
        if (choice) model.choose(choice.document, choice.client.ref);
      }}
    >
      {shown === '' && <option value="">choose a client</option>}
      {choices.map(({ value, client, origin: at, path, frame }) => (
        <option key={value} value={value}>
          {client.place} · {traitsOf(client.dialect).label}
          {frame !== null && ` · ${at === 'null' ? 'sandboxed ' : at === session.tab.site ? '' : bare(at)}${path}`}
        </option>
      ))}
    </select>
  );
}

const CONNECTION_WORDS = {
  connecting: 'Connecting to the extension…',
  connected: '',
  reconnecting: 'Reconnecting to the extension…',
  outdated: 'The extension was updated or removed.',
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
          Reload this view
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
      {session.page.silence.message} What is shown is what was known before.
    </div>
  );
}
