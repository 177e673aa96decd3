// The MCP server: offers tools, guides and docs, and lets one call at a time work on what is open.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { cancelable } from '../cancel.mjs';
import { ROOT } from '../setup.mjs';
import { linesOnTerminal } from '../terminal.mjs';
import { NOTE, quoted, ToolError } from './answers.mjs';
import { DOCS, GUIDES, uriOf } from './guides.mjs';
import { TOOLS } from './tools.mjs';

/**
 * @typedef {import('./tools.mjs').Target} Target
 * @typedef {import('./tools.mjs').Where} Where
 *
 * @typedef {object} Options
 * @property {(where: Where, say: (text: string) => void) => Promise<Target>} open
 * @property {Where | null} first opened by the first call that needs something open
 * @property {import('../inspect/core.mjs').Core} core
 * @property {string} version
 */

/** @param {Options} options */
export function createMcpServer({ open, first, core, version }) {
  const server = new McpServer({ name: 'synerise-inspector', version });
  const held = createHolder(open, first);
  /** Calls run one at a time: they share one panel. @type {Promise<unknown>} */
  let last = Promise.resolve();

  for (const { name, about, hints, input, output, run } of TOOLS) {
    const shapes = { inputSchema: input, ...(output && { outputSchema: output }) };
    server.registerTool(name, { description: about(core), annotations: hints, ...shapes }, (args, context) => {
      const { signal } = context.mcpReq;
      const progress = progressOf(context);
      const work = async () => {
        signal.throwIfAborted();
        try {
          const { text, data } = await run(args, { core, progress, ...held.during(progress) });
          return { content: [textOf(text)], structuredContent: data };
        } catch (error) {
          const gone = (await held.dropIfGone()) ? 'The browser was closed, or the target is gone. Call open again.\n' : '';
          return { content: [textOf(gone + whyOf(error))], isError: true };
        }
      };
      const next = last.then(() => cancelable(signal, work));
      last = next.catch(() => undefined);
      return next;
    });
  }
  for (const { name, about, text } of GUIDES)
    server.registerPrompt(name, { description: about, argsSchema: z.object({ url: z.string() }) }, ({ url }) => ({
      messages: [{ role: 'user', content: textOf(text(url)) }],
    }));
  for (const doc of DOCS)
    server.registerResource(doc.name, uriOf(doc), { title: doc.title, description: doc.about, mimeType: 'text/markdown' }, ({ href }) => ({
      contents: [{ uri: href, mimeType: 'text/markdown', text: readFileSync(join(ROOT, doc.file), 'utf8') }],
    }));
  return {
    server,
    async close() {
      // A call that is canceled closes what it started.
      await Promise.race([last, pause(LONGEST_CLOSE, undefined, { ref: false })]);
      await held.close();
    },
  };
}

/** How long the end waits for a call that is under way (ms). */
const LONGEST_CLOSE = 5000;

/** An error for an agent: what isn't our own text may be a page's. @param {unknown} error */
function whyOf(error) {
  if (error instanceof ToolError) return linesOnTerminal(error.message).slice(0, 1000);
  const lines = (error instanceof Error ? error.message : String(error)).slice(0, 1000).split('\n');
  return [...lines.map((line) => quoted(line)), '', NOTE].join('\n');
}

/** @param {string} text */
const textOf = (text) => ({ type: /** @type {const} */ ('text'), text });

/** Holds what is open. @param {Options['open']} open @param {Where | null} first */
function createHolder(open, first) {
  /** @type {Target | null} */
  let held = null;
  /** Opened if nothing else is: an agent may not know the address. */
  let fallback = first;
  const close = async () => {
    const one = held;
    held = null;
    await one?.close();
  };
  return {
    close,
    /** Forgets a target that doesn't answer any more; returns whether it did. */
    async dropIfGone() {
      if (!held || (await held.isThere())) return false;
      await close().catch(() => undefined);
      return true;
    },
    /** What a call may do with it. @param {import('./tools.mjs').Call['progress']} progress */
    during(progress) {
      /** @param {Where} where */
      const replace = async (where) => {
        await close();
        held = await open(where, progress);
        return held;
      };
      const target = async () => {
        if (!held && fallback) await replace(fallback);
        if (!held) throw new ToolError('Nothing is open. Call open with a url, or with the address of a debugging endpoint, first.');
        return held;
      };
      return {
        async open(/** @type {Where} */ where) {
          fallback = null;
          return replace(where);
        },
        target,
        report: async () => (await target()).report(),
      };
    },
  };
}

/**
 * Tells the client how far a call is, if it wants to know.
 * @param {import('@modelcontextprotocol/server').ServerContext} context @returns {import('./tools.mjs').Call['progress']}
 */
function progressOf({ mcpReq }) {
  const progressToken = mcpReq._meta?.progressToken;
  let told = 0;
  return (message) => {
    if (progressToken === undefined) return;
    // It must grow; how many steps there are isn't known.
    told += 1;
    // A client that is gone needs no progress.
    mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: told, message } }).catch(() => undefined);
  };
}
