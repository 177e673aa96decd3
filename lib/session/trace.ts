/** Keeps the generations of a session: notes each change of UUID, token and identity with its cause, and what ended. */
import { type Cause, type Clues, causeOf, firstSeen, type Peer } from './causes';
import type { Attached, Effect, Transition } from './events';
import { type Entry, noted, type RecentCall, type Seen, type Span } from './history';
import { fingerprint, identityOf, type Session, type Stage } from './session';

/** So long after its end an operation may still change the session (ms): longer where its answer never came. */
const SHORTLY = 3000;
const MUCH_LATER = 15_000;
/** Facts §3.3: the Web SDK keeps the UUID in it. */
const KEEPER = '_snrs_uuid=';

/** The session with what changed since `before` noted. */
export function trace(before: Session, session: Session, peers: readonly Peer[], at: number): Transition {
  const effects: Effect[] = [];
  let next = session;
  const note = (entry: Entry, nth = next.nth) => {
    const made = noted(next, nth, entry);
    next = made.session;
    effects.push({ type: 'note', entry: made.entry });
  };
  for (const { nth, at: from, ...ended } of next.justEnded) note({ kind: 'operation', at: from, ...ended }, nth);
  if (next.justEnded.length) next = { ...next, justEnded: [] };
  for (const { at: from, does, told, endedAt, ok } of callsThatEnded(before, next))
    note({ kind: 'call', at: from, does, told, endedAt, ok });
  const { entered } = next;
  if (entered && entered.loaded !== next.boundary) {
    if (next.boundary !== null) note({ kind: 'document', at, path: entered.path, by: entered.by });
    next = { ...next, boundary: entered.loaded };
  }
  const { stage } = next;
  // A client that was just attached tells nothing yet.
  if (stage.phase !== 'attached' || (stage.customer.uuid === null && stage.customer.trouble === null)) return { session: next, effects };

  const was = next.seen;
  const after = seenOf(next, stage, at);
  const begin = (what: 'uuid' | 'token', { value, expiresAt }: Mark, uuidCause: Cause | null): Span | null => {
    const old = next.spans[what];
    if (old?.value === value) return null;
    const cause =
      !old || !was
        ? firstSeen(whereFirst(next))
        : causeOf({ ...cluesOf(before, next, was, after, peers, at), what, from: old, to: value, uuidCause });
    const made = { value, from: at, after: Math.max(old?.from ?? 0, next.unseenSince ?? at), cause, expiresAt };
    next = { ...next, spans: { ...next.spans, [what]: made } };
    return made;
  };
  const { uuid } = stage.customer;
  const ofUuid = uuid === null ? null : begin('uuid', { value: uuid, expiresAt: null }, null);
  if (ofUuid) note({ kind: 'uuid', at, uuid: ofUuid.value, after: ofUuid.after, cause: ofUuid.cause });
  const mark = markOf(stage);
  const ofToken = mark && begin('token', mark, uuidCauseOf(next.spans));
  if (ofToken) {
    const { origin = null, createdAt = null } = stage.token.kind === 'known' ? stage.token.facts : {};
    const { value, expiresAt, after: since, cause } = ofToken;
    note({ kind: 'token', at, fingerprint: value, origin, createdAt, expiresAt, after: since, cause });
  }
  if (was && was.identity !== after.identity && was.identity !== 'unknown' && after.identity !== 'unknown') {
    const out = signedOut(next, was, after, at);
    note({ kind: 'identity', at, identity: after.identity, before: was.identity, reason: out?.reason ?? null });
    next = { ...next, signedOut: out };
  }
  // The SDK's reason may come with the token's reading, after the getters.
  const reason = stage.token.trouble?.message;
  if (next.signedOut?.expired && next.signedOut.reason === null && reason !== undefined)
    next = { ...next, signedOut: { ...next.signedOut, reason } };
  // What is not known yet is not compared with.
  const seen = { ...after, identity: after.identity === 'unknown' ? (was?.identity ?? 'unknown') : after.identity };
  if (!was || JSON.stringify({ ...was, at: 0 }) !== JSON.stringify({ ...seen, at: 0 })) next = { ...next, seen };
  return { session: next, effects };
}

type Mark = Pick<Span, 'value' | 'expiresAt'>;

/** What the changes of one reading have in common. */
function cluesOf(
  before: Session,
  session: Session,
  was: Seen,
  after: Seen,
  peers: readonly Peer[],
  at: number,
): Omit<Clues, 'what' | 'from' | 'to' | 'uuidCause'> {
  const { calls, document, entered, cookieNews, unseenSince, stage } = session;
  return {
    at,
    run: runOf(before.stage) ?? runOf(stage) ?? justRun(session, at),
    calls,
    document,
    web: stage.phase === 'attached' && stage.client.dialect === 'web',
    before: was,
    after,
    newDocument: was.document !== after.document,
    entered: entered?.path ?? '',
    cookieNews,
    peers,
    unseenSince,
    askedAt: before.upkeep.askedAt,
    signedOut: session.signedOut,
    unobserved: stage.phase === 'attached' ? stage.client.unobserved : [],
  };
}

function seenOf({ document, seen }: Session, { customer, token }: Attached, at: number): Seen {
  const { facts, cookies } = customer;
  const keptUuid = cookies.some((cookie) => cookie.startsWith(KEEPER));
  return { document, identity: identityOf(customer, token).identity, facts, cookies, keptUuid: keptUuid || (seen?.keptUuid ?? false), at };
}

/** The token's mark; `null` while nothing certain is known of it. */
function markOf({ token }: Attached): Mark | null {
  if (token.kind === 'known') return token.stale ? null : { value: fingerprint(token.facts.raw), expiresAt: token.facts.expiresAt };
  return token.said ? { value: '', expiresAt: null } : null;
}

/** Why the UUID changed since the token was first seen; `null` where it did not. */
const uuidCauseOf = ({ uuid, token }: Session['spans']): Cause | null =>
  uuid && token && uuid.cause.kind !== 'first' && uuid.from >= token.from ? uuid.cause : null;

/** The operation under way; `sure` where the page has it in hand and nothing says that it failed. */
function runOf(stage: Stage): Clues['run'] {
  if (stage.phase !== 'attached' || stage.activity.kind === 'idle') return null;
  const { activity } = stage;
  const sure = activity.kind === 'running' ? activity.started : ['success', 'deadline'].includes(activity.answer.how);
  return { ...activity.run, sure };
}

function justRun({ lastRun }: Session, at: number): Clues['run'] {
  if (!lastRun || at - lastRun.endedAt > (lastRun.answered ? SHORTLY : MUCH_LATER)) return null;
  return { ...lastRun, aim: null, sure: false };
}

const callsThatEnded = (before: Session, next: Session): readonly RecentCall[] =>
  before.calls === next.calls
    ? []
    : next.calls.filter(
        (call) =>
          call.endedAt !== null &&
          !before.calls.some((one) => one.document === call.document && one.call === call.call && one.endedAt !== null),
      );

const whereFirst = ({ nth, documents }: Session): string[] => [
  nth === 0 && documents <= 1 ? 'It was there when the inspector first looked at this tab.' : 'It was there when this session began.',
];

function signedOut({ signedOut: told, spans }: Session, was: Seen, after: Seen, at: number): Session['signedOut'] {
  if (after.identity === 'signed-in') return null;
  if (was.identity !== 'signed-in') return told;
  const expired = told?.reason === 'SESSION_EXPIRATION' || (spans.token?.expiresAt != null && spans.token.expiresAt <= at);
  return { at, expired, reason: told?.reason ?? null };
}
