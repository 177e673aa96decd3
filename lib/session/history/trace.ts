/** Keeps the generations of a session: notes each change of UUID, token and identity with its cause, and what ended. */

import { fingerprint } from '../../text/fingerprint';
import type { Attached, Effect, Transition } from '../events';
import { identityOf, type Session, type Stage } from '../session';
import type { Cause } from './cause';
import { type Clues, causeOf, firstSeen, makerOf, type Peer, signerOf } from './causes';
import type { Entry, RecentCall, Seen, Span } from './history';
import { noted } from './noted';

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
  for (const { nth, at: from, ...ended } of next.justEnded) {
    note({ kind: 'operation', at: from, ...ended }, nth);
    const answer = next.last?.id === ended.key ? next.last.answer : null;
    if (answer) {
      const { value, error } = answer;
      effects.push({ type: 'detail', key: ended.key, detail: { call: error ? { error } : { value } } });
    }
  }
  if (next.justEnded.length) next = { ...next, justEnded: [] };
  for (const { key, at: from, does, told, endedAt, ok } of callsThatEnded(before, next))
    note({ kind: 'call', key, at: from, does, told, endedAt, ok });
  for (const change of jarChanges(before.jar, next.jar)) note({ kind: 'storage', at, ...change, of: holds(change, next.spans.uuid, at) });
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
    const clues = old && was ? { ...cluesOf(before, next, was, after, peers, at), what, from: old, to: value, uuidCause } : null;
    const cause = clues ? causeOf(clues) : firstSeen(whereFirst(next));
    const maker = clues && makerOf(cause, clues);
    // What came with the UUID came of what made the UUID.
    const of = maker ?? (uuidCause && cause.by !== null && cause.by === uuidCause.by ? (next.spans.uuid?.of ?? null) : null);
    const made = { value, from: at, after: Math.max(old?.from ?? 0, next.unseenSince ?? at), cause, of, expiresAt };
    next = { ...next, spans: { ...next.spans, [what]: made } };
    return made;
  };
  const { uuid } = stage.customer;
  const ofUuid = uuid === null ? null : begin('uuid', { value: uuid, expiresAt: null }, null);
  if (ofUuid) note({ kind: 'uuid', at, uuid: ofUuid.value, after: ofUuid.after, cause: ofUuid.cause, of: ofUuid.of });
  const mark = markOf(stage);
  const ofToken = mark && begin('token', mark, uuidCauseOf(next.spans));
  if (ofToken) {
    const { origin = null, createdAt = null, uuid: named = null, whom = null } = stage.token.kind === 'known' ? stage.token.facts : {};
    const { value, expiresAt, after: since, cause, of } = ofToken;
    note({ kind: 'token', at, fingerprint: value, origin, uuid: named, whom, createdAt, expiresAt, after: since, cause, of });
  }
  if (was && was.identity !== after.identity && was.identity !== 'unknown' && after.identity !== 'unknown') {
    const out = signedOut(next, was, after, at);
    const of = ofToken?.of ?? ofUuid?.of ?? signerOf(cluesOf(before, next, was, after, peers, at));
    note({ kind: 'identity', at, identity: after.identity, before: was.identity, reason: out?.reason ?? null, of });
    next = { ...next, signedOut: out };
  }
  if (was)
    for (const change of keptChanges(was, after, next.jar !== null))
      note({ kind: 'storage', at, ...change, of: holds(change, ofUuid, at) });
  // The SDK's reason may come with the token's reading, after the getters.
  const reason = stage.token.trouble?.message;
  if (next.signedOut?.expired && next.signedOut.reason === null && reason !== undefined)
    next = { ...next, signedOut: { ...next.signedOut, reason } };
  // What is not known yet is not compared with.
  const seen = { ...after, identity: after.identity === 'unknown' ? (was?.identity ?? 'unknown') : after.identity };
  if (!was || JSON.stringify({ ...was, at: 0 }) !== JSON.stringify({ ...seen, at: 0 })) next = { ...next, seen };
  return { session: next, effects };
}

/** A value of a cookie or of Web Storage is noted so far (characters). */
const MAX_VALUE = 120;
const shortened = (value: string | undefined): string | null =>
  value === undefined ? null : value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value;

type Kept = Pick<Extract<Entry, { kind: 'storage' }>, 'area' | 'name' | 'before' | 'value'>;

/** What the SDK keeps in the browser that differs between two readings. Of cookies of one name (two domains) the first counts: it is what the SDK reads. */
function keptChanges(was: Seen, is: Seen, byBrowser: boolean): Kept[] {
  if (was.cookies === is.cookies && was.stored === is.stored) return [];
  // What the browser itself tells of cookies is more.
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

/** Cookies that the browser tells, as they come, change and go: each on its place, those too that script does not see. */
function jarChanges(was: Session['jar'], is: Session['jar']): Kept[] {
  if (!was || !is || was === is) return [];
  const placed = (jar: NonNullable<Session['jar']>) => new Map(jar.map((one) => [`${one.name} ${one.domain} ${one.path}`, one]));
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

/** What made the UUID also made the change that holds it, which the browser tells a moment later; nothing else is known to have. */
const holds = ({ value }: Kept, uuid: Span | null, at: number): string | null =>
  uuid && at - uuid.from <= SHORTLY && value?.includes(uuid.value) ? uuid.of : null;

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

/** It ended, or is waited for no more. */
const isOver = ({ endedAt, silent }: RecentCall): boolean => endedAt !== null || silent === true;

const callsThatEnded = (before: Session, next: Session): readonly RecentCall[] =>
  before.calls === next.calls
    ? []
    : next.calls.filter(
        // One that was waited for in vain, and answered after all, is told again.
        (call) => isOver(call) && !before.calls.some((one) => one.key === call.key && isOver(one) && one.endedAt === call.endedAt),
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
