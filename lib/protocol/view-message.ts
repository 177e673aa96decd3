/** Messages from views to the background: the schema that validates each message there, and its type. */
import * as z from 'zod/mini';
import { type Captured, SEEN_BY } from '../network/request';
import type { Change } from '../page/cookie-jar';
import type { ArgumentValues } from '../sdk/operation';
import { OPERATION_NAMES } from '../sdk/operations';
import { STORAGE_AREAS } from '../session/history/history';
import { PROBLEM_KINDS, type Problem } from '../session/problem';
import { RULE_PATTERN } from '../settings/settings';
import type { SeenCookie } from '../web/cookies';
import { flag, text } from './bounds';

/** A change of a stored value. `cookie`: the cookie as the browser reported it, with domain, path, flags and expiry. */
export type CookieChange = Change & { readonly cookie?: SeenCookie };

/** The longest deadline that the user may set for an operation (ms). */
const MAX_DEADLINE = 120_000;
/** The longest JSON of all arguments of a command (characters): that of a form whose every field is as long as allowed. */
const MAX_ARGUMENTS = 300_000;

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
  httpOnly: flag,
  host: z.exactOptional(text(300)),
  domain: z.exactOptional(text(300)),
  path: z.exactOptional(text(2000)),
  secure: z.exactOptional(flag),
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

// The arguments that each operation accepts are checked before they are sent to the page (`lib/forms/arguments.ts`).
const args: z.ZodMiniType<ArgumentValues> = z
  .record(z.string(), z.union([text(64_000), flag, z.null(), z.array(text(64_000)), z.record(z.string(), z.json())]))
  .check(z.refine((all) => JSON.stringify(all).length <= MAX_ARGUMENTS));

const schema = z.discriminatedUnion('type', [
  /**
   * The first message: the tab that the view shows. `options`: the settings page opened from a tab, which only reads its
   * session. `lends`: the view lends the background its `eval` into the page.
   */
  z.object({ type: z.literal('hello'), view: z.enum(['panel', 'popup', 'options']), tab: z.int(), lends: flag }),
  /** Whether the view is visible. */
  z.object({ type: z.literal('showing'), showing: flag }),
  /** Runs an operation (`RunRequest` in lib/session/run.ts). */
  z.object({
    type: z.literal('run'),
    id,
    operation: z.enum(OPERATION_NAMES),
    args,
    anyway: flag,
    deadline: z.number().check(z.gte(1000), z.lte(MAX_DEADLINE)),
    of: z.exactOptional(z.object({ document: text(60), client: z.int() })),
  }),
  /** Reads everything again. */
  z.object({ type: z.literal('read'), id }),
  /** Surveys all frames; answered when that is done. */
  z.object({ type: z.literal('survey'), id }),
  /** DevTools reported that the page navigated to a URL of this origin. */
  z.object({ type: z.literal('navigated'), origin: text(2000) }),
  /** Shows another client: `ref` in `document`. */
  z.object({ type: z.literal('choose'), document: id, ref: z.int() }),
  /** Whether to refresh the token of the session's site before it expires. */
  z.object({ type: z.literal('auto-refresh'), on: flag }),
  /** Whether to hide the findings of a diagnostic rule on the session's site. */
  z.object({ type: z.literal('mute'), rule: text(60).check(z.regex(RULE_PATTERN)), muted: flag }),
  /** Requests the sessions of the profile's other tabs. */
  z.object({ type: z.literal('others') }),
  /**
   * Changes cookies and Web Storage of `origin`, through the page or, with permission, the browser. Answered by `storage-edited`, or
   * by `answer` with a problem.
   */
  z.object({ type: z.literal('edit-storage'), id, origin: text(2000), changes: z.readonly(z.array(change).check(z.maxLength(200))) }),
  /** The SDKs' requests that DevTools saw; answered once they are in the history. */
  z.object({ type: z.literal('captured'), id, requests: z.readonly(z.array(captured).check(z.maxLength(1000))) }),
  /** Answer to one of the background's `page-…` messages: the result, or the problem. */
  z.object({ type: z.literal('page-answer'), n: id, answer: z.exactOptional(z.unknown()), problem: z.exactOptional(problem) }),
]);

export type ViewMessage = Readonly<z.infer<typeof schema>>;
export type MessageOf<K extends ViewMessage['type']> = Extract<ViewMessage, { type: K }>;
export type ViewName = MessageOf<'hello'>['view'];

/** Parses a view's message; `null` if it is invalid. */
export function parseViewMessage(raw: unknown): ViewMessage | null {
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : null;
}
