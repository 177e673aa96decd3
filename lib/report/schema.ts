/** The schema of report files: `read.ts` validates with it, and `docs/report.schema.json` is generated from it. */
import * as z from 'zod/mini';
import { SEVERITIES } from '../diagnostics/rule';
import { SEEN_BY } from '../network/request';
import { CHANGE_NAMES } from '../sdk/changes';
import { RECIPES, type Recipe } from '../sdk/dialects/computed';
import { DIALECT_NAMES } from '../sdk/dialects/names';
import { OPERATION_NAMES } from '../sdk/operations';
import { CAUSE_KINDS } from '../session/history/cause';
import { STORAGE_AREAS } from '../session/history/history';
import { PROBLEM_KINDS } from '../session/problem';
import { ACCESSES, IDENTITIES, RUN_BY, VERDICTS } from '../session/terms';

import { REPORT_FORMAT, REPORT_VERSION, type Report } from './report';
import { WAYS } from './secrecy';

const text = z.string();
const RECIPE_NAMES = Object.keys(RECIPES) as [Recipe, ...Recipe[]];
/** Epoch ms, within the range of `Date`. */
const instant = z.number().check(z.gte(-8.64e15), z.lte(8.64e15));
const maybe = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema);
const plain = z.json();
const record = z.record(text, plain);
const count = z.int().check(z.gte(0));

const identity = z.enum(IDENTITIES);
const verdict = z.enum(VERDICTS);
const problem = z.object({
  kind: z.enum(PROBLEM_KINDS),
  message: text,
  code: z.exactOptional(text),
  detail: z.exactOptional(text),
});
const cause = z.object({
  kind: z.enum(CAUSE_KINDS),
  sure: z.boolean(),
  by: maybe(text),
  evidence: z.array(text),
});
const error = z.object({ code: z.union([text, z.number(), z.null()]), message: text, detail: plain });
const call = z.object({
  args: z.exactOptional(plain),
  value: z.exactOptional(plain),
  error: z.exactOptional(error),
  site: z.exactOptional(text),
});
const body = z.object({ text: maybe(text), size: maybe(z.number()) });
const headers = z.array(z.tuple([text, text]));
const via = z.enum(SEEN_BY);

const client = {
  ref: z.int(),
  dialect: z.enum(DIALECT_NAMES),
  place: text,
  version: maybe(text),
  state: z.enum(['ready', 'not-initialised', 'not-loaded']),
  missing: z.array(z.enum(OPERATION_NAMES)),
  unobserved: z.array(text),
};
const cookie = z.object({
  name: text,
  value: z.exactOptional(text),
  httpOnly: z.boolean(),
  sameSite: z.exactOptional(text),
  host: z.exactOptional(text),
  domain: z.exactOptional(text),
  path: z.exactOptional(text),
  secure: z.exactOptional(z.boolean()),
  expiresAt: z.exactOptional(maybe(instant)),
});

const session = z.object({
  at: instant,
  lead: z.number(),
  access: z.enum(ACCESSES),
  incognito: z.boolean(),
  phase: z.enum(['unreachable', 'searching', 'absent', 'attached']),
  problem: maybe(problem),
  site: maybe(text),
  origin: maybe(text),
  path: text,
  entered: maybe(z.object({ path: text, by: text })),
  nth: count,
  since: instant,
  sdk: maybe(z.object(client)),
  clients: z.array(z.object({ ...client, document: maybe(text), origin: maybe(text), path: text })),
  strays: z.array(text),
  // Missing in the first reports.
  twins: z._default(count, 0),
  page: z._default(
    z.object({
      load: z.enum(['loading', 'loaded', 'stuck']),
      idle: z.array(z.object({ why: z.enum(['type', 'worker', 'template', 'blocked']), type: text })),
      scripts: z._default(z.array(z.object({ address: text, from: maybe(z.number()), took: maybe(z.number()) })), []),
      inits: z._default(z.array(z.object({ of: text, options: z.record(text, z.union([text, z.number(), z.boolean()])) })), []),
      keys: z._default(z.array(text), []),
      readyAfter: z._default(maybe(z.number()), null),
      sawStart: z._default(z.boolean(), false),
    }),
    { load: 'loaded', idle: [], scripts: [], inits: [], keys: [], readyAfter: null, sawStart: false },
  ),
  customer: maybe(
    z.object({
      uuid: maybe(text),
      trouble: maybe(text),
      signedIn: maybe(z.boolean()),
      simpleAuth: maybe(z.boolean()),
      facts: record,
      cookies: z.array(text),
      stored: z.array(text),
    }),
  ),
  identity,
  identityEvidence: text,
  previousUuid: maybe(text),
  token: maybe(
    z.object({
      raw: maybe(text),
      origin: maybe(text),
      realm: maybe(text),
      clientId: maybe(text),
      customId: maybe(text),
      expiresAt: maybe(instant),
      nearExpiry: maybe(z.boolean()),
      kind: z.enum(['readable', 'opaque']),
      createdAt: maybe(instant),
      notBefore: maybe(instant),
      saidExpiresAt: maybe(instant),
      // If absent, `realm` is the value that the SDK reported.
      saidRealm: z.exactOptional(maybe(text)),
      expInMs: z.boolean(),
      uuid: maybe(text),
      whom: maybe(text),
      fingerprint: text,
      header: maybe(record),
      claims: maybe(record),
      stale: z.boolean(),
      late: z.boolean(),
    }),
  ),
  tokenTrouble: maybe(problem),
  account: maybe(z.object({ at: instant, uuid: maybe(text), identity, clientId: maybe(text), value: record })),
  jar: maybe(z.array(cookie)),
  set: z.array(cookie),
  clockOffset: maybe(z.number()),
  autoRefresh: z.object({ on: z.boolean(), tries: count, problem: maybe(problem) }),
  identifiers: z.array(
    z.object({
      kind: z.enum(['email', 'customId']),
      who: text,
      from: text,
      hashes: z.array(text),
      makes: z.array(z.object({ uuid: text, recipe: z.enum(RECIPE_NAMES) })),
    }),
  ),
});

const head = { seq: count, nth: count, at: instant };
const of = maybe(text);
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('uuid'), ...head, uuid: text, after: instant, cause, of }),
  z.object({
    kind: z.literal('token'),
    ...head,
    fingerprint: text,
    origin: maybe(text),
    uuid: maybe(text),
    whom: maybe(text),
    createdAt: maybe(instant),
    expiresAt: maybe(instant),
    after: instant,
    cause,
    of,
  }),
  z.object({ kind: z.literal('identity'), ...head, identity, before: identity, reason: maybe(text), of }),
  z.object({ kind: z.literal('callback'), ...head, signedIn: z.boolean(), reason: maybe(text), of }),
  z.object({
    kind: z.literal('operation'),
    ...head,
    key: text,
    operation: z.enum(OPERATION_NAMES),
    by: z.enum(RUN_BY),
    endedAt: instant,
    verdict,
    detail: z.exactOptional(call),
  }),
  z.object({
    kind: z.literal('call'),
    ...head,
    key: text,
    does: z.enum(CHANGE_NAMES),
    told: record,
    endedAt: maybe(instant),
    ok: maybe(z.boolean()),
    times: z.exactOptional(count),
    looks: z.exactOptional(z.literal(true)),
    detail: z.exactOptional(call),
  }),
  z.object({
    kind: z.literal('request'),
    ...head,
    key: text,
    via,
    endedAt: maybe(instant),
    method: text,
    host: text,
    path: text,
    purpose: text,
    status: maybe(z.number()),
    problem: maybe(text),
    bearer: maybe(text),
    gave: maybe(text),
    uuid: maybe(text),
    size: maybe(z.number()),
  }),
  z.object({
    kind: z.literal('storage'),
    ...head,
    area: z.enum(STORAGE_AREAS),
    name: text,
    before: maybe(text),
    value: maybe(text),
    of,
  }),
  z.object({ kind: z.literal('alarm'), ...head, expiresAt: maybe(instant) }),
  z.object({ kind: z.literal('document'), ...head, path: text, by: text }),
]);

const request = z.object({
  key: text,
  via,
  at: instant,
  endedAt: maybe(instant),
  method: text,
  url: text,
  headers,
  body,
  status: maybe(z.number()),
  statusText: text,
  answerHeaders: headers,
  answer: body,
  problem: maybe(text),
});

export const findingSchema = z.object({
  rule: text,
  severity: z.enum(SEVERITIES),
  title: text,
  evidence: z.array(text),
  advice: text,
  entries: z.array(count),
});
const way = z.enum(WAYS);

/** ISO 8601, in UTC. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Maximum number of entries in a report. */
export const MOST_ENTRIES = 250_000;

export const reportSchema: z.ZodMiniType<Report> = z.object({
  format: z.literal(REPORT_FORMAT),
  version: z.literal(REPORT_VERSION),
  createdAt: text.check(
    z.regex(ISO),
    z.refine((instant) => !Number.isNaN(Date.parse(instant))),
  ),
  by: z.object({ name: text, version: text }),
  browser: text,
  redaction: z.object({ tokens: way, personal: way, ids: way }),
  // Missing in the first reports.
  pseudonymKey: z._default(maybe(text), null),
  session,
  sessions: z.array(z.object({ nth: count, from: instant, to: instant, entries: count, uuids: count, tokens: count })),
  generations: z.array(
    z.object({ what: z.enum(['uuid', 'token']), value: text, from: instant, to: maybe(instant), seq: count, nth: count, cause }),
  ),
  timeline: z.array(entrySchema).check(z.maxLength(MOST_ENTRIES)),
  dropped: count,
  requests: z.array(request).check(z.maxLength(MOST_ENTRIES)),
  findings: z.array(findingSchema).check(z.maxLength(1000)),
  muted: z.array(text),
  // Missing in the first reports too.
  broken: z._default(z.array(text), []),
});
