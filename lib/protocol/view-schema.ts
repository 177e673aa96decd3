import * as z from 'zod/mini';
import { OPERATION_NAMES } from '../sdk/operations';
import { RULE_PATTERN } from '../settings/settings';
import type { ViewMessage } from './messages';

/** The longest that a person may let an operation wait (ms). */
const MAX_DEADLINE = 120_000;

/** All arguments of a command together, as JSON: those of a form whose every field is as long as it may be (characters). */
const MAX_ARGUMENTS = 300_000;
const argument = z.union([z.string().check(z.maxLength(64_000)), z.boolean(), z.null(), z.record(z.string(), z.json())]);

const id = z.string().check(z.minLength(1), z.maxLength(100));
const problem = z.object({
  kind: z.enum(['sdk', 'carrier', 'timeout', 'access', 'forbidden', 'gone', 'hostile', 'bug']),
  message: z.string(),
  code: z.optional(z.string()),
  detail: z.optional(z.string()),
});

const text = (max: number) => z.string().check(z.maxLength(max));
const captured = z.object({
  key: id,
  at: z.number(),
  via: z.enum(['devtools', 'page', 'file']),
  endedAt: z.nullable(z.number()),
  method: text(20),
  host: text(200),
  path: text(300),
  purpose: text(40),
  status: z.nullable(z.int()),
  problem: z.nullable(text(200)),
  bearer: z.nullable(text(40)),
  gave: z.nullable(text(40)),
  uuid: z.nullable(text(40)),
  size: z.nullable(z.number()),
});

const change = z.object({
  area: z.enum(['cookie', 'local', 'session']),
  name: text(300),
  value: z.nullable(text(70_000)),
  at: z.optional(z.array(z.object({ domain: text(300), path: text(2000), value: text(70_000) })).check(z.maxLength(50))),
  cookie: z.optional(
    z.object({
      name: text(300),
      value: z.optional(text(70_000)),
      httpOnly: z.boolean(),
      host: z.optional(text(300)),
      domain: z.optional(text(300)),
      path: z.optional(text(2000)),
      secure: z.optional(z.boolean()),
      sameSite: z.optional(text(20)),
      expiresAt: z.optional(z.nullable(z.number())),
    }),
  ),
});

const viewMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), view: z.enum(['panel', 'popup', 'options']), tab: z.int(), lends: z.boolean() }),
  z.object({ type: z.literal('showing'), showing: z.boolean() }),
  z.object({
    type: z.literal('run'),
    id,
    operation: z.enum(OPERATION_NAMES),
    // What each operation takes is checked before it is sent to the page (`lib/forms/arguments.ts`).
    args: z.record(z.string(), argument).check(z.refine((args) => JSON.stringify(args).length <= MAX_ARGUMENTS)),
    anyway: z.boolean(),
    deadline: z.number().check(z.gte(1000), z.lte(MAX_DEADLINE)),
    of: z.optional(z.object({ document: text(60), client: z.int() })),
  }),
  z.object({ type: z.literal('navigated'), origin: text(2000) }),
  z.object({ type: z.literal('read'), id }),
  z.object({ type: z.literal('survey'), id }),
  z.object({ type: z.literal('choose'), document: id, ref: z.int() }),
  z.object({ type: z.literal('auto-refresh'), on: z.boolean() }),
  z.object({ type: z.literal('others') }),
  z.object({ type: z.literal('mute'), rule: text(60).check(z.regex(RULE_PATTERN)), muted: z.boolean() }),
  z.object({ type: z.literal('keep'), id, origin: text(2000), changes: z.array(change).check(z.maxLength(200)) }),
  z.object({ type: z.literal('captured'), id, requests: z.array(captured).check(z.maxLength(1000)) }),
  z.object({ type: z.literal('page-answer'), n: id, answer: z.optional(z.unknown()), problem: z.optional(problem) }),
]);

/** A view's message; `null` where it is none. */
export function parseViewMessage(raw: unknown): ViewMessage | null {
  const parsed = viewMessage.safeParse(raw);
  return parsed.success ? (parsed.data as ViewMessage) : null;
}
