/** What the diagnostic rules look at: all that is known of one session at one moment, live or out of a report. Instants in epoch ms. */

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

/** The token, decoded. */
export interface CaseToken extends Omit<TokenFacts, 'raw'> {
  /** `null` where it was taken out of a report. */
  readonly raw: string | null;
  readonly fingerprint: string;
  readonly header: Readonly<Record<string, unknown>> | null;
  readonly claims: Readonly<Record<string, unknown>> | null;
  /** It has not been read again since the UUID changed. */
  readonly stale: boolean;
  /** It had ended already when it was first read. */
  readonly late: boolean;
}

/** One SDK in one document of the tab. */
export interface CaseClient extends ClientInfo {
  readonly document: string | null;
  readonly origin: string | null;
  readonly path: string;
}

/** Somebody's e-mail or custom id, as it was seen, and what is made of it (facts §3.4). */
export interface Identifier {
  readonly kind: 'email' | 'customId';
  readonly who: string;
  /** Where it was seen. */
  readonly from: string;
  /** Of it as it is, in small letters without spaces around, and of its bytes (as PHP does, facts §3.4). */
  readonly hashes: readonly string[];
  /** Which of the UUIDs that were seen it gives, and by which recipe. */
  readonly makes: readonly { readonly uuid: string; readonly recipe: Recipe }[];
}

/** What is known of a session at `at`, as data. */
export interface CaseFacts {
  readonly at: number;
  /** How long before its end a token is said to end soon (ms). */
  readonly lead: number;
  readonly access: Session['tab']['access'];
  readonly incognito: boolean;
  readonly phase: Session['stage']['phase'];
  readonly problem: Problem | null;
  readonly site: string | null;
  readonly origin: string | null;
  readonly path: string;
  /** The address that the document was loaded by, and how. */
  readonly entered: { readonly path: string; readonly by: string } | null;
  /** Number of the session in its tab, and since when it is there. */
  readonly nth: number;
  readonly since: number;
  /** The client that is shown, or the SDK that stands there and is not ready. */
  readonly sdk: ClientInfo | null;
  readonly clients: readonly CaseClient[];
  readonly strays: readonly string[];
  /** How many frames are out of reach since they share their address with one that is not. */
  readonly twins: number;
  /** Whether the document has loaded, and what it says of its SDK. */
  readonly page: SdkFacts['page'];
  readonly customer: Customer | null;
  readonly identity: Identity;
  readonly identityEvidence: string;
  readonly previousUuid: string | null;
  readonly token: CaseToken | null;
  /** Why the token could not be read the last time. */
  readonly tokenTrouble: Problem | null;
  readonly account: AccountReading | null;
  /** The SDK's cookies as the browser has them; `null` where it may not be asked. */
  readonly jar: readonly SeenCookie[] | null;
  /** Cookies that servers were seen to set. */
  readonly set: readonly SeenCookie[];
  /** Page clock minus ours (ms); `null` where that is not known. */
  readonly clockOffset: number | null;
  readonly autoRefresh: { readonly on: boolean; readonly tries: number; readonly problem: Problem | null };
  readonly identifiers: readonly Identifier[];
}

/** More of an entry: what went into a call and came out of it, or all of a request. */
export interface CaseDetail {
  readonly call?: CallDetail;
  readonly request?: RequestRecord;
}

export interface Case extends CaseFacts {
  /** What happened in the session, oldest first. */
  readonly entries: readonly HistoryEntry[];
  detailOf(key: string): CaseDetail | null;
}

/** The facts of a session as they stand at `at` (epoch ms). @param set cookies that servers were seen to set in its tab */
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
  const who = attached ? identityOf(attached.customer, attached.token) : { identity: 'unknown' as const, evidence: 'no SDK is shown' };
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
    // Of a page that is out of reach nothing is known any more.
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
    // A token from before the UUID changed may be somebody else's.
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
  // Of the shown document: two frames of one address are taken for one.
  clients: clients.filter((one) => one.origin === origin && one.path === path),
  page,
  customer,
});

function decodedToken(facts: TokenFacts): Omit<CaseToken, 'stale' | 'late'> {
  return { ...facts, ...decodeToken(facts.raw), fingerprint: fingerprint(facts.raw) };
}

/** Whoever the token and the account name. An account that was read for another UUID is not this customer's. */
function identifiersOf(
  uuid: string | null,
  token: Pick<CaseToken, 'claims' | 'customId' | 'uuid'> | null,
  account: AccountReading | null,
): Identifier[] {
  const named: (readonly [Identifier['kind'], unknown, string])[] = [
    ['email', token?.claims?.['email'], "the token's claim email"],
    ['customId', token?.customId ?? token?.claims?.['customId'], "the token's customId"],
  ];
  if (account && account.uuid === uuid)
    named.push(['email', account.value['email'], 'the account'], ['customId', account.value['customId'], 'the account']);
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

/** The identity hash that the Web SDK or its cookie holds; `null` for none. */
export function heldHash({ customer }: Pick<CaseFacts, 'customer'>): string | null {
  const said = customer?.facts['identityHash'];
  const cookies = customer?.cookies.map(parseCookie) ?? [];
  const hash = typeof said === 'string' ? said : fieldOf(cookies, '_snrs_p', 'identityHash', 'emailHash');
  return hash === undefined || hash === '' || hash === 'undefined' ? null : hash;
}

/** A fact that the SDK told beside the well-known ones. */
export function factOf({ customer }: Pick<CaseFacts, 'customer'>, name: string): Plain | undefined {
  return customer?.facts[name];
}

/** A generation of UUIDs or tokens that the entries tell. */
export interface Generation {
  readonly what: 'uuid' | 'token';
  /** The UUID, or the token's fingerprint; empty for the time without a token. */
  readonly value: string;
  readonly from: number;
  /** `null`: it lasts. */
  readonly to: number | null;
  readonly seq: number;
  readonly nth: number;
  readonly cause: Cause;
}

/** The generations of UUIDs and tokens, oldest first, each to the beginning of the next of its session, or to the next session. */
export function generationsOf(entries: readonly HistoryEntry[], what: Generation['what']): Generation[] {
  const own = entries
    .flatMap((entry) => (entry.kind === 'uuid' || entry.kind === 'token' ? [entry] : []))
    .filter(({ kind }) => kind === what);
  /** By session: when the next one began. */
  const next = new Map<number, number>();
  // Another site, or another SDK: what was there is there no more.
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

/** A value of a record, whatever stands there. */
export const memberOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);
