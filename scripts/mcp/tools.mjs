// The MCP tools: for each its words, its shapes, and what it does.
import { writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import * as z from 'zod';
import { IDENTITIES, TOKENS, UUIDS } from '../inspect/steps.mjs';
import { diagnoseAnswer, historyAnswer, NOTE, quoted, reportText, requestsAnswer, sessionAnswer, ToolError, visible } from './answers.mjs';

/**
 * @typedef {import('../inspect/drive.mjs').Where} Where
 * @typedef {import('../inspect/drive.mjs').Target} Target
 * @typedef {import('./answers.mjs').Answer} Answer
 *
 * @typedef {object} Call What a call of a tool works with.
 * @property {import('../inspect/core.mjs').Core} core
 * @property {() => Promise<Target>} target what is open; rejects if nothing is
 * @property {() => Promise<import('../../lib/report/report').Report>} report of what is open
 * @property {(where: Where) => Promise<Target>} open opens something in its place
 * @property {(message: string) => void} progress
 */

/**
 * @template {z.ZodObject} I
 * @typedef {object} Tool
 * @property {string} name
 * @property {(core: import('../inspect/core.mjs').Core) => string} about
 * @property {{ readonly readOnlyHint: boolean, readonly destructiveHint?: boolean }} hints
 * @property {I} input
 * @property {z.ZodObject} [output]
 * @property {(args: z.infer<I>, call: Call) => Promise<Answer>} run
 */

/** Infers a tool's arguments from its input. @template {z.ZodObject} I @param {Tool<I>} one */
const tool = (one) => one;
const LOOKS = { readOnlyHint: true };
const OUTCOME = z.object({ ok: z.boolean(), got: z.string() });
const VERDICT = z.object({ ok: z.boolean(), verdict: z.string().nullable(), why: z.string() });
const KINDS = /** @type {const} */ (['uuid', 'token', 'identity', 'call', 'operation', 'request', 'document', 'storage']);
const ISSUE = z.object({ rule: z.string(), severity: z.string(), title: z.string(), evidence: z.array(z.string()), fix: z.string() });
const SESSION = z.object({
  phase: z.string(),
  site: z.string().nullable(),
  identity: z.string(),
  uuid: z.string().nullable(),
  sdk: z.object({ dialect: z.string(), place: z.string(), version: z.string().nullable(), state: z.string() }).nullable(),
  token: z.object({ origin: z.string().nullable(), expiresAt: z.string().nullable() }).nullable(),
  issues: z.number(),
});
/** `wait_for` reports its progress at this interval (ms). */
const BEAT = 1000;

const open = tool({
  name: 'open',
  about: () =>
    'Opens a page by URL in a headless browser, or connects to a debugging endpoint (a running Chromium, a phone behind adb forward, Metro, node --inspect). Replaces what was open. Answers with the session.',
  hints: { readOnlyHint: false, destructiveHint: false },
  input: z.object({
    url: z.string().optional().describe('URL of a page'),
    endpoint: z.string().optional().describe('address of a debugging endpoint, such as http://127.0.0.1:9222'),
    target: z.string().optional().describe('with endpoint: words of the title, address or kind'),
  }),
  output: SESSION,
  async run({ url, endpoint, target = '' }, call) {
    if ((url === undefined) === (endpoint === undefined)) throw new ToolError('Give either url or endpoint.');
    const opened = await call.open(url === undefined ? { endpoint: endpoint ?? '', target } : { url });
    return sessionAnswer(await opened.report(), call.core);
  },
});

const session = tool({
  name: 'session',
  about: () => 'The customer, UUID, token and SDK of what is open, now, and the most severe issue with its fix.',
  hints: LOOKS,
  input: z.object({}),
  output: SESSION,
  run: async (_args, { report, core }) => sessionAnswer(await report(), core),
});

const history = tool({
  name: 'history',
  about: () => 'What happened in the session, newest first, with causes and their evidence: why a UUID or token changed.',
  hints: LOOKS,
  input: z.object({
    kinds: z.array(z.enum(KINDS)).optional().describe('only these kinds; to find out why a UUID changed: uuid'),
    limit: z.number().int().min(1).max(100).default(20),
  }),
  output: z.object({
    entries: z.array(
      z.object({
        at: z.string().nullable(),
        kind: z.string(),
        text: z.string(),
        evidence: z.array(z.string()),
        next: z.string().nullable().describe('what to look at next; null if the change is expected'),
      }),
    ),
    of: z.number(),
  }),
  run: async (filter, { report, core }) => historyAnswer(await report(), filter, core),
});

const requests = tool({
  name: 'requests',
  about: () => "The SDK's requests, newest first.",
  hints: LOOKS,
  input: z.object({ onlyProblems: z.boolean().default(false), limit: z.number().int().min(1).max(100).default(20) }),
  output: z.object({
    requests: z.array(
      z.object({
        at: z.string().nullable(),
        method: z.string(),
        address: z.string(),
        purpose: z.string(),
        status: z.number().nullable(),
        problem: z.string().nullable(),
        uuid: z.string().nullable(),
      }),
    ),
    of: z.number(),
  }),
  run: async (filter, { report, core }) => requestsAnswer(await report(), filter, core),
});

const diagnose = tool({
  name: 'diagnose',
  about: () => 'Runs all rules: issues of the integration and the session, each with evidence and a fix.',
  hints: LOOKS,
  input: z.object({}),
  output: z.object({ issues: z.array(ISSUE) }),
  run: async (_args, { report }) => diagnoseAnswer(await report()),
});

/**
 * Why the latest run of an operation failed, from the redacted report: an SDK's message may name a person.
 * @param {import('../../lib/report/report').Report} report @param {string} operation
 */
function failureIn({ timeline }, operation) {
  const entry = timeline.findLast((one) => one.kind === 'operation' && one.operation === operation);
  const error = entry?.detail?.error;
  return error ? `${error.code === null ? '' : `${error.code}: `}${error.message}` : '';
}

const run = tool({
  name: 'run',
  about: ({ operations }) =>
    `Runs an operation of the SDK and waits for its verdict. What loses something needs confirm: true. Operations: ${Object.keys(operations).join(', ')}.`,
  hints: { readOnlyHint: false, destructiveHint: true },
  input: z.object({
    operation: z.string(),
    arguments: z.record(z.string(), z.union([z.string(), z.boolean()])).default({}),
    confirm: z.boolean().default(false).describe('the user has agreed to what is lost'),
  }),
  output: VERDICT,
  async run({ operation, arguments: args, confirm }, { target, core, progress }) {
    const { operations, lossesOf } = core;
    const known = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!known) throw new ToolError(`Unknown operation "${operation}". Expected one of ${Object.keys(operations).join(', ')}.`);
    const unknown = Object.keys(args).find((name) => !known.includes(name));
    if (unknown !== undefined) throw new ToolError(`${operation} has no argument "${unknown}". It has: ${known.join(', ') || 'none'}.`);
    const opened = await target();
    const lost = lossesOf(operation, args, await opened.dialect());
    if (lost.length && !confirm)
      throw new ToolError(`${operation} was not run: it loses ${lost.join(', ')}. Ask the user, then call it again with confirm: true.`);
    progress(`${operation} is running`);
    const { ok, verdict, got } = await opened.run(operation, args);
    const why = ok ? '' : verdict === null ? got : failureIn(await opened.report(), operation);
    return {
      text: [`${operation}: ${verdict ?? 'not run'}`, ...(why ? [quoted(why), '', NOTE] : [])].join('\n'),
      data: visible({ ok, verdict, why }),
    };
  },
});

const waitFor = tool({
  name: 'wait_for',
  about: () => 'Waits until the session is in a state.',
  hints: LOOKS,
  input: z.object({
    identity: z.enum(IDENTITIES).optional(),
    token: z.enum(TOKENS).optional(),
    uuid: z.enum(UUIDS).optional().describe('compared with the UUID in the latest answer'),
    seconds: z.number().min(1).max(120).default(15),
  }),
  output: OUTCOME,
  async run({ seconds, ...wanted }, { target, progress }) {
    if (!Object.values(wanted).some((value) => value !== undefined)) throw new ToolError('Give identity, token or uuid.');
    const opened = await target();
    let waited = 0;
    const timer = setInterval(() => {
      waited += 1;
      progress(`Waiting for ${Object.values(wanted).filter(Boolean).join(', ')}: ${waited} of ${seconds} s`);
    }, BEAT);
    const { ok, got } = await opened.waitFor(wanted, seconds * 1000).finally(() => clearInterval(timer));
    return { text: `${ok ? 'Reached' : `Not reached within ${seconds} s`}: ${got}`, data: { ok, got } };
  },
});

const writeReport = tool({
  name: 'report',
  about: () =>
    'Writes a report of everything known to a file (.json or .md) for a ticket or a colleague, redacted; without a file, answers with the start of it.',
  hints: { readOnlyHint: false, destructiveHint: false },
  input: z.object({ file: z.string().optional() }),
  async run({ file }, { report, core }) {
    const made = await report();
    if (file === undefined) return { text: reportText(core.markdownOf(made)), data: {} };
    if (!['.json', '.md'].includes(extname(file).toLowerCase())) throw new ToolError('The file must end with .json or .md.');
    const path = resolve(file);
    // Never over something that is there: the name comes from an agent.
    writeFileSync(path, core.fileText(path, made), { flag: 'wx' });
    const { tokens } = made.redaction;
    return { text: `Written to ${path}. Tokens and personal data are ${tokens === 'pseudonym' ? 'pseudonyms' : tokens}.`, data: {} };
  },
});

/** In the order in which agents see them. */
export const TOOLS = /** @type {readonly Tool<any>[]} */ ([open, session, history, requests, diagnose, run, waitFor, writeReport]);
