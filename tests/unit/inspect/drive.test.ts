// What `npm run inspect` does with a page: its steps, its report, and what it says of a page without a session. The
// browser is the inspector in Node; `tests/browser/inspect.spec.ts` has the command line drive a real one.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Report } from '@/lib/report/report';
import { askedFor, EXIT } from '../../../scripts/inspect/arguments.mjs';
import { type Core, loadCore } from '../../../scripts/inspect/core.mjs';
import { inspect } from '../../../scripts/inspect/drive.mjs';
import { table } from '../../../scripts/inspect/print.mjs';
import { readSteps } from '../../../scripts/inspect/steps.mjs';
import { LOADED_LONG_AGO } from '../fakes/documents';
import { type NodeInspector, openInspector } from '../fakes/inspector';
import { commandLine } from './command-line';

vi.setConfig({ testTimeout: 60_000 });
const browser = vi.hoisted(() => ({ launch: async (): Promise<unknown> => null }));
vi.mock('../../../scripts/chromium.mjs', () => ({ targetIdOf: async () => 'the page' }));
vi.mock('../../../scripts/debugged.mjs', () => ({ launchDebugged: () => browser.launch() }));
vi.mock('../../../scripts/connect.mjs', () => ({ connect: async () => ({ address: 'the panel', stop: async () => undefined }) }));

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

/** Pages that loaded long ago: what is not there by then is absent. */
const SHOP = readFileSync(new URL('../../../sandbox/shop/index.html', import.meta.url), 'utf8');
const FILES = { '/empty': LOADED_LONG_AGO, '/nowhere': LOADED_LONG_AGO, '/': SHOP.replace('<head>', `<head>${LOADED_LONG_AGO}`) };

let inspector: NodeInspector;
let closed: number;
let folder: string;
beforeEach(async () => {
  inspector = await openInspector({ files: FILES });
  closed = 0;
  folder = mkdtempSync(join(tmpdir(), 'inspect-drive-'));
  browser.launch = async () => {
    const tab = await inspector.open('/empty');
    let address = '';
    const goto = async (url: string) => {
      const { status } = await fetch(url);
      address = url;
      await tab.goto(url);
      return { status: () => status };
    };
    const page = { on: () => undefined, url: () => address, goto, reload: () => tab.reload() };
    const newPage = async () => ({ ...(await inspector.panel(tab)).target, goto: async () => null });
    return {
      page,
      context: { browser: () => ({ newPage }) },
      async close() {
        closed += 1;
      },
    };
  };
});
afterEach(async () => {
  // The browser ends, whatever came.
  expect(closed).toBeGreaterThan(0);
  await inspector.close();
  rmSync(folder, { recursive: true });
});

type Looked = Awaited<ReturnType<typeof inspect>>;
/** Looks at a page of the shop, waiting for it as long as `wait` says (s). */
function look(
  path: string,
  { steps = [], wait = '15', args = [] }: { steps?: object[]; wait?: string; args?: string[] } = {},
): Promise<Looked> {
  const file = join(folder, 'steps.json');
  writeFileSync(file, JSON.stringify(steps));
  const url = /^http/.test(path) ? path : `${inspector.origin}${path}`;
  const asked = askedFor([url, '--wait', wait, ...args]);
  return inspect({ ...asked, url, secrets: 'pseudonym' }, steps.length ? readSteps(file, core.operations, process.env) : [], core);
}
const told = (report: Report, steps: Looked['steps'] = []) => ({
  ...{ report, setup: core.setupOf(report), findings: report.findings, muted: [], broken: [], steps, failed: false },
});
const rulesOf = ({ findings }: Report) => findings.map(({ rule }) => rule);

describe('a script', () => {
  it('whose step ends otherwise than expected says what came, and runs nothing after it', async () => {
    const steps = [{ run: 'signIn', with: { email: 'ada@shop.example', password: 'wrong-one' } }, { run: 'destroySession' }];
    const looked = await look('/', { steps });
    expect(looked.steps).toMatchObject([{ step: 'signIn', ok: false, wanted: 'done' }]);
    const printed = table(told(looked.report, looked.steps), core);
    expect(printed).toMatch(/FAIL {2}signIn\s+expected: done\s+actual: +failed: .*401/);
    expect(printed).not.toContain('wrong-one');
    expect(printed).not.toContain('destroySession');
    expect((await inspector.auth.requests()).filter(({ path }) => path.includes('logout'))).toEqual([]);
  });

  it('says why a step could not be run', async () => {
    const { steps } = await look('/?sdk=web', { steps: [{ run: 'signIn', expect: 'unavailable' }, { run: 'refreshToken' }] });
    expect(steps).toMatchObject([{ ok: true }, { ok: false, got: expect.stringMatching(/^unavailable: ./) }]);
  });
});

describe('a page', () => {
  it.each([
    ['without an SDK', '/empty', [], /No Synerise SDK found on this page\./],
    ['that its server does not have', '/nowhere', [], /Server returned 404/],
    ['that its server does not have, looked at all the same', '/nowhere', ['--any-status'], /No Synerise SDK found on this page\./],
    ['without a server', 'http://127.0.0.1:9/', [], /Couldn't open/],
  ])('%s ends the run with a sentence', async (_what, path, args, words) => {
    await expect(look(path, { wait: '1', args })).rejects.toMatchObject({ exit: EXIT.page, message: expect.stringMatching(words) });
  });

  it('whose SDK comes late is waited for', async () => {
    const { report } = await look('/?sdk=web&late=1000');
    expect(report).toMatchObject({ session: { phase: 'attached' }, findings: [] });
  });
});

it('findings of a report fail where --fail-on asks for it, mutes are heard, and a new report has less in it', async () => {
  const { report } = await look('/?sdk=web&never', { wait: '1' });
  expect(rulesOf(report)).toEqual(['snippet-without-sdk']);
  expect(table(told(report), core)).toContain('[snippet-without-sdk]');
  const [file, again] = [join(folder, 'never.json'), join(folder, 'again.json')];
  writeFileSync(file, core.writeReport(report));
  const mute = ['--mute', 'snippet-without-sdk'];
  const [found, fine, muted, rewritten] = await Promise.all([
    commandLine('--check', file, '--fail-on', 'warning'),
    commandLine('--check', file),
    commandLine('--check', file, '--fail-on', 'info', ...mute),
    commandLine('--check', file, '--report', again, '--secrets', 'removed', ...mute),
  ]);
  expect([found.code, fine.code, muted.code, rewritten.code]).toEqual([EXIT.findings, EXIT.fine, EXIT.fine, EXIT.fine]);
  expect(muted.out).toContain('Hidden: snippet-without-sdk');
  expect(JSON.parse(readFileSync(again, 'utf8'))).toMatchObject({
    redaction: { tokens: 'removed' },
    findings: [],
    muted: ['snippet-without-sdk'],
  });
});
