/** The input of the diagnostic rules: everything known about one session at one moment, live or from a report. Instants in epoch ms. */

import { decodeToken, type TokenFacts } from '../jwt/token';
import type { RequestRecord } from '../network/request';
import { isRecord } from '../page/plain';
import type { CallDetail, ClientInfo } from '../page/wire';
import type { Recipe } from '../sdk/dialects/computed';
import type { Plain } from '../sdk/plain-data';
import type { Cause } from '../session/history/cause';
import type { HistoryEntry } from '../session/history/history';
import { identityOf } from '../session/identity';
import type { Problem } from '../session/problem';
import type { AccountReading } from '../session/run';
import type { SdkFacts } from '../session/sdk-setup';
import { type Customer, type Session, sdkOf } from '../session/session';
import type { Identity } from '../session/terms';
import { fingerprint } from '../text/fingerprint';
import { fieldOf, parseCookie, type SeenCookie } from '../web/cookies';
import { identityHash, identityHashOfBytes, recipeOf } from '../web/recipes';

/** The decoded token. */
export interface CaseToken extends Omit<TokenFacts, 'raw'> {
  /** `null` if it was removed from a report. */
  readonly raw: string | null;
  readonly fingerprint: string;
  readonly header: Readonly<Record<string, unknown>> | null;
  readonly claims: Readonly<Record<string, unknown>> | null;
  /** It hasn't been read again since the UUID changed. */
  readonly stale: boolean;
  /** It had already expired when it was first read. */
  readonly late: boolean;
}

/** One SDK in one document of the tab. */
export interface CaseClient extends ClientInfo {
  readonly document: string | null;
  readonly origin: string | null;
  readonly path: string;
}

/** A customer's email or custom ID as seen, and the hashes and UUIDs derived from it (facts §3.4). */
export interface Identifier {
  readonly kind: 'email' | 'customId';
  readonly who: string;
  /** Where it was seen, for evidence texts. */
  readonly from: string;
  /** Identity hashes of the unchanged text, of the trimmed lowercase text, and of its bytes (as in PHP, facts §3.4). */
  readonly hashes: readonly string[];
  /** Which of the observed UUIDs derive from it, and by which recipe. */
  readonly makes: readonly { readonly uuid: string; readonly recipe: Recipe }[];
}

/** What is known about a session at `at`, as data. */
export interface CaseFacts {
  readonly at: number;
  /** How long before its expiry a token counts as near expiry (ms). */
  readonly lead: number;
  readonly access: Session['tab']['access'];
  readonly incognito: boolean;
  readonly phase: Session['stage']['phase'];
  readonly problem: Problem | null;
  readonly site: string | null;
  readonly origin: string | null;
  readonly path: string;
  /** The address that the document was loaded from, and how it was loaded. */
  readonly entered: { readonly path: string; readonly by: string } | null;
  /** Number of the session in its tab, and when it started. */
  readonly nth: number;
  readonly since: number;
  /** The client that is shown, or an SDK on the page that isn't ready. */
  readonly sdk: ClientInfo | null;
  readonly clients: readonly CaseClient[];
  readonly strays: readonly string[];
  /** Number of unreachable frames that have the same address as a reachable one. */
  readonly twins: number;
  /** Whether the document has loaded, and what it contains about its SDK. */
  readonly page: SdkFacts['page'];
  readonly customer: Customer | null;
  readonly identity: Identity;
  readonly identityEvidence: string;
  readonly previousUuid: string | null;
  readonly token: CaseToken | null;
  /** Why the last attempt to read the token failed. */
  readonly tokenTrouble: Problem | null;
  readonly account: AccountReading | null;
  /** The SDK's cookies from the browser's cookie store; `null` without permission to read it. */
  readonly jar: readonly SeenCookie[] | null;
  /** Cookies seen in `Set-Cookie` headers. */
  readonly set: readonly SeenCookie[];
  /** Page clock minus ours (ms); `null` if unknown. */
  readonly clockOffset: number | null;
  readonly autoRefresh: { readonly on: boolean; readonly tries: number; readonly problem: Problem | null };
  readonly identifiers: readonly Identifier[];
}

/** Details of an entry: arguments and result of a call, or the whole request. */
export interface CaseDetail {
  readonly call?: CallDetail;
  readonly request?: RequestRecord;
}

export interface Case extends CaseFacts {
  /** The session's history, oldest first. */
  readonly entries: readonly HistoryEntry[];
  detailOf(key: string): CaseDetail | null;
}

/** The facts about a session at `at` (epoch ms). @param set cookies seen in `Set-Cookie` headers in its tab */
export function factsOf(session: Session, at: number, set: readonly SeenCookie[]): CaseFacts {
  const {
    stage,
    tokenRefresh,
    tab: { listing },
    page: { clients, document, path },
    visit: { origin },
  } = session;
  const attached = stage.phase === 'attached' ? stage : null;
  const known = attached?.token.kind === 'known' ? attached.token : null;
  const who = attached ? identityOf(attached.customer, attached.token) : { identity: 'unknown' as const, evidence: 'no SDK' };
  const own = clients.map((client) => ({ ...client, document, origin, path }));
  const others = listing
    .filter((one) => one.document !== document)
    .flatMap((one) => one.clients.map((client) => ({ ...client, document: one.document, origin: one.origin, path: one.path })));
  const {
    policy: { lead, autoRefresh },
    tab: { access, incognito, site },
    history: { nth, since, previousUuid, account },
    page: { strays },
    visit: { jar, clockOffset, entered },
  } = session;
  const token = known && { ...decodedToken(known.facts), stale: known.stale, late: tokenRefresh.late };
  return {
    at,
    lead,
    access,
    incognito,
    phase: stage.phase,
    problem: stage.phase === 'unreachable' ? stage.problem : null,
    site,
    origin,
    path,
    entered: entered && { path: entered.path, by: entered.by },
    nth,
    since,
    sdk: sdkOf(stage),
    // Nothing is known about an unreachable page anymore.
    clients: stage.phase === 'unreachable' ? [] : [...own, ...others],
    strays: stage.phase === 'unreachable' ? [] : strays,
    twins: session.tab.beyond.filter((address) => session.tab.listing.some(({ frame }) => frame === address)).length,
    page: pageOf(session.page),
    customer: attached?.customer ?? null,
    identity: who.identity,
    identityEvidence: who.evidence,
    previousUuid,
    token,
    tokenTrouble: attached?.token.trouble ?? null,
    account,
    jar,
    set,
    clockOffset,
    autoRefresh: { on: autoRefresh, tries: tokenRefresh.tries, problem: tokenRefresh.problem },
    // A token from before the UUID changed may belong to a different customer.
    identifiers: identifiersOf(attached?.customer.uuid ?? null, token?.stale ? null : token, account),
  };
}

const pageOf = ({ load, idle, scripts, inits, keys, readyAfter, sawStart }: Session['page']): SdkFacts['page'] => ({
  load,
  idle,
  scripts,
  inits,
  keys,
  readyAfter,
  sawStart,
});

/** The facts from which the setup of the shown SDK is derived. */
export const setupFactsOf = ({ phase, sdk, clients, page, customer, origin, path }: CaseFacts): SdkFacts => ({
  phase,
  sdk,
  // Those of the shown document. Two frames with the same address count as one.
  clients: clients.filter((one) => one.origin === origin && one.path === path),
  page,
  customer,
});

function decodedToken(facts: TokenFacts): Omit<CaseToken, 'stale' | 'late'> {
  return { ...facts, ...decodeToken(facts.raw), fingerprint: fingerprint(facts.raw) };
}

/** The identifiers in the token and the account. An account that was read for a different UUID isn't this customer's. */
function identifiersOf(
  uuid: string | null,
  token: Pick<CaseToken, 'claims' | 'customId' | 'uuid'> | null,
  account: AccountReading | null,
): Identifier[] {
  const named: (readonly [Identifier['kind'], unknown, string])[] = [
    ['email', token?.claims?.['email'], 'token claim email'],
    ['customId', token?.customId ?? token?.claims?.['customId'], 'token customId'],
  ];
  if (account && account.uuid === uuid)
    named.push(['email', account.value['email'], 'account'], ['customId', account.value['customId'], 'account']);
  const ofAccount = account?.uuid === uuid ? account?.value['uuid'] : null;
  const seenUuids = [...new Set([uuid, token?.uuid, ofAccount].flatMap((one) => (typeof one === 'string' ? one.toLowerCase() : [])))];
  const seen = new Set<string>();
  return named.flatMap(([kind, value, from]) => {
    if (typeof value !== 'string' || value === '' || seen.has(value)) return [];
    seen.add(value);
    return {
      kind,
      who: value,
      from,
      hashes: [identityHash(value), identityHash(value.trim().toLowerCase()), identityHashOfBytes(value)],
      makes: seenUuids.flatMap((one) => {
        const recipe = recipeOf(one, value);
        return recipe === null ? [] : { uuid: one, recipe };
      }),
    };
  });
}

/** The identity hash in the Web SDK or its cookie; `null` if there is none. */
export function heldHash({ customer }: Pick<CaseFacts, 'customer'>): string | null {
  const said = customer?.facts['identityHash'];
  const cookies = customer?.cookies.map(parseCookie) ?? [];
  const hash = typeof said === 'string' ? said : fieldOf(cookies, '_snrs_p', 'identityHash', 'emailHash');
  return hash === undefined || hash === '' || hash === 'undefined' ? null : hash;
}

/** An additional fact sampled from the SDK (`facts` of its dialect). */
export function factOf({ customer }: Pick<CaseFacts, 'customer'>, name: string): Plain | undefined {
  return customer?.facts[name];
}

/** A generation of the UUID or token, derived from the entries. */
export interface Generation {
  readonly what: 'uuid' | 'token';
  /** The UUID, or the token's fingerprint; empty for a period without a token. */
  readonly value: string;
  readonly from: number;
  /** `null`: it is the current one. */
  readonly to: number | null;
  readonly seq: number;
  readonly nth: number;
  readonly cause: Cause;
}

/** The generations of the UUID or token, oldest first. Each ends when the next one in its session, or the next session, begins. */
export function generationsOf(entries: readonly HistoryEntry[], what: Generation['what']): Generation[] {
  const own = entries
    .flatMap((entry) => (entry.kind === 'uuid' || entry.kind === 'token' ? [entry] : []))
    .filter(({ kind }) => kind === what);
  /** By session (`nth`): when the next generation began. */
  const next = new Map<number, number>();
  // A new session means a different site or SDK, so the values of the previous session end there.
  const last = new Map(entries.map(({ nth }, index) => [nth, index]));
  for (const [nth, index] of last) {
    const after = entries[index + 1];
    if (after) next.set(nth, after.at);
  }
  const made: Generation[] = [];
  for (const entry of own.reverse()) {
    const value = entry.kind === 'uuid' ? entry.uuid : entry.fingerprint;
    made.push({ what, value, from: entry.at, to: next.get(entry.nth) ?? null, seq: entry.seq, nth: entry.nth, cause: entry.cause });
    next.set(entry.nth, entry.at);
  }
  return made.reverse();
}

/** A member of a record; `undefined` if `value` isn't one. */
export const memberOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);
