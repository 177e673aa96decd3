/** A page's calls and callbacks, from the agent's reports: numbered for the history, with their details sent separately. */
import { safeValue } from '../network/secrets';
import type { AgentReport, CallDetail } from '../page/wire';
import { withoutTokens } from '../redaction/jwts';
import { type Attached, type Effect, only, type Transition } from './events';
import { signs } from './history/call-effects';
import type { RecentCall } from './history/history';
import { numbered } from './history/numbering';
import { type Session, withPart } from './session';

type ReportOf<K extends AgentReport['kind']> = Extract<AgentReport, { kind: K }>;

/** How many of the page's calls are remembered. */
const CALLS_KEPT = 20;

/** The SDK notified the page's own listener of a sign-in or sign-out, which happens before its getters reflect it. */
export function calledBack(session: Session, { signedIn, reason }: ReportOf<'state'>, at: number): Transition {
  const made = numbered(session, session.history.nth, { kind: 'callback', at, signedIn, reason, of: signing(session) });
  const signedOut = signedIn ? null : { at, expired: reason === 'SESSION_EXPIRATION', reason };
  return { session: withPart(made.session, 'history', { signedOut }), effects: [{ type: 'note', entry: made.entry }] };
}

/** Key of the page's only call in progress that signs in or out; `null` if there is none, or more than one. */
function signing({ history: { calls } }: Session): string | null {
  const open = calls.filter(({ endedAt, silent, does }) => endedAt === null && !silent && signs(does));
  return open.length === 1 ? (open[0]?.key ?? null) : null;
}

/** Arguments and result of a call, for the views. */
function detailOf(stage: Attached, key: string, detail: CallDetail | undefined): Effect[] {
  if (!detail || !Object.keys(detail).length) return [];
  const secret = stage.token.kind === 'known' ? stage.token.facts.raw : null;
  return [{ type: 'detail', key, detail: { call: safeValue(withoutTokens(detail, secret)) } }];
}

/** Converts page-clock times to ours: page time `at` is our `when`; no result is later than `when`. */
const oursOf = (when: number, at: number) => (instant: number) => Math.min(when, when - (at - instant));

const keyOf = (document: string, { client, call }: { readonly client: number; readonly call: number }) => `${document}.${client}.${call}`;

/** Notes a call of the page that did not change the session. */
export function looked(session: Session, stage: Attached, report: ReportOf<'look'>, when: number): Transition {
  const { does, begun, endedAt, ok, times, detail, at } = report;
  if (session.page.document === null) return only(session);
  const key = keyOf(session.page.document, report);
  const ours = oursOf(when, at);
  const ended = endedAt === null ? null : ours(endedAt);
  const made = numbered(session, session.history.nth, {
    kind: 'call',
    at: ours(begun),
    key,
    does,
    told: {},
    looks: true,
    endedAt: ended,
    ok,
    ...(times > 1 && { times }),
  });
  return { session: made.session, effects: [{ type: 'note', entry: made.entry }, ...detailOf(stage, key, detail)] };
}

/** Notes a call of the page, or how it ended. */
export function called(session: Session, stage: Attached, report: ReportOf<'call'>, at: number): Transition {
  const { call, does, told, phase, detail } = report;
  const {
    history: { calls },
    page: { document },
  } = session;
  if (document === null) return only(session);
  const key = keyOf(document, report);
  const others = calls.filter((one) => one.key !== key);
  if (phase === 'dropped') return only(withPart(session, 'history', { calls: others }));
  const before = calls.find((one) => one.key === key);
  const ended = phase !== 'called' && phase !== 'unanswered';
  const made: RecentCall = {
    key,
    document,
    call,
    does,
    told,
    at: before?.at ?? at,
    endedAt: ended ? at : null,
    ok: phase === 'succeeded' ? true : phase === 'failed' ? false : null,
    ...((phase === 'unanswered' || before?.silent) && { silent: true }),
  };
  return {
    session: withPart(session, 'history', { calls: [...others, made].slice(-CALLS_KEPT) }),
    effects: detailOf(stage, key, detail),
  };
}
