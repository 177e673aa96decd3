// The MCP server: tools over one inspected page or app at a time.
import { writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { IDENTITIES, TOKENS, UUIDS } from '../inspect/steps.mjs';
import { linesOnTerminal } from '../terminal.mjs';
import { diagnoseAnswer, historyAnswer, reportText, requestsAnswer, sessionAnswer } from './answers.mjs';

/**
 * @typedef {object} Target what is inspected
 * @property {() => Promise<import('../../lib/report/report').Report>} report of the current moment, redacted
 * @property {() => Promise<string | null>} dialect of its SDK
 * @property {(operation: string, args: Record<string, string | boolean>) => Promise<{ ok: boolean, got: string }>} run
 * @property {(wanted: { identity?: string | undefined, token?: string | undefined, uuid?: string | undefined }, ms: number) => Promise<{ ok: boolean, got: string }>} waitFor
 * @property {() => Promise<void>} close
 */

/** @typedef {{ url: string } | { endpoint: string, target: string }} Where */

const KINDS = /** @type {const} */ (['uuid', 'token', 'identity', 'call', 'operation', 'request', 'document', 'storage']);

const sessionShape = z.object({
  phase: z.string(),
  site: z.string().nullable(),
  identity: z.string(),
  uuid: z.string().nullable(),
  sdk: z.object({ dialect: z.string(), place: z.string(), version: z.string().nullable(), state: z.string() }).nullable(),
  token: z.object({ origin: z.string().nullable(), expiresAt: z.string().nullable() }).nullable(),
  issues: z.number(),
});
const outcome = z.object({ ok: z.boolean(), got: z.string() });

/**
 * @param {(where: Where) => Promise<Target>} open
 * @param {import('../inspect/core.mjs').Core} core
 * @param {string} version
 */
export function createMcpServer(open, core, version) {
  const server = new McpServer({ name: 'synerise-inspector', version });
  /** @type {Target | null} */
  let target = null;
  /** Calls run one at a time: they share one panel. @type {Promise<unknown>} */
  let last = Promise.resolve();

  /** @param {(one: Target) => Promise<import('./answers.mjs').Answer>} work */
  const onTarget = (work) =>
    answering(() => {
      if (!target) throw new Error('Nothing is open. Call open with a url, or with the address of a debugging endpoint, first.');
      return work(target);
    });
  /** @param {() => Promise<import('./answers.mjs').Answer>} work */
  function answering(work) {
    const next = last.then(work).then(
      ({ text, data }) => ({ content: [{ type: /** @type {const} */ ('text'), text }], structuredContent: data }),
      (error) => ({
        content: [
          { type: /** @type {const} */ ('text'), text: linesOnTerminal(error instanceof Error ? error.message : error).slice(0, 1000) },
        ],
        isError: true,
      }),
    );
    last = next;
    return next;
  }

  server.registerTool(
    'open',
    {
      description:
        'Opens a page by URL in a headless browser, or connects to a debugging endpoint (a running Chromium, a phone behind adb forward, Metro, node --inspect). Replaces what was open. Answers with the session.',
      inputSchema: z.object({
        url: z.string().optional().describe('URL of a page'),
        endpoint: z.string().optional().describe('address of a debugging endpoint, such as http://127.0.0.1:9222'),
        target: z.string().optional().describe('with endpoint: words of the title, address or kind'),
      }),
      outputSchema: sessionShape,
    },
    ({ url, endpoint, target: words = '' }) =>
      answering(async () => {
        if ((url === undefined) === (endpoint === undefined)) throw new Error('Give either url or endpoint.');
        await target?.close();
        target = null;
        target = await open(url !== undefined ? { url } : { endpoint: endpoint ?? '', target: words });
        return sessionAnswer(await target.report());
      }),
  );
  server.registerTool(
    'session',
    { description: 'The customer, UUID, token and SDK of what is open, now.', inputSchema: z.object({}), outputSchema: sessionShape },
    () => onTarget(async (one) => sessionAnswer(await one.report())),
  );
  server.registerTool(
    'history',
    {
      description: 'What happened in the session, newest first, with causes: why a UUID or token changed.',
      inputSchema: z.object({
        kinds: z.array(z.enum(KINDS)).optional().describe('only these kinds; to find out why a UUID changed: uuid'),
        limit: z.number().int().min(1).max(100).default(20),
      }),
      outputSchema: z.object({
        entries: z.array(z.object({ at: z.string().nullable(), kind: z.string(), text: z.string() })),
        of: z.number(),
      }),
    },
    ({ kinds, limit }) => onTarget(async (one) => historyAnswer(await one.report(), { kinds, limit }, core.summaryOf)),
  );
  server.registerTool(
    'requests',
    {
      description: "The SDK's requests, newest first.",
      inputSchema: z.object({ onlyProblems: z.boolean().default(false), limit: z.number().int().min(1).max(100).default(20) }),
      outputSchema: z.object({
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
    },
    (filter) => onTarget(async (one) => requestsAnswer(await one.report(), filter, core.requestFailed)),
  );
  server.registerTool(
    'diagnose',
    {
      description: 'Runs all rules: issues of the integration and the session, each with evidence and a fix.',
      inputSchema: z.object({}),
      outputSchema: z.object({
        issues: z.array(
          z.object({ rule: z.string(), severity: z.string(), title: z.string(), evidence: z.array(z.string()), fix: z.string() }),
        ),
      }),
    },
    () => onTarget(async (one) => diagnoseAnswer(await one.report())),
  );
  server.registerTool(
    'run',
    {
      description: `Runs an operation of the SDK and waits for its verdict. What loses something needs confirm: true. Operations: ${Object.keys(core.operations).join(', ')}.`,
      inputSchema: z.object({
        operation: z.string(),
        arguments: z.record(z.string(), z.union([z.string(), z.boolean()])).default({}),
        confirm: z.boolean().default(false).describe('the user has agreed to what is lost'),
      }),
      outputSchema: outcome,
    },
    ({ operation, arguments: args, confirm }) =>
      onTarget(async (one) => {
        const known = Object.hasOwn(core.operations, operation) ? core.operations[operation] : undefined;
        if (!known) throw new Error(`Unknown operation "${operation}". Expected one of ${Object.keys(core.operations).join(', ')}.`);
        const unknown = Object.keys(args).find((name) => !known.includes(name));
        if (unknown !== undefined) throw new Error(`${operation} has no argument "${unknown}". It has: ${known.join(', ') || 'none'}.`);
        const lost = core.lossesOf(operation, args, await one.dialect());
        if (lost.length && !confirm)
          throw new Error(`${operation} was not run: it loses ${lost.join(', ')}. Ask the user, then call it again with confirm: true.`);
        const { ok, got } = await one.run(operation, args);
        return { text: `${operation}: ${got}`, data: { ok, got } };
      }),
  );
  server.registerTool(
    'wait_for',
    {
      description: 'Waits until the session is in a state.',
      inputSchema: z.object({
        identity: z.enum(IDENTITIES).optional(),
        token: z.enum(TOKENS).optional(),
        uuid: z.enum(UUIDS).optional().describe('compared with the UUID in the latest answer'),
        seconds: z.number().min(1).max(120).default(15),
      }),
      outputSchema: outcome,
    },
    ({ seconds, ...wanted }) =>
      onTarget(async (one) => {
        if (!Object.values(wanted).some((value) => value !== undefined)) throw new Error('Give identity, token or uuid.');
        const { ok, got } = await one.waitFor(wanted, seconds * 1000);
        return { text: `${ok ? 'Reached' : `Not reached within ${seconds} s`}: ${got}`, data: { ok, got } };
      }),
  );
  server.registerTool(
    'report',
    {
      description:
        'Writes a report of everything known to a file (.json or .md) for a ticket or a colleague, redacted; without a file, answers with the start of it.',
      inputSchema: z.object({ file: z.string().optional() }),
    },
    ({ file }) =>
      onTarget(async (one) => {
        const report = await one.report();
        if (file === undefined) return { text: reportText(core.markdownOf(report)), data: {} };
        if (!['.json', '.md'].includes(extname(file).toLowerCase())) throw new Error('The file must end with .json or .md.');
        const path = resolve(file);
        // Never over something that is there: the name comes from an agent.
        writeFileSync(path, core.fileText(path, report), { flag: 'wx' });
        return {
          text: `Written to ${path}. Tokens and personal data are ${report.redaction.tokens === 'pseudonym' ? 'pseudonyms' : report.redaction.tokens}.`,
          data: {},
        };
      }),
  );

  const ask = (/** @type {string} */ text) => ({
    messages: [{ role: /** @type {const} */ ('user'), content: { type: /** @type {const} */ ('text'), text } }],
  });
  server.registerPrompt(
    'why-did-the-uuid-change',
    { description: "Why did this customer's UUID change?", argsSchema: z.object({ url: z.string() }) },
    ({ url }) =>
      ask(
        `Find out why the customer's UUID changed on ${url}. Call open with it, then history with kinds ["uuid"]: each entry names its cause. If the cause is a call, history with kinds ["call"] shows who called; if it is a cookie or another tab, say so. Then diagnose, and name the rule that explains it with its fix.`,
      ),
  );
  server.registerPrompt(
    'is-this-integration-right',
    { description: "Is this page's Synerise integration right?", argsSchema: z.object({ url: z.string() }) },
    ({ url }) =>
      ask(
        `Check the Synerise integration of ${url}. Call open, then diagnose. Explain each issue with its evidence and its fix, the most severe first; then requests with onlyProblems. Change nothing on the page without asking.`,
      ),
  );

  return { server, close: async () => void (await target?.close()) };
}
