/** Maintains a session's generations: notes each change of UUID, token and identity with its cause, and what else happened. */

import { traitsOf } from '../../sdk/dialects/names';
import { fingerprint } from '../../text/fingerprint';
import { isSame } from '../../text/same';
import type { Attached, Effect, Transition } from '../events';
import { identityOf } from '../identity';
import { type Session, type Stage, underWay, withPart } from '../session';
import type { Cause } from './cause';
import { type Clues, causeOf, firstSeen, makerOf, type Peer, signerOf } from './causes';
import type { Entry, RecentCall, Seen, Span } from './history';
import { numbered } from './numbering';

/** How long after it ended an operation may still change the session (ms): longer if its answer never came. */
const SHORTLY = 3000;
const MUCH_LATER = 15_000;
/** Facts §3.3: the Web SDK stores the UUID in this cookie. */
const KEEPER = '_snrs_uuid=';

/** Notes what changed since `before` as numbered entries. */
export function withGenerations(before: Session, session: Session, peers: readonly Peer[], at: number): Transition {
  const effects: Effect[] = [];
  let next = session;
  const note = (entry: Entry, nth = next.history.nth) => {
    const made = numbered(next, nth, entry);
    next = made.session;
    effects.push({ type: 'note', entry: made.entry });
  };
  const unnoted = next.runs.ended.filter((run) => !run.noted);
  for (const { id: key, operation, by, at: from, endedAt, verdict, nth, result } of unnoted) {
    note({ kind: 'operation', key, operation, by, at: from, endedAt, verdict }, nth);
    const { value, error } = result?.answer ?? {};
    if (result?.answer) effects.push({ type: 'detail', key, detail: { call: error ? { error } : { value: value ?? null } } });
  }
  if (unnoted.length) next = withPart(next, 'runs', { ended: next.runs.ended.map((run) => (run.noted ? run : { ...run, noted: true })) });
  for (const { key, at: from, does, told, endedAt, ok } of callsThatEnded(before, next))
    note({ kind: 'call', key, at: from, does, told, endedAt, ok });
  for (const change of jarChanges(before.visit.jar, next.visit.jar))
    note({ kind: 'storage', at, ...change, of: holds(change, next.history.spans.uuid, at) });
  const { entered } = next.visit;
  if (entered && entered.loaded !== next.visit.boundary) {
    if (next.visit.boundary !== null) note({ kind: 'document', at, path: entered.path, by: entered.by });
    next = withPart(next, 'visit', { boundary: entered.loaded });
  }
  const { stage } = next;
  // A client that was just attached has not been read yet.
  if (stage.phase !== 'attached' || (stage.customer.uuid === null && stage.customer.trouble === null)) return { session: next, effects };

  const was = next.history.seen;
  const after = seenOf(next, stage, at);
  const begin = (what: 'uuid' | 'token', { value, expiresAt }: Mark, uuidCause: Cause | null): Span | null => {
    const old = next.history.spans[what];
    if (old?.value === value) return null;
    const clues = old && was ? { ...cluesOf(before, next, was, after, peers, at), what, from: old, to: value, uuidCause } : null;
    const cause = clues ? causeOf(clues) : firstSeen(whereFirst(next));
    const maker = clues && makerOf(cause, clues);
    // A token that changed together with the UUID has the same maker as the UUID.
    const of = maker ?? (uuidCause && cause.by !== null && cause.by === uuidCause.by ? (next.history.spans.uuid?.of ?? null) : null);
    const made = { value, from: at, after: Math.max(old?.from ?? 0, next.visit.unseenSince ?? at), cause, of, expiresAt };
    next = withPart(next, 'history', { spans: { ...next.history.spans, [what]: made } });
    return made;
  };
  const { uuid } = stage.customer;
  const ofUuid = uuid === null ? null : begin('uuid', { value: uuid, expiresAt: null }, null);
  if (ofUuid) note({ kind: 'uuid', at, uuid: ofUuid.value, after: ofUuid.after, cause: ofUuid.cause, of: ofUuid.of });
  const mark = markOf(stage);
  const ofToken = mark && begin('token', mark, uuidCauseOf(next.history.spans));
  if (ofToken) {
    const { origin = null, createdAt = null, uuid: named = null, whom = null } = stage.token.kind === 'known' ? stage.token.facts : {};
    const { value, expiresAt, after: since, cause, of } = ofToken;
    note({ kind: 'token', at, fingerprint: value, origin, uuid: named, whom, createdAt, expiresAt, after: since, cause, of });
  }
  if (was && was.identity !== after.identity && was.identity !== 'unknown' && after.identity !== 'unknown') {
    const out = signedOut(next, was, after, at);
    const of = ofToken?.of ?? ofUuid?.of ?? signerOf(cluesOf(before, next, was, after, peers, at));
    note({ kind: 'identity', at, identity: after.identity, before: was.identity, reason: out?.reason ?? null, of });
    next = withPart(next, 'history', { signedOut: out });
  }
  if (was)
    for (const change of keptChanges(was, after, next.visit.jar !== null))
      note({ kind: 'storage', at, ...change, of: holds(change, ofUuid, at) });
  // The SDK may report the reason only when the token is read, after the getters.
  const reason = stage.token.trouble?.message;
  if (next.history.signedOut?.expired && next.history.signedOut.reason === null && reason !== undefined)
    next = withPart(next, 'history', { signedOut: { ...next.history.signedOut, reason } });
  // While the identity is unknown, keep the last known one for the next comparison.
  const seen = { ...after, identity: after.identity === 'unknown' ? (was?.identity ?? 'unknown') : after.identity };
  if (!was || !isSame({ ...was, at: 0 }, { ...seen, at: 0 })) next = withPart(next, 'history', { seen });
  return { session: next, effects };
}

/** How much of a cookie or Web Storage value is kept in an entry (characters). */
const MAX_VALUE = 120;
const shortened = (value: string | undefined): string | null =>
  value === undefined ? null : value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value;

type Kept = Pick<Extract<Entry, { kind: 'storage' }>, 'area' | 'name' | 'before' | 'value'>;

/**
 * Differences between two readings in what the SDK stores in the browser. Of cookies with the same name (on two domains) the
 * first counts: the SDK reads that one.
 */
function keptChanges(was: Seen, is: Seen, byBrowser: boolean): Kept[] {
  if (was.cookies === is.cookies && was.stored === is.stored) return [];
  // The browser's own cookie store is more complete (`jarChanges`).
  const [before, after] = [was, is].map((seen) => keptOf(byBrowser ? { ...seen, cookies: [] } : seen)) as [
    Map<string, string>,
    Map<string, string>,
  ];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((place) => {
    const [old, value] = [before.get(place), after.get(place)];
    const [area = '', name = ''] = split(place, ':');
    return old === value ? [] : [{ area: area as Kept['area'], name, before: shortened(old), value: shortened(value) }];
  });
}

/** Changes in the browser's cookie store, by name, domain and path; includes cookies that scripts can't read. */
function jarChanges(was: Session['visit']['jar'], is: Session['visit']['jar']): Kept[] {
  if (!was || !is || was === is) return [];
  const placed = (jar: NonNullable<Session['visit']['jar']>) => new Map(jar.map((one) => [`${one.name} ${one.domain} ${one.path}`, one]));
  const [before, after] = [placed(was), placed(is)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((place) => {
    const [old, now] = [before.get(place), after.get(place)];
    const name = (now ?? old)?.name ?? '';
    return old?.value === now?.value ? [] : [{ area: 'cookie', name, before: shortened(old?.value), value: shortened(now?.value) }];
  });
}

const split = (text: string, by: string): [string, string] => {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
};
const keptOf = ({ cookies, stored }: Seen): Map<string, string> =>
  new Map([...cookies.map((cookie) => `cookie:${cookie}`), ...stored].reverse().map((pair) => split(pair, '=')));

/** The maker of a storage change: a change to a value with the new UUID has the UUID's maker, even if it is reported a little later. */
const holds = ({ value }: Kept, uuid: Span | null, at: number): string | null =>
  uuid && at - uuid.from <= SHORTLY && value?.includes(uuid.value) ? uuid.of : null;

type Mark = Pick<Span, 'value' | 'expiresAt'>;

/** The clues that all changes of one reading have in common. */
function cluesOf(
  before: Session,
  session: Session,
  was: Seen,
  after: Seen,
  peers: readonly Peer[],
  at: number,
): Omit<Clues, 'what' | 'from' | 'to' | 'uuidCause'> {
  const {
    stage,
    history: { calls },
    page: { document },
    visit: { entered, cookieNews, unseenSince },
  } = session;
  return {
    at,
    run: runOf(before.stage) ?? runOf(stage) ?? justRun(session, at),
    calls,
    document,
    web: stage.phase === 'attached' && traitsOf(stage.client.dialect).onWeb,
    before: was,
    after,
    newDocument: was.document !== after.document,
    entered: entered?.path ?? '',
    cookieNews,
    peers,
    unseenSince,
    askedAt: before.tokenRefresh.askedAt,
    signedOut: session.history.signedOut,
    unobserved: stage.phase === 'attached' ? stage.client.unobserved : [],
  };
}

function seenOf({ page: { document }, history: { seen } }: Session, { customer, token }: Attached, at: number): Seen {
  const { facts, cookies, stored } = customer;
  const keptUuid = cookies.some((cookie) => cookie.startsWith(KEEPER));
  return {
    document,
    identity: identityOf(customer, token).identity,
    facts,
    cookies,
    stored,
    keptUuid: keptUuid || (seen?.keptUuid ?? false),
    at,
  };
}

/** The token's fingerprint and expiry; `null` while nothing certain is known about it. */
function markOf({ token }: Attached): Mark | null {
  if (token.kind === 'known') return token.stale ? null : { value: fingerprint(token.facts.raw), expiresAt: token.facts.expiresAt };
  return token.said ? { value: '', expiresAt: null } : null;
}

/** Why the UUID changed since the token was first seen; `null` if it did not. */
const uuidCauseOf = ({ uuid, token }: Session['history']['spans']): Cause | null =>
  uuid && token && uuid.cause.kind !== 'first' && uuid.from >= token.from ? uuid.cause : null;

/** The operation in progress; `sure` if the page is running it and nothing indicates that it failed. */
function runOf(stage: Stage): Clues['run'] {
  const activity = underWay(stage);
  if (!activity) return null;
  const sure = activity.kind === 'running' ? activity.started : ['success', 'deadline'].includes(activity.answer.how);
  return { ...activity.run, sure };
}

function justRun({ runs, history }: Session, at: number): Clues['run'] {
  const lastRun = runs.ended.at(-1);
  if (!lastRun || lastRun.nth !== history.nth || at - lastRun.endedAt > (lastRun.answered ? SHORTLY : MUCH_LATER)) return null;
  return { ...lastRun, aim: null, sure: false };
}

/** Whether a call has ended, or is no longer awaited. */
const isOver = ({ endedAt, silent }: RecentCall): boolean => endedAt !== null || silent === true;

const callsThatEnded = (before: Session, next: Session): readonly RecentCall[] =>
  before.history.calls === next.history.calls
    ? []
    : next.history.calls.filter(
        // A call that timed out and was answered after all is noted again.
        (call) => isOver(call) && !before.history.calls.some((one) => one.key === call.key && isOver(one) && one.endedAt === call.endedAt),
      );

const whereFirst = ({ history: { nth, documents } }: Session): string[] => [
  nth === 0 && documents <= 1 ? 'Present when the inspector first read this tab.' : 'Present when this session began.',
];

function signedOut({ history: { signedOut: told, spans } }: Session, was: Seen, after: Seen, at: number): Session['history']['signedOut'] {
  if (after.identity === 'signed-in') return null;
  if (was.identity !== 'signed-in') return told;
  const expired = told?.reason === 'SESSION_EXPIRATION' || (spans.token?.expiresAt != null && spans.token.expiresAt <= at);
  return { at, expired, reason: told?.reason ?? null };
}
