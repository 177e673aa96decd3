/** What views say to the background: one schema, by which each message is checked there, and its type. */
import * as z from 'zod/mini';
import { type Captured, SEEN_BY } from '../network/request';
import type { Change } from '../page/cookie-jar';
import type { ArgumentValues } from '../sdk/operation';
import { OPERATION_NAMES } from '../sdk/operations';
import { STORAGE_AREAS } from '../session/history/history';
import { PROBLEM_KINDS, type Problem } from '../session/problem';
import { RULE_PATTERN } from '../settings/settings';
import type { SeenCookie } from '../web/cookies';

/** A change; of a cookie that the browser told, with all that it told: its place, flags and expiry. */
export type CookieChange = Change & { readonly cookie?: SeenCookie };

/** The longest that a person may let an operation wait (ms). */
const MAX_DEADLINE = 120_000;
/** All arguments of a command together, as JSON: those of a form whose every field is as long as it may be (characters). */
const MAX_ARGUMENTS = 300_000;

const text = (max: number) => z.string().check(z.maxLength(max));
const id = z.string().check(z.minLength(1), z.maxLength(100));

const problem: z.ZodMiniType<Problem> = z.object({
  kind: z.enum(PROBLEM_KINDS),
  message: z.string(),
  code: z.exactOptional(z.string()),
  detail: z.exactOptional(z.string()),
});

const captured: z.ZodMiniType<Captured> = z.object({
  key: id,
  at: z.number(),
  via: z.enum(SEEN_BY),
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

const cookie: z.ZodMiniType<SeenCookie> = z.object({
  name: text(300),
  value: z.exactOptional(text(70_000)),
  httpOnly: z.boolean(),
  host: z.exactOptional(text(300)),
  domain: z.exactOptional(text(300)),
  path: z.exactOptional(text(2000)),
  secure: z.exactOptional(z.boolean()),
  sameSite: z.exactOptional(text(20)),
  expiresAt: z.exactOptional(z.nullable(z.number())),
});

const change: z.ZodMiniType<CookieChange> = z.object({
  area: z.enum(STORAGE_AREAS),
  name: text(300),
  value: z.nullable(text(70_000)),
  at: z.exactOptional(z.array(z.object({ domain: text(300), path: text(2000), value: text(70_000) })).check(z.maxLength(50))),
  cookie: z.exactOptional(cookie),
});

// What each operation takes is checked before it is sent to the page (`lib/forms/arguments.ts`).
const args: z.ZodMiniType<ArgumentValues> = z
  .record(z.string(), z.union([text(64_000), z.boolean(), z.null(), z.array(text(64_000)), z.record(z.string(), z.json())]))
  .check(z.refine((all) => JSON.stringify(all).length <= MAX_ARGUMENTS));

const schema = z.discriminatedUnion('type', [
  /** The first message: which tab the view shows (`options`: the settings page beside a tab, which looks on). A view that `lends` gives the background its `eval` into the page. */
  z.object({ type: z.literal('hello'), view: z.enum(['panel', 'popup', 'options']), tab: z.int(), lends: z.boolean() }),
  /** Whether the view is in sight. */
  z.object({ type: z.literal('showing'), showing: z.boolean() }),
  /** Runs an operation (`RunRequest` in lib/session/run.ts). */
  z.object({
    type: z.literal('run'),
    id,
    operation: z.enum(OPERATION_NAMES),
    args,
    anyway: z.boolean(),
    deadline: z.number().check(z.gte(1000), z.lte(MAX_DEADLINE)),
    of: z.exactOptional(z.object({ document: text(60), client: z.int() })),
  }),
  /** Reads everything again. */
  z.object({ type: z.literal('read'), id }),
  /** Has all frames looked through; answered when that is done. */
  z.object({ type: z.literal('survey'), id }),
  /** DevTools says that the page went to another address, of this origin. */
  z.object({ type: z.literal('navigated'), origin: text(2000) }),
  /** Shows another client: `ref` in `document`. */
  z.object({ type: z.literal('choose'), document: id, ref: z.int() }),
  /** Whether the token of the session's site is to be refreshed before it ends. */
  z.object({ type: z.literal('auto-refresh'), on: z.boolean() }),
  /** Whether findings of a diagnostic rule are to be left out on the session's site. */
  z.object({ type: z.literal('mute'), rule: text(60).check(z.regex(RULE_PATTERN)), muted: z.boolean() }),
  /** Asks what the other tabs of the profile have. */
  z.object({ type: z.literal('others') }),
  /** Changes what pages of `origin` keep there, through the page or, with its permission, the browser. Answered by `kept`, or by `answer` with a problem. */
  z.object({ type: z.literal('keep'), id, origin: text(2000), changes: z.readonly(z.array(change).check(z.maxLength(200))) }),
  /** Requests of the SDKs that DevTools saw; `id` is answered once they are in the history. */
  z.object({ type: z.literal('captured'), id, requests: z.readonly(z.array(captured).check(z.maxLength(1000))) }),
  /** Answer to a request to the page: the agent's text, or what stands in the frames, or why there is none. */
  z.object({ type: z.literal('page-answer'), n: id, answer: z.exactOptional(z.unknown()), problem: z.exactOptional(problem) }),
]);

export type ViewMessage = Readonly<z.infer<typeof schema>>;
export type MessageOf<K extends ViewMessage['type']> = Extract<ViewMessage, { type: K }>;
export type ViewName = MessageOf<'hello'>['view'];

/** A view's message; `null` where it is none. */
export function parseViewMessage(raw: unknown): ViewMessage | null {
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : null;
}
