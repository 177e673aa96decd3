/** What `inspect --json` and `inspect --watch` print, for programs that read it: docs/inspect.schema.json is made from it. */
import * as z from 'zod/mini';
import { SEVERITIES } from '@/lib/diagnostics/rule';
import { entrySchema, findingSchema } from '@/lib/report/schema';
import { DIALECT_NAMES } from '@/lib/sdk/dialects/names';
import { IDENTITIES } from '@/lib/session/terms';
import { OUTPUT_VERSION } from './print.mjs';

const text = z.string();
const maybe = z.nullable;
/** Epoch ms. */
const instant = z.number();
const version = z.literal(OUTPUT_VERSION);
const dialect = z.enum(DIALECT_NAMES);
const finding = z.extend(findingSchema, { severity: z.enum(SEVERITIES) });

const session = z.strictObject({
  phase: z.enum(['unreachable', 'searching', 'absent', 'attached']),
  site: maybe(text),
  path: text,
  sdk: maybe(z.strictObject({ dialect, place: text, version: maybe(text), state: z.enum(['ready', 'not-initialised', 'not-loaded']) })),
  setup: maybe(
    z.strictObject({
      state: text,
      script: maybe(z.looseObject({ address: text })),
      trackerKeys: z.array(text),
      options: z.record(text, z.unknown()),
      readyAfter: maybe(z.number()),
    }),
  ),
  identity: z.enum(IDENTITIES),
  uuid: maybe(text),
  token: maybe(
    z.strictObject({ origin: maybe(text), createdAt: maybe(instant), expiresAt: maybe(instant), kind: z.enum(['readable', 'opaque']) }),
  ),
});

/** Of `--json`: the result of a run. */
export const resultSchema = z.strictObject({
  version,
  failed: z.boolean(),
  createdAt: text,
  by: z.strictObject({ name: text, version: text }),
  browser: text,
  session,
  notShown: z.array(z.strictObject({ dialect, place: text, origin: maybe(text), path: text })),
  findings: z.array(finding),
  muted: z.array(text),
  broken: z.array(text),
  steps: z.array(z.strictObject({ step: text, ok: z.boolean(), got: text, wanted: text })),
});

/** Of `--json` and `--watch`: why a run itself failed. */
export const problemSchema = z.strictObject({ version, failed: z.literal(true), exit: z.number(), reason: text });

/** Of `--watch`: one line. An entry is printed again, with the same `seq`, when it changes, such as a request that ends. */
export const lineSchema = z.discriminatedUnion('event', [
  z.strictObject({ version, event: z.literal('session'), at: instant, session }),
  z.strictObject({ version, event: z.literal('entry'), entry: entrySchema }),
  z.strictObject({ version, event: z.literal('finding'), at: instant, finding }),
  z.strictObject({ version, event: z.literal('finding-gone'), at: instant, rule: text }),
]);

export const outputSchema = z.union([resultSchema, problemSchema, lineSchema]);
