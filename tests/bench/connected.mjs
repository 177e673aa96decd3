import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import WebSocket from 'ws';
import { startSandbox } from '../../sandbox/server.mjs';
import { launchOptions } from '../../scripts/chromium.mjs';
import { launchDebugged } from '../../scripts/debugged.mjs';
import { built } from '../../scripts/node-build.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { until } from '../../scripts/until.mjs';
import { closedLater, compare, interleave, PROBE } from './support.mjs';

export const title = 'Over a debugging port: from the command to the UUID painted, and operations, against a bare Runtime.evaluate';

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  await built('inspector.mjs', 'app.js', 'panel-runtime.js');
  const sandbox = await startSandbox();
  bench.defer(() => sandbox.close());
  const { page, endpoint } = await closedLater(bench, launchDebugged());
  await page.goto(`${sandbox.origin}/`);
  await page.waitForFunction(() => Reflect.get(globalThis, 'sandboxSdk')?.held().token);
  const viewer = await chromium.launch(launchOptions({ headless: true, args: [] }));
  bench.defer(() => viewer.close());
  const evaluate = await bareEvaluate(endpoint, bench.defer);

  /** Runs the command, opens the panel, and waits until it shows the UUID. */
  async function open() {
    const started = performance.now();
    const command = spawn(process.execPath, [join(ROOT, 'scripts', 'start.mjs'), '--connect', endpoint], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    command.stdout.on('data', (chunk) => (said += chunk));
    const address = await until('the address', () => /Panel: (\S+)/.exec(said)?.[1], 30_000);
    const panel = await viewer.newPage();
    await panel.addInitScript(PROBE);
    await panel.goto(address, { waitUntil: 'commit' });
    await panel.waitForFunction(() => Reflect.get(globalThis, 'bench').seen.length > 0);
    const ms = performance.now() - started;
    const close = async () => {
      await panel.close();
      const ended = new Promise((resolve) => command.once('exit', resolve));
      command.kill('SIGINT');
      await ended;
    };
    return { panel, ms, close };
  }

  const opened = await interleave(bench.runs, {
    async command() {
      const { ms, close } = await open();
      await close();
      return ms;
    },
    evaluate,
  });
  const { panel, close } = await open();
  bench.defer(close);
  const operate = async (/** @type {string} */ operation) => {
    await panel.waitForFunction(
      (id) => document.querySelector(`[data-testid="${id}"]`)?.getAttribute('aria-disabled') === 'false',
      `action-${operation}`,
    );
    const { ms, verdict, text } = await panel.evaluate((name) => Reflect.get(globalThis, 'bench').operate(name), operation);
    if (verdict !== 'done') throw new Error(`${operation} ended with ${verdict}: ${text}`);
    return Number(ms);
  };
  const ran = await interleave(bench.runs, { getUUID: () => operate('getUUID'), refreshToken: () => operate('refreshToken'), evaluate });
  const against = 'a bare Runtime.evaluate';
  return [
    compare({ name: 'command → UUID', against, unit: 'ms' }, opened.command, opened.evaluate),
    compare({ name: 'getUUID', against, unit: 'ms' }, ran.getUUID, ran.evaluate),
    compare({ name: 'refreshToken', against, unit: 'ms' }, ran.refreshToken, ran.evaluate),
  ];
}

/** Times `1 + 1` in the first page, over a separate connection. @param {string} endpoint @param {import('./support.mjs').Bench['defer']} defer */
async function bareEvaluate(endpoint, defer) {
  const [{ webSocketDebuggerUrl }] = await (await fetch(`${endpoint}/json/list`)).json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((resolve) => socket.once('open', resolve));
  defer(() => socket.close());
  let last = 0;
  return async () => {
    last += 1;
    const started = performance.now();
    const answer = new Promise((resolve) => socket.once('message', resolve));
    socket.send(JSON.stringify({ id: last, method: 'Runtime.evaluate', params: { expression: '1 + 1', returnByValue: true } }));
    await answer;
    return performance.now() - started;
  };
}
