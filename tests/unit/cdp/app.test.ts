// The script for apps, in legacy Hermes (React Native up to 0.83) and in Node.js: the same replies from both.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_SCRIPT, openApp } from '@/lib/cdp/app-place';
import type { Connection } from '@/lib/cdp/connection';
import { APP_BELL } from '@/lib/page/app-events';
import type { AgentReply, AgentRequest } from '@/lib/page/wire';
import { parseAgentReply } from '@/lib/protocol/agent';
import { appScript } from '@/scripts/node-build.mjs';

const ORIGIN = 'app://com.example.shop';
/** An app that hands over an SDK of React Native, in the syntax of old engines. */
const APP = `
  var clock = 0;
  var Client = {
    getUUID: function () { return '3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11'; },
    isSignedIn: function () { return false; },
    regenerateUUIDWithClientIdentifier: function () {},
    retrieveToken: function (ok) { ok({ tokenString: 'a.b.c', origin: 'ANONYMOUS', expirationDate: new Date(4e12) }); },
    refreshToken: function (ok) { ok(true); },
  };
  var app = { Client: Client, isInitialized: function () { return true; } };
  globalThis[Symbol.for('synerise.inspector')] = { pending: [[app, { name: 'shop' }]] };`;

let script = '';
const folder = mkdtempSync(join(tmpdir(), 'hermes-'));
beforeAll(async () => {
  script = await appScript();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The engine's program for this machine, as its package names the folders. */
function hermes(): string {
  const home = dirname(createRequire(import.meta.url).resolve('hermes-engine-cli/package.json'));
  const [system, name] = { darwin: ['osx', 'hermes'], win32: ['win64', 'hermes.exe'] }[process.platform as string] ?? ['linux64', 'hermes'];
  return join(home, `${system}-bin`, name ?? '');
}

/** Evaluates all expressions so far in a new Hermes, and returns the value of the last. */
function inHermes(): (expression: string) => unknown {
  const before: string[] = [];
  return (expression) => {
    const file = join(folder, 'app.js');
    writeFileSync(file, `${APP}\n${before.map((one) => `(${one});`).join('\n')}\nprint(JSON.stringify({ value: (${expression}) }));`);
    before.push(expression);
    const told = execFileSync(hermes(), [file], { encoding: 'utf8' });
    return (JSON.parse(told.trim().split('\n').at(-1) ?? '{}') as { value?: unknown }).value;
  };
}

/** Evaluates in one realm of Node.js that has no timers, as the engine's program hasn't. */
function inNode(): (expression: string) => unknown {
  const realm = createContext({});
  runInContext(APP, realm);
  return (expression) => runInContext(`(${expression})`, realm);
}

/** A debugging connection to an engine that, like Hermes, ignores `awaitPromise`. */
function connectionTo(evaluate: (expression: string) => unknown): { readonly connection: Connection; ring(): void } {
  const listeners: Parameters<Connection['listen']>[0][] = [];
  const connection = {
    async send(method: string, params: { readonly expression?: string } = {}) {
      if (method !== 'Runtime.evaluate') return {};
      if (params.expression === 'Promise.resolve(1)') return { result: { value: {} } };
      return { result: { value: evaluate(params.expression ?? '') } };
    },
    listen: (listener: (typeof listeners)[number]) => void listeners.push(listener),
    closed: new Promise<string>(() => undefined),
    close: () => undefined,
  } as unknown as Connection;
  return {
    connection,
    ring() {
      for (const listener of listeners) listener({ method: 'Runtime.bindingCalled', params: { name: APP_BELL }, session: undefined });
    },
  };
}

const request = (more: Partial<AgentRequest> = {}): AgentRequest => ({
  origin: null,
  now: 0,
  cursor: 0,
  document: null,
  wait: 0,
  showing: true,
  client: null,
  ...more,
});

/** An agent's reply to the first request of a view, without what differs between two runs. */
async function first(evaluate: (expression: string) => unknown): Promise<Partial<AgentReply>> {
  const { connection } = connectionTo(evaluate);
  const place = await openApp(
    connection,
    { text: (file) => (file === APP_SCRIPT ? script : '') },
    { rang: () => undefined, at: () => undefined, cookie: () => undefined },
    ORIGIN,
  );
  expect(await place.call(null, request())).toBe(`${ORIGIN}\n`);
  await place.run(null, []);
  const { document, at, reports, ...rest } = parseAgentReply(await place.call(null, request()));
  expect(document).not.toBe('');
  expect(at).toBeGreaterThan(0);
  return { ...rest, reports: reports.map((one) => ({ ...one, at: 0, ...('loaded' in one && { loaded: 0 }) })) as AgentReply['reports'] };
}

it('replies the same in Hermes as in Node.js, with customer and SDK', async () => {
  const reply = await first(inHermes());
  expect(reply).toEqual(await first(inNode()));
  expect(reply).toMatchObject({
    origin: ORIGIN,
    path: '',
    bare: false,
    missing: [],
    reports: [
      { kind: 'page', clients: [{ dialect: 'react-native', place: 'shop', state: 'ready' }], load: 'loaded', frames: 0 },
      { kind: 'sample', uuid: '3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11', signedIn: false },
    ],
  });
});

describe('an app', () => {
  const engine = async (evaluate: (expression: string) => unknown) => {
    let rang = 0;
    const { connection, ring } = connectionTo(evaluate);
    const place = await openApp(
      connection,
      { text: () => script },
      { rang: () => (rang += 1), at: () => undefined, cookie: () => undefined },
      ORIGIN,
    );
    return { place, ring, rang: () => rang };
  };

  it('that can’t hold a request is asked again at its bell, and not before', async () => {
    let asked = 0;
    const still = { document: 'd1', reports: [] as unknown[] };
    const { place, ring, rang } = await engine(() => {
      asked += 1;
      return JSON.stringify(asked < 2 ? still : { ...still, reports: [1] });
    });
    const answer = place.call(null, request({ document: 'd1', wait: 60_000 }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(1);
    ring();
    expect(await answer).toContain('"reports":[1]');
    expect(rang()).toBe(1);
  });

  it('gets nothing that is meant for another origin', async () => {
    const { place } = await engine(() => {
      throw new Error('It was evaluated.');
    });
    expect(await place.call(null, request({ origin: 'https://shop.example' }))).toBe(`${ORIGIN}\n!moved`);
  });

  it.each([
    ['text of any length', () => 'x'.repeat(600_000)],
    ['something that is no text', () => 7],
  ])('that answers %s in the agent’s place is hostile', async (_, answer) => {
    const realm = createContext({});
    runInContext(
      `${APP}\nglobalThis[Symbol.for('synerise.inspector.agent')] = { get version() { return this.v; }, exchange: function () { return ${JSON.stringify(answer())}; } };`,
      realm,
    );
    const { place } = await engine((expression) => {
      const { AGENT } = { AGENT: /version !== (\d+)/.exec(expression)?.[1] };
      runInContext(`globalThis[Symbol.for('synerise.inspector.agent')].v = ${AGENT};`, realm);
      return runInContext(`(${expression})`, realm);
    });
    const told = await place.call(null, request());
    expect(() => parseAgentReply(typeof told === 'string' ? told : null)).toThrow();
  });

  it('has no globals of ours but the agent, under a symbol, and not even that one after it was left', async () => {
    const realm = createContext({});
    runInContext(APP, realm);
    const names = () => (runInContext('Reflect.ownKeys(globalThis).map(String)', realm) as string[]).sort();
    const before = names();
    const { place } = await engine((expression) => runInContext(`(${expression})`, realm));
    await place.run(null, []);
    expect(names()).toEqual([...before, 'Symbol(synerise.inspector.agent)'].sort());
    await place.leave();
    expect(names()).toEqual(before);
  });
});
