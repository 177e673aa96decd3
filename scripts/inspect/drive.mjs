// Drives the panel over a debugging port, on a page that is opened in a new headless Chromium or on what is already running: waits
// for the session, runs the steps, collects the report.
import { chromium } from '@playwright/test';
import { addressOf } from '../address.mjs';
import { currentSignal } from '../cancel.mjs';
import { launchOptions, sandboxed, targetIdOf } from '../chromium.mjs';
import { connect } from '../connect.mjs';
import { launchDebugged } from '../debugged.mjs';
import { until } from '../until.mjs';
import { surfaceOf, viewOf } from '../view.mjs';
import { Interrupted, PageError } from './arguments.mjs';

/** Timeout of an operation, including the reads that follow it (ms). */
const PATIENCE = 150_000;
/** Timeout of a `state` step (ms). */
const STATE = 15_000;

/**
 * @typedef {object} StepResult
 * @property {string} step short label
 * @property {boolean} ok
 * @property {string} got actual outcome
 * @property {string} wanted expected outcome
 */

/**
 * @param {import('./arguments.mjs').Asked & { url: string, secrets: string }} asked @param {readonly import('./steps.mjs').Step[]} steps
 * @param {Pick<import('./core.mjs').Core, 'tabOf' | 'readReport'>} core
 * @returns {Promise<{ report: import('../../lib/report/report').Report, steps: readonly StepResult[] }>}
 */
export async function inspect(asked, steps, core) {
  const { later, close } = closing();
  let interrupt = () => {};
  const interrupted = new Promise((_resolve, reject) => {
    interrupt = () => reject(new Interrupted('Interrupted.'));
    for (const signal of SIGNALS) process.once(signal, interrupt);
  });
  try {
    return await Promise.race([drive(asked, steps, core, later), interrupted]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
    await close();
  }
}

/** Collects what to do at the end, and does it once, last first. @returns {{ later: Later, close: () => Promise<void> }} */
function closing() {
  /** @type {(() => Promise<unknown>)[]} */
  const ends = [];
  /** @type {Promise<void> | null} */
  let closed = null;
  // One that fails doesn't keep the others from being done.
  const run = (/** @type {() => Promise<unknown>} */ end) => end().catch(() => undefined);
  return {
    later(end) {
      // Closed while it was being made.
      if (closed) void run(end);
      else ends.unshift(end);
    },
    close() {
      closed ??= (async () => {
        for (const end of ends) await run(end);
      })();
      return closed;
    },
  };
}

/**
 * @param {Parameters<typeof inspect>[0]} asked @param {Parameters<typeof inspect>[1]} steps @param {Parameters<typeof inspect>[2]} core
 * @param {Later} later @returns {ReturnType<typeof inspect>}
 */
async function drive(asked, steps, { tabOf, readReport }, later) {
  const { wait, secrets, connect } = asked;
  const { view, page, settled } = connect === null ? await openPage(asked, later) : await openConnected(asked, connect, later);
  const results = [];
  /** The UUID before the latest step that wasn't a `state` check. */
  let was = await uuidOf(view);
  for (const step of steps) {
    if (step.kind !== 'state') was = await uuidOf(view);
    const result = step.kind === 'state' ? await state(view, step, was) : await take(view, page, step, { tabOf, wait });
    results.push(result);
    // Later steps rely on this one.
    if (!result.ok) break;
  }
  await settled();
  return { report: await reportOf(view, secrets, readReport), steps: results };
}

/**
 * @typedef {(end: () => Promise<unknown>) => void} Later takes what to do at the end, last first
 *
 * @typedef {import('../view.mjs').View<import('../view.mjs').Surface>} Panel
 *
 * @typedef {object} Opened A panel that shows a session.
 * @property {Panel} view
 * @property {import('@playwright/test').Page | null} page the page, if it was opened here
 * @property {() => Promise<unknown>} settled waits until the page's requests have settled
 */

/**
 * @typedef {{ url: string } | { endpoint: string, target: string }} Where
 *
 * @typedef {object} Target A page or app that stays open.
 * @property {() => Promise<import('../../lib/report/report').Report>} report of the current moment, redacted
 * @property {() => Promise<string | null>} dialect of its SDK
 * @property {(operation: string, args: Record<string, string | boolean>) => Promise<{ ok: boolean, got: string, verdict: string | null }>} run `verdict`: `null` if it wasn't run
 * @property {(wanted: { identity?: string | undefined, token?: string | undefined, uuid?: string | undefined }, ms: number) => Promise<{ ok: boolean, got: string }>} waitFor
 * @property {() => Promise<boolean>} isThere whether the panel still works: a browser may have been closed
 * @property {() => Promise<void>} close
 */

/**
 * Opens a page, or connects to what runs at a debugging endpoint, and stays with it. If it is canceled, what it started is closed.
 * @param {Where} where @param {{ wait: number, secrets: string, anyStatus?: boolean, say?: (text: string) => void }} options
 * @param {Parameters<typeof inspect>[2]} core @returns {Promise<Target>}
 */
export async function openTarget(where, { wait, secrets, anyStatus = true, say = () => undefined }, { tabOf, readReport }) {
  const { later, close } = closing();
  const signal = currentSignal();
  const canceled = () => void close();
  signal?.addEventListener('abort', canceled);
  try {
    say('url' in where ? 'Opening the page' : 'Connecting');
    const { view, settled } =
      'url' in where
        ? await openPage({ url: addressOf(where.url), wait, anyStatus }, later)
        : await openConnected({ wait, target: where.target }, where.endpoint, later);
    signal?.throwIfAborted();
    say('Waiting for its requests');
    await settled();
    signal?.throwIfAborted();
    /** The UUID when the latest report was made. @type {string | null} */
    let told = null;
    return {
      async report() {
        told = await uuidOf(view);
        return reportOf(view, secrets, readReport);
      },
      dialect: () => view.attr('dialect', 'data-dialect'),
      async run(operation, args) {
        await view.tab(tabOf(operation));
        return run(view, { kind: 'run', operation, args, anyway: false, expect: ['done'], says: null });
      },
      async waitFor({ identity, token, uuid = null }, ms) {
        const some = (/** @type {string | undefined} */ one) => (one === undefined ? [] : [one]);
        return state(view, { kind: 'state', identity: some(identity), token: some(token), uuid }, told, ms);
      },
      isThere: () => view.there('session-state').catch(() => false),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', canceled);
  }
}

/** Opens a page in a new headless Chromium. @param {Pick<Parameters<typeof inspect>[0], 'url' | 'wait' | 'anyStatus'>} asked @param {Later} later @returns {Promise<Opened>} */
async function openPage({ url, wait, anyStatus }, later) {
  const { page, context, endpoint, close } = await launchDebugged();
  later(close);
  // The inspector is there before the page, so that nothing of its start is missed.
  const view = await panelOf(
    async () => /** @type {import('@playwright/test').Browser} */ (context.browser()),
    { endpoint, words: await targetIdOf(page), wait },
    later,
  );
  await until('the panel', () => view.there('session-state'));
  const blank = (await view.attr('session-state', 'data-document')) ?? '';
  const settled = follow(page);
  // Wait for the commit only: a page may never finish loading, and the panel shows its state meanwhile.
  const answer = await page.goto(url, { timeout: wait, waitUntil: 'commit' }).catch((error) => {
    throw new PageError(`Couldn't open ${url}: ${messageOf(error)}`);
  });
  if (answer && answer.status() >= 400 && !anyStatus)
    throw new PageError(`Server returned ${answer.status()}. Use --any-status to continue anyway.`);
  await session(view, wait, blank);
  return { view, page, settled };
}

/**
 * Connects to what runs at a debugging endpoint. @param {Pick<Parameters<typeof inspect>[0], 'wait' | 'target'>} asked @param {string} endpoint @param {Later} later
 * @returns {Promise<Opened>}
 */
async function openConnected({ wait, target }, endpoint, later) {
  const view = await panelOf(
    async () => {
      const browser = await sandboxed((sandbox) => chromium.launch(launchOptions({ headless: true, sandbox, args: [] })));
      later(() => browser.close());
      return browser;
    },
    { endpoint, words: target, wait },
    later,
  );
  await session(view, wait);
  return { view, page: null, settled: async () => undefined };
}

/**
 * Connects to a target, and opens the panel on it. @param {() => Promise<import('@playwright/test').Browser>} browser to open it in
 * @param {{ endpoint: string, words: string, wait: number }} where @param {Later} later @returns {Promise<Panel>}
 */
async function panelOf(browser, { endpoint, words, wait }, later) {
  const canceled = currentSignal();
  const signal = AbortSignal.any([AbortSignal.timeout(wait), ...(canceled ? [canceled] : [])]);
  const connected = await connect({ endpoint, words, signal });
  later(connected.stop);
  const panel = await (await browser()).newPage();
  // The panel is used as it is being built: only its frame is awaited.
  await panel.goto(connected.address, { waitUntil: 'commit' });
  return viewOf(surfaceOf(panel));
}

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM']);

/** Requests have settled after `STILL` ms without any in flight; the wait for that takes at most `LONGEST` ms. */
const STILL = 700;
const LONGEST = 8000;

/**
 * Tracks a page's requests. Returns a function that waits until they have settled, so that findings don't depend on timing.
 * @param {import('@playwright/test').Page} page @returns {() => Promise<unknown>}
 */
function follow(page) {
  /** @type {Set<import('@playwright/test').Request>} */
  const running = new Set();
  let changed = Date.now();
  const note = (/** @type {() => unknown} */ change) => {
    change();
    changed = Date.now();
  };
  page.on('request', (request) => note(() => running.add(request)));
  for (const end of /** @type {const} */ (['requestfinished', 'requestfailed']))
    page.on(/** @type {any} */ (end), (/** @type {import('@playwright/test').Request} */ request) => note(() => running.delete(request)));
  // A page that polls forever never settles: continue after the timeout.
  return () => until('the requests', () => running.size === 0 && Date.now() - changed >= STILL, LONGEST).catch(() => null);
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message.split('\n')[0] : String(error));

/**
 * Waits until the panel shows a customer, and a token or the reason why there is none.
 * @param {Panel} view @param {number} ms @param {string | null} [left] id of the previous document
 * @throws {PageError} if there is no session
 */
async function session(view, ms, left = null) {
  await view.tab('Session');
  const phase = await until(
    'the session',
    async () => {
      if (left !== null && ((await view.attr('session-state', 'data-document')) ?? '') === left) return null;
      const now = await view.attr('session-state', 'data-phase');
      if (now === 'unreachable') return now;
      // The web view of an in-app message has no customer.
      if (now === 'attached' && (await view.attr('dialect', 'data-dialect')) === 'in-app') return now;
      // Keep waiting: tag managers and consent banners can delay the SDK.
      if (now !== 'attached' || !(await view.text('uuid'))) return null;
      return (await view.attr('token', 'data-read')) === 'true' ? now : null;
    },
    ms,
  ).catch(() => null);
  const now = await view.attr('session-state', 'data-phase');
  if (now === 'unreachable') throw new PageError(`Can't inspect this page. ${(await emptyWords(view)) ?? ''}`.trim());
  // An SDK that never initialized or never loaded isn't an error here: the rules report it.
  const isThere = (await view.there('dialect')) && (await view.attr('dialect', 'data-dialect')) !== null;
  if (now === 'absent' && !isThere) throw new PageError(`No Synerise SDK found on this page. ${(await emptyWords(view)) ?? ''}`.trim());
  if (now === 'attached' && phase === null) throw new PageError(`Couldn't read customer and token within ${ms / 1000} s.`);
  if (now === 'searching') throw new PageError(`No session found within ${ms / 1000} s.`);
}
/** The panel's explanation of why it shows nothing. @param {Panel} view */
const emptyWords = (view) => view.text('empty-why').catch(() => null);

/** @param {Panel} view */
const stateOf = async (view) => ({
  identity: (await view.attr('session-state', 'data-identity')) ?? 'unknown',
  token: (await view.attr('token', 'data-token')) ?? 'none',
  uuid: await view.text('uuid'),
});

/**
 * @param {Panel} view @param {import('@playwright/test').Page | null} page @param {Exclude<import('./steps.mjs').Step, { kind: 'state' }>} step
 * @param {{ tabOf: (operation: string) => string, wait: number }} options
 * @returns {Promise<StepResult>}
 */
async function take(view, page, step, { tabOf, wait }) {
  if (step.kind === 'run') {
    await view.tab(tabOf(step.operation));
    const { verdict: _, ...result } = await run(view, step);
    return result;
  }
  if (!page) return { step: step.kind, ok: false, got: 'Not possible with --connect: the page belongs to its user.', wanted: 'a session' };
  const address = step.kind === 'goto' ? new URL(step.path, page.url()).href : page.url();
  const left = (await view.attr('session-state', 'data-document')) ?? '';
  try {
    if (step.kind === 'goto') await page.goto(address, { timeout: wait, waitUntil: 'commit' });
    else await page.reload({ timeout: wait, waitUntil: 'commit' });
    await session(view, wait, left);
  } catch (error) {
    return { step: step.kind === 'goto' ? `goto ${step.path}` : 'reload', ok: false, got: `${messageOf(error)}`, wanted: 'a session' };
  }
  return { step: step.kind === 'goto' ? `goto ${step.path}` : 'reload', ok: true, got: 'a session', wanted: 'a session' };
}

/** @param {Panel} view */
async function uuidOf(view) {
  await view.tab('Session');
  return view.text('uuid');
}

/** @param {Panel} view @param {import('./steps.mjs').RunStep} step @returns {Promise<StepResult & { verdict: string | null }>} */
async function run(view, { operation, args, anyway, expect, says }) {
  const wanted = `${expect.join(' or ')}${says === null ? '' : ` with “${says}”`}`;
  const ended = (/** @type {boolean} */ ok, /** @type {string} */ got, /** @type {string | null} */ verdict = null) => ({
    step: operation,
    ok,
    got,
    wanted,
    verdict,
  });
  const button = `action-${operation}`;
  if (!(await until(`the button of ${operation}`, () => view.there(button), 5000).catch(() => false)))
    return ended(false, 'Not available in this SDK.');
  if ((await view.attr(button, 'data-binding')) === 'unavailable')
    return ended(expect.includes('unavailable'), `unavailable: ${await view.attr(button, 'title')}`);
  if ((await view.disabled(button)) && !anyway)
    return ended(false, `Not allowed in this state: ${await view.attr(button, 'title')} (use "anyway": true to force)`);
  try {
    const begun = anyway && (await view.disabled(button)) ? await runAnyway(view, operation, args) : await view.begin(operation, args);
    const { verdict, text } = await view.ended(begun, PATIENCE);
    const ok = expect.includes(verdict ?? '') && (says === null || text.includes(says));
    // On success the result's text is omitted: account data doesn't belong in a CI log.
    if (ok) return ended(true, `${verdict}`, verdict);
    return ended(
      false,
      verdict === 'done'
        ? `done${says === null ? '' : ", but the result doesn't contain it"}`
        : `${verdict}: ${text.replace(/\s+/g, ' ').slice(0, 500)}`,
      verdict,
    );
  } catch (error) {
    const why = await view.text('operation-wrong').catch(() => null);
    return ended(false, why ?? `Didn't run: ${messageOf(error)}`);
  }
}

/** @param {Panel} view @param {string} operation @param {import('../view.mjs').Args} args */
async function runAnyway(view, operation, args) {
  await view.click(`action-${operation}`);
  await until('its form', () => view.there(`form-${operation}`));
  for (const [name, value] of Object.entries(args)) await view.fill(name, value);
  return view.submit('run-anyway');
}

/**
 * @param {Panel} view @param {import('./steps.mjs').StateStep} step
 * @param {string | null} was the UUID to compare with @param {number} ms @returns {Promise<StepResult>}
 */
async function state(view, { identity, token, uuid }, was, ms = STATE) {
  const wanted = [
    ...(identity.length ? [`identity ${identity.join(' or ')}`] : []),
    ...(token.length ? [`token ${token.join(' or ')}`] : []),
    ...(uuid === null ? [] : [`UUID ${uuid}`]),
  ].join(', ');
  await view.tab('Session');
  const fits = async () => {
    const now = await stateOf(view);
    if (identity.length && !identity.includes(now.identity)) return false;
    if (token.length && !token.includes(now.token)) return false;
    return uuid === null || (uuid === 'changed') === (now.uuid !== was);
  };
  const ok = await until('the state', fits, ms).catch(() => false);
  const now = await stateOf(view);
  return { step: 'state', ok, wanted, got: `identity ${now.identity}, token ${now.token}, UUID ${now.uuid === was ? 'same' : 'changed'}` };
}

/**
 * Has the panel make a report of the current moment, for which it runs the rules again.
 * @param {Panel} view @param {string} secrets @param {import('./core.mjs').Core['readReport']} readReport
 */
async function reportOf(view, secrets, readReport) {
  await view.tab('Diagnostics');
  for (const kind of ['tokens', 'personal']) await view.type(`redact-${kind}`, secrets);
  // An earlier one must not be taken for it.
  await until('the earlier report to go', async () => !(await view.there('report-ready')));
  await view.click('make-report');
  await until('the report', async () => (await view.there('report-ready')) || (await view.there('report-failed')), 60_000);
  if (await view.there('report-failed')) throw new Error(String(await view.text('report-failed')));
  const read = readReport(await view.saved('save-report'));
  if ('problem' in read) throw new Error(read.problem);
  return read.report;
}
