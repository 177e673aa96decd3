/** Refresh policy for a session's token: when its alarm is due, what it does, the badge and the notifications. Pure; times in epoch ms. */

import type { TokenFacts } from '../jwt/token';
import { tokenStatus } from '../jwt/token-status';
import { tableOf } from '../sdk/dialects';
import { fingerprint } from '../text/fingerprint';
import type { Peer } from './history/causes';
import type { Problem } from './problem';
import { type Badge, NO_TOKEN_REFRESH, type Notice, type Session, type TokenRefresh, underWay } from './session';
import type { Verdict } from './terms';

/** Pause before a failed refresh is retried (ms): doubles with each failure, up to five minutes. */
const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 300_000;
/** While another tab is refreshing the same token, or the client is busy, the token is checked again after this long (ms). */
const ASIDE = 3000;
/** An alarm whose reading got no answer is repeated after this long (ms): the worker may have died in the meantime. */
export const UNANSWERED = 30_000;

export const knownToken = ({ stage }: Pick<Session, 'stage'>): TokenFacts | null =>
  stage.phase === 'attached' && stage.token.kind === 'known' ? stage.token.facts : null;

/** Whether this session's token can be refreshed by its alarm, and is configured to be. */
export function refreshes({ stage, policy: { autoRefresh }, tab: { access, asleep } }: Session): boolean {
  if (!autoRefresh || access === 'none' || asleep !== null || stage.phase !== 'attached') return false;
  const { client } = stage;
  return tableOf(client.dialect)?.bindings.refreshToken?.kind === 'native' && !client.missing.includes('refreshToken');
}

/** `session` with a new refresh state if its token has changed. */
export function followToken(session: Session, at: number): Session {
  const facts = knownToken(session);
  const token = facts && fingerprint(facts.raw);
  if (token === null || token === session.tokenRefresh.token) return session;
  const late = facts?.expiresAt != null && facts.expiresAt <= at;
  return { ...session, tokenRefresh: { ...NO_TOKEN_REFRESH, token, late } };
}

/**
 * When the alarm is due (epoch ms); `null` without a known expiry in the future. It is due at the expiry minus the lead, then
 * during the warning time as often as refreshing or the badge's countdown needs it, and at the expiry itself.
 */
export function alarmFor(session: Session, at: number): number | null {
  const {
    tokenRefresh,
    policy: { lead },
    tab: { asleep, closedAt },
  } = session;
  const expiresAt = knownToken(session)?.expiresAt ?? null;
  if (expiresAt === null || expiresAt <= at || asleep !== null || closedAt !== null) return null;
  if (tokenRefresh.askedAt !== null) return Math.min(expiresAt, Math.max(at, tokenRefresh.askedAt + UNANSWERED));
  const early = expiresAt - lead;
  if (early > at) return early;
  if (!refreshes(session)) return nextMinute(expiresAt, at);
  // A refresh is in progress, or no more retries are planned.
  if (isRefreshing(session) || (tokenRefresh.tries > 0 && tokenRefresh.nextAt === null)) return expiresAt;
  return Math.min(expiresAt, Math.max(at, tokenRefresh.nextAt ?? dueAt(session)));
}

/** Whether an alarm only updates the badge: the token was read in its warning time and isn't refreshed automatically. */
export const isCounting = (session: Session, at: number): boolean =>
  session.tokenRefresh.warned &&
  session.tokenRefresh.askedAt === null &&
  !refreshes(session) &&
  (knownToken(session)?.expiresAt ?? at) > at;

/** When the number of minutes left, which the badge shows, next decreases. */
const nextMinute = (expiresAt: number, at: number): number => expiresAt - Math.floor((expiresAt - at - 1) / 60_000) * 60_000;

const isRefreshing = ({ stage }: Session): boolean => underWay(stage)?.run.operation === 'refreshToken';

/**
 * When the token may first be refreshed: at the start of its warning time, but if an automatic refresh produced the token, not
 * before half of its life has passed (the warning time may be longer than tokens live).
 */
function dueAt(session: Session): number {
  const { lead } = session.policy;
  const { spans } = session.history;
  const lastRun = session.runs.ended.at(-1);
  const expiresAt = knownToken(session)?.expiresAt ?? 0;
  const from = spans.token?.from ?? 0;
  // The run that produced the token ends shortly after it. Other runs don't count, nor does one from before the clock was set back.
  const gaveIt =
    lastRun?.by === 'alarm' &&
    lastRun.nth === session.history.nth &&
    lastRun.verdict === 'done' &&
    Math.abs(lastRun.endedAt - from) < UNANSWERED;
  return gaveIt ? Math.max(expiresAt - lead, from + Math.max(FIRST_PAUSE, (expiresAt - from) / 2)) : expiresAt - lead;
}

/** What to do with a token that was just read because the alarm fired. */
export function decide(session: Session, peers: readonly Peer[], at: number): 'refresh' | 'aside' | 'nothing' {
  const facts = knownToken(session);
  if (!facts || !refreshes(session) || tokenStatus(facts, at, session.policy.lead) !== 'near-expiry') return 'nothing';
  if (dueAt(session) > at) return 'nothing';
  return underWay(session.stage) || peers.some(({ acting }) => acting === fingerprint(facts.raw)) ? 'aside' : 'refresh';
}

/** The refresh state when the token can't be refreshed now: it is checked again later. */
export const stoodAside = (tokenRefresh: TokenRefresh, at: number): TokenRefresh => ({
  ...tokenRefresh,
  askedAt: null,
  nextAt: at + ASIDE,
});

/** The refresh state after a refresh by the alarm ended, or after the page did not answer the alarm's reading. */
export function afterTry(session: Session, verdict: Verdict, problem: Problem | null, at: number): TokenRefresh {
  const { tokenRefresh } = session;
  if (verdict === 'done') return { ...tokenRefresh, tries: 0, nextAt: null, problem: null, askedAt: null };
  const tries = tokenRefresh.tries + 1;
  const next = at + Math.min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE);
  const expiresAt = knownToken(session)?.expiresAt ?? null;
  // No retry after the expiry: an expired token can't be refreshed (facts §2.3).
  return { ...tokenRefresh, tries, nextAt: expiresAt !== null && next < expiresAt ? next : null, problem, askedAt: null };
}

export function badgeOf(session: Session, at: number): Badge {
  const token = knownToken(session);
  const status = token && tokenStatus(token, at, session.policy.lead);
  if (status === 'expired') return { kind: 'expired' };
  if (!token?.expiresAt || status !== 'near-expiry') return { kind: 'none' };
  return session.tokenRefresh.tries > 0 ? { kind: 'failing' } : { kind: 'near-expiry', expiresAt: token.expiresAt };
}

export const sameBadge = (a: Badge, b: Badge): boolean =>
  a.kind === b.kind && (a.kind !== 'near-expiry' || a.expiresAt === (b as typeof a).expiresAt);

/** The notification to show now; `null` if there is none, or it was already shown. */
export function noticeOf(session: Session, at: number): Notice | null {
  const {
    tokenRefresh,
    policy: { notify },
    tab: { asleep },
  } = session;
  const token = knownToken(session);
  if (!notify || !token || tokenRefresh.askedAt !== null || tokenRefresh.late || asleep !== null) return null;
  const status = tokenStatus(token, at, session.policy.lead);
  const notice: Notice | null =
    status === 'expired'
      ? 'expired'
      : status !== 'near-expiry'
        ? null
        : tokenRefresh.tries > 0
          ? 'failing'
          : refreshes(session)
            ? null
            : 'near-expiry';
  return notice !== null && !tokenRefresh.told.includes(notice) ? notice : null;
}
