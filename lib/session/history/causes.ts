/**
 * Why a UUID or a token changed: pure rules over what was observed, each with its evidence. `sure` only where a value or the
 * vendor's documentation allows no other explanation (facts §2.2); a mere coincidence is described as one.
 */
import type { ChangeName } from '../../sdk/changes';
import { OPERATIONS } from '../../sdk/operations';
import { percentDecoded } from '../../web/cookies';
import type { Run } from '../run';
import type { CookieNews, SignedOut } from '../session';
import type { Identity } from '../terms';
import { type Called, type Certainty, effectsOf, signs } from './call-effects';
import { BY_ALARM, type Cause, type CauseKind } from './cause';
import type { RecentCall, Seen, Span } from './history';

/** UUID and token of another session of the same site, for comparison. `acting`: fingerprint of the token that it is refreshing. */
export interface Peer {
  readonly tab: number;
  readonly uuid: string | null;
  readonly uuidFrom: number;
  readonly token: string | null;
  readonly tokenFrom: number;
  readonly acting: string | null;
}

/** What the cause of a change is determined from. Times in epoch ms. */
export interface Clues {
  readonly at: number;
  readonly what: 'uuid' | 'token';
  /** The previous generation, and the current UUID or token fingerprint (empty for no token). */
  readonly from: Span;
  readonly to: string;
  /** The operation in progress here, or the last one; `sure` if the page is running it and nothing indicates that it failed. */
  readonly run: (Pick<Run, 'id' | 'operation' | 'by' | 'aim' | 'expects'> & { readonly sure: boolean }) | null;
  readonly calls: readonly RecentCall[];
  readonly document: string | null;
  /** It is the Web SDK, whose token comes from the site and is independent of the UUID. */
  readonly web: boolean;
  readonly before: Seen;
  readonly after: Seen;
  /** It is the first value that was read in its document. */
  readonly newDocument: boolean;
  /** Path and query that the document was loaded with. */
  readonly entered: string;
  readonly cookieNews: readonly CookieNews[];
  readonly peers: readonly Peer[];
  readonly unseenSince: number | null;
  /** When the inspector itself requested the token from the SDK because of an alarm. */
  readonly askedAt: number | null;
  /** How the customer's sign-in ended. */
  readonly signedOut: SignedOut | null;
  /** For a token: why the UUID changed since the previous token was first read; `null` if it did not. */
  readonly uuidCause: Cause | null;
  /** Methods whose calls can't be observed. */
  readonly unobserved: readonly string[];
}

/** How long after it ended a call of the page may still be the cause of a change (ms). */
const SHORTLY = 3000;
/** How long a page that reloads itself after a call takes at most (ms). */
const RELOAD = 15_000;
/** How long a call without an observed end is assumed to be in progress (ms). */
const UNENDED = 60_000;
/** SDKs renew a token automatically within this time before it expires (facts §2.3: `minTokenRefreshInterval`, ms). */
const RENEWAL = 1_800_000;

const OPERATION_OF = new Map<string, (typeof OPERATIONS)[keyof typeof OPERATIONS]>(Object.entries(OPERATIONS));

/** How certain it is that a call makes the kind of change that was observed. */
function certaintyOf(call: Called, { what, to, web }: Pick<Clues, 'what' | 'to' | 'web'>): Certainty {
  const effects = effectsOf(call);
  if (!web || what === 'uuid') return effects[what];
  return effects.siteToken === (to === '' ? 'clears' : 'sets') ? 'yes' : 'no';
}

/** Determines the cause of a change, with the evidence. */
export function causeOf(clues: Clues): Cause {
  for (const rule of clues.what === 'uuid' ? UUID_RULES : TOKEN_RULES) {
    const cause = rule(clues);
    if (cause) return cause;
  }
  return { kind: 'unknown', sure: false, by: null, evidence: whatWasNot(clues) };
}

/** Key of the history entry that a cause, found from these clues, refers to; `null` if it refers to none. */
export function makerOf({ kind, by }: Cause, clues: Clues): string | null {
  if (kind === 'operation') return clues.run?.id ?? null;
  if (kind !== 'call' && kind !== 'api-key') return null;
  const call = callOf('yes', clues) ?? callOf('maybe', clues);
  return call && by === `${call.does}()` ? call.key : null;
}

/** Key of the operation or call that, by these clues, changed who the customer is; `null` if none is known. */
export function signerOf(clues: Pick<Clues, 'run' | 'calls' | 'document' | 'newDocument' | 'at'>): string | null {
  const { run, calls } = clues;
  if (run?.sure && signs(run.operation)) return run.id;
  return calls.findLast((one) => signs(one.does) && isRecent(one, clues))?.key ?? null;
}

/** The cause of the first value of a session. */
export const firstSeen = (evidence: readonly string[]): Cause => ({ kind: 'first', sure: true, by: null, evidence });

type CauseRule = (clues: Clues) => Cause | null;
const cause = (kind: CauseKind, sure: boolean, by: string | null, ...evidence: string[]): Cause => ({ kind, sure, by, evidence });

/** @param surely match only an operation that certainly made the change; otherwise only one that possibly did */
const runHere =
  (surely: boolean): CauseRule =>
  (clues) => {
    const { run, to, what } = clues;
    if (!run) return null;
    const { operation, by, aim, expects, sure: inHand } = run;
    // It requested a different value.
    if (aim !== null && aim !== to && expects === (what === 'uuid' ? 'new-uuid' : 'new-token')) return null;
    const certainty = certaintyOf({ does: operation, told: toldOf(run) }, clues);
    const sure = inHand && certainty === 'yes';
    if (certainty === 'no' || sure !== surely) return null;
    const { label } = OPERATIONS[operation];
    const who = by === 'alarm' ? 'by auto-refresh' : 'by you';
    const aimed = aim !== null && aim === to ? ['It requested exactly this value.'] : [];
    return cause(
      'operation',
      sure,
      by === 'alarm' ? `${operation}()${BY_ALARM}` : `${operation}()`,
      `${label} was run ${who}${inHand ? '' : ' shortly before'}.`,
      ...aimed,
    );
  };
/** The relevant arguments, inferred from `expects`: `signOutWithMode` expects a new UUID only with the mode that generates one. */
const toldOf = (run: Pick<Run, 'expects'>) => ({
  mode: run.expects === 'new-uuid' ? 'SIGN_OUT_WITH_SESSION_DESTROY' : 'SIGN_OUT',
  authID: true,
});

/** Whether the SDK refuses a call of the page without an error (facts §2.1). */
const isRefused = ({ does }: Called, { before, web }: Clues): boolean =>
  !web && before.identity === 'signed-in' && OPERATION_OF.get(does)?.anonymousOnly === true;

const callOf = (certainty: Certainty, clues: Clues): RecentCall | undefined =>
  clues.calls.findLast(
    (one) => certaintyOf(one, clues) === certainty && !isRefused(one, clues) && isRecent(one, clues) && !hasExplained(one, clues),
  );

const ofPage =
  (certainty: Certainty): CauseRule =>
  (clues) => {
    const { what, at, before } = clues;
    const call = callOf(certainty, clues);
    if (!call) return null;
    const { why, cause: kind = 'call' } = effectsOf(call);
    const state =
      call.endedAt === null ? 'was pending' : at - call.endedAt < 10 ? 'ended just before' : `ended ${seconds(at - call.endedAt)} before`;
    const was = before.identity === 'signed-in' && what === 'uuid' && isSignIn(call.does) ? ['A customer was signed in before.'] : [];
    return cause(kind, certainty === 'yes' || was.length > 0, `${call.does}()`, `Page call ${call.does}() ${state}.`, why, ...was);
  };

/** Whether the call's effect has already been seen: a later change then has a different cause. */
const hasExplained = ({ at, endedAt, does }: RecentCall, { from }: Clues): boolean =>
  (endedAt !== null && endedAt <= from.from) || (at <= from.from && from.cause.by === `${does}()`);

/** Whether a call is in progress in the current document or ended shortly before; longer before if the page was reloaded since. */
function isRecent(
  { at: from, endedAt, ok, document: of }: RecentCall,
  { document, newDocument, at }: Pick<Clues, 'document' | 'newDocument' | 'at'>,
): boolean {
  if (ok === false) return false;
  const patience = newDocument ? RELOAD : SHORTLY;
  // Some calls never end (facts §1.3).
  return endedAt === null ? at - from <= (of === document ? UNENDED : RELOAD) : at - endedAt <= patience;
}
const isSignIn = (does: ChangeName) => does.startsWith('signIn') || does.startsWith('authenticate');

const otherTab: CauseRule = ({ peers, what, to, at }) => {
  const peer =
    to === ''
      ? undefined
      : peers.find((one) => (what === 'uuid' ? one.uuid === to && one.uuidFrom <= at : one.token === to && one.tokenFrom <= at));
  if (!peer) return null;
  return cause(
    'other-tab',
    true,
    null,
    `Another tab of this site has had the same ${what === 'uuid' ? 'UUID' : 'token'} for ${seconds(at - (what === 'uuid' ? peer.uuidFrom : peer.tokenFrom))}.`,
  );
};

/** Facts §3.3: `_snrs_reset_uuid` contains a UUID, `_snrs_reset_uuid_and_identity_hash` a UUID before a colon. */
const RESET = /^_snrs_reset_uuid(_and_identity_hash)?$/;
const resetCookie: CauseRule = ({ before, after, cookieNews, from, to }) => {
  const read = [...before.cookies, ...after.cookies].map((cookie) => ({
    name: cookie.split('=')[0] ?? '',
    uuid: cookieValue(cookie).split(':')[0],
  }));
  const told = cookieNews.filter(({ at, removed }) => at >= from.from && !removed);
  const name = [...read, ...told].find((one) => RESET.test(one.name) && one.uuid === to)?.name;
  return name === undefined ? null : cause('reset-cookie', true, name, `Cookie ${name} contained this UUID.`);
};

/** Facts §3.3, §5: campaign links contain a customer's UUID. */
const link: CauseRule = ({ entered, to, newDocument }) => {
  const query = new URLSearchParams(entered.split('?')[1] ?? '');
  const name = ['snrs_reset_uuid', 'snrs_cl'].find((one) => query.get(one) === to);
  return newDocument && name ? cause('link', true, name, `The page URL had ${name} set to this UUID.`) : null;
};

const doNotTrack: CauseRule = ({ before, after, newDocument }) => {
  if (newDocument && after.facts['doNotTrack'] === 'likely')
    return cause(
      'do-not-track',
      false,
      null,
      'New UUID on page load and no SDK cookie, as under Do Not Track.',
      'Blocked cookies look the same.',
    );
  const [was, is] = [before.facts['doNotTrack'], after.facts['doNotTrack']];
  if (typeof was === 'boolean' && typeof is === 'boolean' && was !== is)
    return cause('do-not-track', true, `doNotTrack = ${is}`, `doNotTrack changed from ${was} to ${is} at the same time.`);
  return became(before.identity, after.identity, 'incognito')
    ? cause('do-not-track', false, null, 'The customer became incognito at the same time, as with doNotTrack.')
    : null;
};

const apiKey: CauseRule = ({ before, after }) => {
  const [was, is] = [before.facts['trackerKey'], after.facts['trackerKey']];
  return typeof was === 'string' && typeof is === 'string' && was !== is
    ? cause('api-key', false, 'tracker key', `The tracker key changed from ${was} to ${is} at the same time.`)
    : null;
};

const became = (before: Identity, after: Identity, to: Identity) => before !== 'unknown' && before !== to && after === to;

const signing: CauseRule = ({ before, after }) => {
  if (became(before.identity, after.identity, 'signed-in') || became(before.identity, after.identity, 'simple-auth'))
    return cause('sign-in', false, null, `Identity changed from ${before.identity} to ${after.identity} at the same time.`);
  return became(before.identity, after.identity, 'anonymous') && before.identity !== 'incognito'
    ? cause('sign-out', false, null, `Identity changed from ${before.identity} to anonymous at the same time.`)
    : null;
};

/** Facts §3.3: the Web SDK stores the UUID in this cookie; without it, it generates a new one. */
const KEEPER = '_snrs_uuid';
const cookies: CauseRule = ({ before, cookieNews, newDocument, from, to }) => {
  const news = cookieNews.filter(({ name, at }) => name === KEEPER && at >= from.from);
  const gone = news.findLast(({ removed, cause: why }) => removed && why !== 'overwrite');
  const isThere = before.cookies.some((cookie) => cookie.startsWith(`${KEEPER}=`));
  // The cookie was set to the same UUID again, or was seen again since.
  const undone =
    gone && (news.some(({ at, removed, uuid }) => !removed && at >= gone.at && uuid === from.value) || (isThere && before.at > gone.at));
  if (gone && !undone) {
    // Scripts delete a cookie by setting an expired one; Chromium reports that as `expired_overwrite`.
    const expired = gone.cause === 'expired';
    const words = expired ? 'expired' : 'was removed';
    return cause(expired ? 'cookies-expired' : 'cookies-removed', newDocument, KEEPER, `Cookie ${KEEPER} ${words}.`);
  }
  return before.keptUuid && !isThere && newDocument && to !== ''
    ? cause('cookies-removed', false, KEEPER, `Cookie ${KEEPER} was missing at the previous reading.`)
    : null;
};

const withUuid: CauseRule = ({ uuidCause, web }) =>
  web ? null : uuidCause && { ...uuidCause, evidence: ['It followed the UUID change.', ...uuidCause.evidence] };

/** The Web SDK keeps the site's token in the page (facts §3.2): the site provides it again on each load. */
const siteToken: CauseRule = ({ web, newDocument, to }) =>
  web && newDocument && to !== '' ? cause('page-load', true, null, 'Set by the site after the page load.') : null;
const pageLoad: CauseRule = ({ web, newDocument, to }) =>
  web && newDocument && to === ''
    ? cause('page-load', false, null, 'New page load: the Web SDK keeps the token in memory, and the site hasn’t set it yet.')
    : null;

/** The anonymous token that follows an expired sign-in (facts §2.3). */
const afterExpiry: CauseRule = ({ signedOut, from, at }) =>
  signedOut?.expired && signedOut.at >= from.from && at - signedOut.at <= RELOAD
    ? cause('sign-out', false, null, `The sign-in had expired${signedOut.reason === null ? '' : ` (${signedOut.reason})`}.`)
    : null;

const renewal: CauseRule = ({ from: { value: from, expiresAt }, to, at, before, after, askedAt, web }) => {
  // The Web SDK's token comes from the site.
  if (web || from === '' || to === '' || expiresAt === null || before.identity !== after.identity || expiresAt - at > RENEWAL) return null;
  const when = expiresAt <= at ? `had expired ${seconds(at - expiresAt)} before` : `had ${seconds(expiresAt - at)} left`;
  const asked = askedAt !== null && at - askedAt <= RELOAD;
  return cause(
    'renewal',
    false,
    asked ? 'inspector read' : null,
    `The previous token ${when}; SDKs renew tokens automatically then.`,
    asked ? 'The inspector had just read the token, which starts a new anonymous sign-in in some SDKs.' : 'No page call recorded.',
  );
};

const UUID_RULES: readonly CauseRule[] = [
  runHere(true),
  resetCookie,
  link,
  ofPage('yes'),
  otherTab,
  doNotTrack,
  cookies,
  runHere(false),
  ofPage('maybe'),
  apiKey,
  signing,
];
const TOKEN_RULES: readonly CauseRule[] = [
  runHere(true),
  pageLoad,
  ofPage('yes'),
  otherTab,
  siteToken,
  withUuid,
  runHere(false),
  ofPage('maybe'),
  doNotTrack,
  apiKey,
  signing,
  afterExpiry,
  renewal,
];

/** What was looked for but not found, and what could not be observed. */
function whatWasNot({ unseenSince, at, unobserved, calls, newDocument }: Clues): string[] {
  return [
    ...(unseenSince === null ? [] : [`Not recorded for ${seconds(at - unseenSince)} before this. Keep a view open or watch the site.`]),
    ...(newDocument ? ['Present at page load.'] : []),
    unobserved.length ? `Calls of ${unobserved.join(', ')} can’t be recorded on this page.` : 'No page call explains it.',
    ...calls.filter(({ ok }) => ok === false).map(({ does }) => `${does}() had failed.`),
  ];
}

const cookieValue = (cookie: string) => percentDecoded(cookie.slice(cookie.indexOf('=') + 1));

const seconds = (ms: number) =>
  ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
