import { tokenFacts } from '@/lib/jwt/token';
import type { AgentReply, AgentReport, ClientInfo, WireError, WireToken } from '@/lib/page/wire';
import { OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import type { Moment, Run } from '@/lib/session/run';
import type { Customer, Listed, Session, TokenState } from '@/lib/session/session';

/** The tests' own beginning of time (epoch ms). */
export const T0 = 1_800_000_000_000;
export const MINUTE = 60_000;
export const ORIGIN = 'https://shop.example';

const part = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A JWT that looks real; `claims` as text is taken as the payload's own text. */
export const jwt = (claims: unknown, header: unknown = { alg: 'RS512', typ: 'JWT' }): string =>
  `${part(header)}.${part(claims)}.${Buffer.from('made-up signature').toString('base64url')}`;

export function wireToken(expiresAt: number | null, over: Partial<WireToken> = {}): WireToken {
  const claims = {
    sub: 'b7e0f5a2-1f0e-4d0e-8f0b-3c2d1e0f9a8b',
    rlm: 'anonymous_client',
    ...(expiresAt !== null && { exp: Math.round(expiresAt / 1000) }),
  };
  const said = { origin: 'ANONYMOUS', realm: 'anonymous_client', clientId: '434', customId: null, nearExpiry: null };
  return { raw: jwt(claims), ...said, expiresAt, ...over };
}

export const client = (over: Partial<ClientInfo> = {}): ClientInfo => ({
  ref: 1,
  dialect: 'react-native',
  place: 'Synerise.Client',
  version: '1.5.0',
  state: 'ready',
  missing: [],
  unobserved: [],
  ...over,
});

export const error = (over: Partial<WireError> = {}): WireError => ({ code: 401, message: 'Unauthorized', detail: { code: 401 }, ...over });

/** A report before it has its place in a mailbox. */
export type Draft = AgentReport extends infer R ? (R extends AgentReport ? Omit<R, 'seq' | 'at'> : never) : never;

export const page = (clients: readonly ClientInfo[] = [client()], absent = false, frames = 0, strays: readonly string[] = []): Draft => ({
  kind: 'page',
  clients,
  absent,
  load: 'loaded',
  strays,
  frames,
  entered: '/',
  by: 'navigate',
  // Of the document that says it: `replyOf` knows which.
  loaded: 0,
});

/** What a page with one SDK loaded as, in one way or another: documents that were loaded in another way are others. */
export const loadedPage = ({ entered = '/', by = 'navigate', ...over }: Partial<Extract<Draft, { kind: 'page' }>> = {}): Draft => ({
  kind: 'page',
  clients: [client()],
  absent: false,
  load: 'loaded',
  strays: [],
  frames: 0,
  loaded: T0 + 7 * entered.length + by.length,
  entered,
  by,
  ...over,
});

export const sample = (uuid: string | null, over: Partial<Customer> & { client?: number } = {}): Draft => ({
  kind: 'sample',
  client: 1,
  uuid,
  signedIn: false,
  simpleAuth: false,
  trouble: null,
  facts: {},
  cookies: [],
  stored: [],
  ...over,
});
export const tokenReport = (token: WireToken | null, over: Partial<Extract<Draft, { kind: 'token' }>> = {}): Draft => ({
  kind: 'token',
  client: 1,
  how: 'success',
  token,
  none: false,
  error: null,
  ...over,
});
export const started = (id: string): Draft => ({ kind: 'started', id, client: 1 });
export const settled = (id: string, over: Partial<Extract<Draft, { kind: 'settled' }>> = {}): Draft => ({
  kind: 'settled',
  id,
  how: 'success',
  value: null,
  error: null,
  ms: 12,
  ...over,
});
export const late = (id: string): Draft => ({ kind: 'late', id, how: 'success' });

/** When a document was loaded: another for each name. */
export const loadedOf = (document: string): number =>
  T0 - 1000 - [...document].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 100_000, 7);

/** One document's reply with `drafts` numbered from `after` + 1. */
export const replyOf = (document: string, after: number, at: number, drafts: readonly Draft[], origin = ORIGIN): AgentReply => ({
  document,
  origin,
  path: '/',
  at,
  setup: '',
  bare: false,
  watching: false,
  waits: true,
  missing: [],
  reports: drafts.map(
    (draft, index) =>
      ({ ...draft, ...(draft.kind === 'page' && { loaded: loadedOf(document) }), seq: after + 1 + index, at }) as AgentReport,
  ),
});

/** A reply as it crosses from the page: the origin by the browser's word, then what the agent said. */
export const answerOf = ({ origin, ...said }: AgentReply): string => `${origin}\n${JSON.stringify(said)}`;

/** A document as a survey finds it; `frame` of `null` is the top frame. */
export const listed = (document: string, frame: string | null, clients: readonly ClientInfo[] = [client()], origin = ORIGIN): Listed => ({
  document,
  frame,
  origin,
  path: '/',
  clients,
});

export const customer = (over: Partial<Customer> = {}): Customer => ({
  uuid: 'uuid-1',
  trouble: null,
  signedIn: null,
  simpleAuth: null,
  facts: {},
  cookies: [],
  stored: [],
  ...over,
});
export const noToken: TokenState = { kind: 'none', trouble: null, said: false };
export const knownToken = (over: Partial<WireToken> = {}, stale = false): TokenState => ({
  kind: 'known',
  facts: tokenFacts(wireToken(T0 + 10 * MINUTE, over)),
  trouble: null,
  stale,
});

export const moment = (over: Partial<Moment> = {}): Moment => ({
  uuid: 'uuid-1',
  identity: 'anonymous',
  token: { fingerprint: 'f1', origin: 'ANONYMOUS', expiresAt: null, clientId: null },
  ...over,
});

export function runOf(operation: OperationName, over: Partial<Run> = {}): Run {
  const expects = OPERATIONS[operation].expects({});
  const open = {
    at: T0,
    deadline: 10_000,
    seed: null,
    sameSeed: false,
    resets: [],
    aim: null,
    reloads: false,
    bare: false,
    by: 'person' as const,
  };
  return { id: 'op-1', operation, expects, before: moment(), ...open, ...over };
}

/** Freezes `value` through and through: whoever changes it in place throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const entry of Object.values(value)) frozen(entry);
  }
  return value;
}

/** The session's activity as one word: its phase where nothing is attached. */
export function activityOf({ stage }: Session): string {
  if (stage.phase !== 'attached') return stage.phase;
  const { activity } = stage;
  return activity.kind === 'running' && activity.started ? 'started' : activity.kind;
}
