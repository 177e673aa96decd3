import * as z from 'zod/mini';
import { MAX_REPORTS } from '../page/mailbox';
import type { Markup } from '../page/markup';
import { plain, WORDS } from '../page/plain';
import { type AgentReply, MOVED, NO_AGENT, THREW } from '../page/wire';
import { CHANGE_NAMES } from '../sdk/changes';
import { DIALECT_NAMES } from '../sdk/dialects/names';
import { OPERATION_NAMES } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import { type Problem, ProblemError } from '../session/problem';
import { MAX_ANSWER, openAnswer } from './agent-answer';
import { flag, text } from './bounds';

const instant = z.number().check(z.gte(-8.64e15), z.lte(8.64e15));
const count = z.int().check(z.gte(0));
const bounded = z.pipe(
  z.unknown(),
  z.transform((value): Plain => plain(value, WORDS)),
);

const client = z.object({
  ref: count,
  dialect: z.enum(DIALECT_NAMES),
  place: text(200),
  version: z.nullable(text(60)),
  state: z.enum(['ready', 'not-initialised', 'not-loaded']),
  missing: z.array(z.enum(OPERATION_NAMES)).check(z.maxLength(100)),
  unobserved: z.array(text(100)).check(z.maxLength(100)),
});

const token = z.object({
  raw: text(64_100),
  origin: z.nullable(text(300)),
  realm: z.nullable(text(300)),
  clientId: z.nullable(text(300)),
  customId: z.nullable(text(300)),
  expiresAt: z.nullable(instant),
  nearExpiry: z.nullable(flag),
});

const error = z.object({ code: z.nullable(z.union([text(200), z.number()])), message: text(600), detail: bounded });
const detail = z.object({
  args: z.exactOptional(bounded),
  value: z.exactOptional(bounded),
  error: z.exactOptional(error),
  site: z.exactOptional(text(400)),
});
const how = z.enum(['success', 'error', 'threw', 'rejected', 'deadline', 'missing']);
const head = { seq: count, at: instant };

const undo = z.object({
  area: z.enum(['cookie', 'local', 'session']),
  name: text(300),
  value: z.nullable(text(70_000)),
  at: z.array(z.object({ domain: text(300), path: text(2000), value: text(70_000) })).check(z.maxLength(50)),
});

const report = z.discriminatedUnion('kind', [
  z.object({
    ...head,
    kind: z.literal('page'),
    clients: z.array(client).check(z.maxLength(50)),
    absent: flag,
    load: z.enum(['loading', 'loaded', 'stuck']),
    strays: z.array(text(300)).check(z.maxLength(50)),
    frames: count,
    entered: text(400),
    by: text(30),
    loaded: instant,
  }),
  z.object({
    ...head,
    kind: z.literal('sample'),
    client: count,
    uuid: z.nullable(text(200)),
    signedIn: z.nullable(flag),
    simpleAuth: z.nullable(flag),
    trouble: z.nullable(text(700)),
    facts: z.record(text(50), bounded).check(z.refine((facts) => Object.keys(facts).length <= 20)),
    cookies: z.array(text(4300)).check(z.maxLength(61)),
    stored: z.array(text(700)).check(z.maxLength(61)),
  }),
  z.object({
    ...head,
    kind: z.literal('token'),
    client: count,
    how,
    token: z.nullable(token),
    none: flag,
    error: z.nullable(error),
  }),
  z.object({
    ...head,
    kind: z.literal('call'),
    client: count,
    call: count,
    does: z.enum(CHANGE_NAMES),
    phase: z.enum(['called', 'succeeded', 'failed', 'returned', 'dropped', 'unanswered']),
    told: z.record(text(50), bounded).check(z.refine((told) => Object.keys(told).length <= 10)),
    detail: z.exactOptional(detail),
  }),
  z.object({
    ...head,
    kind: z.literal('look'),
    client: count,
    call: count,
    does: z.enum(CHANGE_NAMES),
    begun: instant,
    endedAt: z.nullable(instant),
    ok: z.nullable(flag),
    times: z.int().check(z.gte(1)),
    detail,
  }),
  z.object({ ...head, kind: z.literal('state'), client: count, signedIn: flag, reason: z.nullable(text(100)) }),
  z.object({ ...head, kind: z.literal('started'), id: text(100), client: count }),
  z.object({ ...head, kind: z.literal('settled'), id: text(100), how, value: bounded, error: z.nullable(error), ms: z.number() }),
  z.object({
    ...head,
    kind: z.literal('edited'),
    id: text(100),
    undo: z.array(undo).check(z.maxLength(200)),
    failed: z.array(text(300)).check(z.maxLength(200)),
  }),
  z.object({ ...head, kind: z.literal('late'), id: text(100), how }),
]);

const ms = z.nullable(z.number().check(z.gte(0), z.lte(8.64e7)));
const markup = z.object({
  origin: text(2000),
  idle: z.array(z.object({ why: z.enum(['type', 'worker', 'template', 'blocked']), type: text(100) })).check(z.maxLength(300)),
  cookies: z.array(text(4300)).check(z.maxLength(61)),
  scripts: z.array(z.object({ address: text(300), from: ms, took: ms })).check(z.maxLength(20)),
  inits: z
    .array(
      z.object({
        of: text(70),
        options: z.record(text(50), z.union([text(100), z.number(), flag])).check(z.refine((options) => Object.keys(options).length <= 40)),
      }),
    )
    .check(z.maxLength(20)),
  keys: z.array(text(100)).check(z.maxLength(20)),
});

/** Parses the markup that a page returned; `null` if it is invalid. */
export function parseMarkup(told: unknown): Markup | null {
  const parsed = markup.safeParse(told);
  return parsed.success ? parsed.data : null;
}

const agentReply = z.object({
  document: text(60),
  path: text(400),
  at: instant,
  setup: text(20_000),
  bare: flag,
  watching: flag,
  waits: flag,
  missing: z.array(text(60)).check(z.maxLength(20)),
  reports: z.array(report).check(z.maxLength(MAX_REPORTS)),
});

const HOSTILE: Problem = {
  kind: 'hostile',
  message: 'Unreadable response: the page interferes with the inspector. Reload the page.',
};
const STOPPED: Problem = {
  kind: 'hostile',
  message: 'The page prevents the inspector from running. Reload the page.',
};

/** The page's origin is different from the one the request was meant for: nothing of the request was passed to the page. */
export class MovedError extends ProblemError {
  constructor(readonly origin: string) {
    super({ kind: 'gone', code: 'navigated', message: 'The tab has navigated to another site.' });
  }
}

/**
 * Parses a page's answer.
 * @throws {MovedError} if the page's origin is different from the one the request was meant for
 * @throws {ProblemError} `hostile` if it isn't a valid agent reply
 */
export function parseAgentReply(answer: unknown): AgentReply {
  const opened = openAnswer(answer);
  if (!opened) throw new ProblemError(HOSTILE);
  const { origin, said } = opened;
  if (said === MOVED) throw new MovedError(origin);
  if (said === THREW || said === NO_AGENT) throw new ProblemError(STOPPED);
  return parseSaid(said, origin);
}

/** Parses an agent's text from a page whose origin, as the browser reports it, is `origin`. @throws {ProblemError} `hostile` */
export function parseSaid(said: unknown, origin: string): AgentReply {
  let value: unknown;
  try {
    value = typeof said === 'string' && said.length <= MAX_ANSWER ? JSON.parse(said) : null;
  } catch {
    throw new ProblemError(HOSTILE);
  }
  const parsed = agentReply.safeParse(value);
  if (!parsed.success) throw new ProblemError({ ...HOSTILE, detail: parsed.error.issues[0]?.message ?? '' });
  return { ...parsed.data, origin };
}
