import { Script } from 'node:vm';
import { inject, vi } from 'vitest';
import type { AgentHandle } from '@/lib/page/handle';
import type { AgentReply, AgentReport, AgentRequest, Awaited, Setup } from '@/lib/page/wire';
import { type OperationName, SESSION_OPERATION_NAMES } from '@/lib/sdk/operations';

export type Callback = (value?: unknown) => unknown;
export type ReportOf<K extends AgentReport['kind']> = Extract<AgentReport, { kind: K }>;

/** When a test's page finished loading (epoch ms). */
export const LOADED = Date.UTC(2026, 0, 1);

/** The page's navigation timing entry: its address and navigation type. */
const ENTRY = { name: 'https://shop.example/sale?from=mail#top', type: 'navigate' };

/** Installs fake timers and a page's globals. Import the modules under test afterwards. */
export function openPage(): void {
  vi.useFakeTimers({ now: LOADED });
  vi.resetModules();
  modules = undefined;
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('length', 0);
  vi.stubGlobal('document', { readyState: 'complete', cookie: '', scripts: [] });
  vi.stubGlobal('location', { origin: 'https://shop.example', hostname: 'shop.example', pathname: '/', search: '', reload: vi.fn() });
  stubPerformance(MINUTE);
}

const MINUTE = 60_000;

/** Stubs `performance` of a page that was opened before the test. @param age the age of its document (ms) */
export function stubPerformance(age: number): void {
  vi.stubGlobal('performance', {
    timeOrigin: Date.now() - age,
    now: () => Date.now() - LOADED + 500,
    getEntriesByType: () => [{ ...ENTRY, loadEventEnd: 500 }],
  });
}

export function closePage(): void {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, 'Synerise');
  vi.useRealTimers();
}

/** Whether `name` is a session operation. The fakes here have no account methods, which have their own tests. */
export const ofSession = (name: OperationName): boolean => (SESSION_OPERATION_NAMES as readonly string[]).includes(name);

export interface Answer {
  readonly ok: Callback | undefined;
  readonly bad: Callback | undefined;
}

/** A React Native SDK whose pending calls the test answers. */
export function fakeSdk() {
  const state = {
    uuid: 'uuid-1',
    signedIn: false,
    simpleAuth: false,
    initialized: true,
    /** Whether `retrieveToken` answers immediately, without the test. */
    prompt: true,
    token: { tokenString: 'secret-1', expirationDate: new Date(LOADED + 3_600_000), rlm: 'client', origin: 'ANONYMOUS' } as unknown,
  };
  const waiting = { retrieveToken: [] as Answer[], refreshToken: [] as Answer[], signOutWithMode: [] as Answer[], signIn: [] as Answer[] };
  let generation = 1;
  const renew = () => {
    generation += 1;
    state.uuid = `uuid-${generation}`;
  };
  const methods = {
    getUUID: vi.fn((): unknown => state.uuid),
    isSignedIn: vi.fn((): unknown => state.signedIn),
    isSignedInViaSimpleAuthentication: vi.fn((): unknown => state.simpleAuth),
    retrieveToken: vi.fn((ok?: Callback | null, bad?: Callback | null) => {
      if (state.prompt) ok?.(state.token);
      else waiting.retrieveToken.push({ ok: ok ?? undefined, bad: bad ?? undefined });
    }),
    refreshToken: vi.fn((ok?: Callback, bad?: Callback) => {
      waiting.refreshToken.push({ ok, bad });
    }),
    regenerateUUID: vi.fn(renew),
    regenerateUUIDWithClientIdentifier: vi.fn((seed: unknown) => {
      state.uuid = `uuid-of-${String(seed)}`;
    }),
    signOut: vi.fn(() => {
      state.signedIn = false;
    }),
    signOutWithMode: vi.fn((_mode: unknown, _all: unknown, ok?: Callback, bad?: Callback) => {
      waiting.signOutWithMode.push({ ok, bad });
    }),
    signIn: vi.fn((_email: string, _password: string, ok?: Callback, bad?: Callback) => {
      waiting.signIn.push({ ok, bad });
    }),
    destroySession: vi.fn(renew),
    setClientStateChangeListener: vi.fn(),
  };
  const client = { ...methods };
  const synerise = { version: '1.7.0', isInitialized: () => state.initialized, Client: client };
  return { state, waiting, methods, client, synerise };
}

export type FakeSdk = ReturnType<typeof fakeSdk>;

type Modules = Pick<typeof import('@/lib/page/agent'), 'createAgent'> &
  Pick<typeof import('@/lib/page/driver'), 'createClient'> &
  Pick<typeof import('@/lib/sdk/dialects'), 'TABLES'>;
/** Compiled once for all tests: importing the modules again for each takes ten times as long. */
const MODULES = new Script(inject('pageScripts').modules, { filename: 'page-modules.js' });
/** Evaluated again for each page, because modules keep the built-ins that they find. */
let modules: Modules | undefined;

/** An agent on the page, queried like the background does, with cursor and document id. `bare` leaves out the client driver. */
export async function startAgent({ bare = false, ...setup }: Partial<Setup> & { bare?: boolean } = {}) {
  modules ??= MODULES.runInThisContext() as Modules;
  const { createAgent, createClient, TABLES } = modules;
  return new Asker(createAgent({ id: 't', dialects: TABLES, places: [], ...setup }, bare ? null : createClient));
}

export class Asker {
  document: string | null = null;
  cursor = 0;
  readonly reports: AgentReport[] = [];

  constructor(readonly handle: AgentHandle) {}

  /** Sends one exchange and returns the agent's unparsed reply. */
  raw(request: Partial<AgentRequest> = {}): string | Awaited {
    const asked = { origin: null, now: Date.now(), cursor: this.cursor, document: this.document, wait: 0, showing: true, client: null };
    // Cloned as in a real transfer: nothing is shared.
    return this.handle.exchange(structuredClone({ ...asked, ...request }));
  }

  take(text: string): AgentReport[] {
    const reply = JSON.parse(text) as AgentReply;
    this.document = reply.document;
    this.cursor = reply.reports.at(-1)?.seq ?? this.cursor;
    this.reports.push(...reply.reports);
    return [...reply.reports];
  }

  ask(request: Partial<AgentRequest> = {}): AgentReport[] {
    const answer = this.raw(request);
    if (typeof answer !== 'string') throw new Error('The agent answered with a promise.');
    return this.take(answer);
  }

  run(id: string, operation: string, args: Record<string, unknown> = {}, client = 1, deadline = 10_000): AgentReport[] {
    const command = { kind: 'run', id, document: this.document, origin: 'https://shop.example', client, operation, args, deadline };
    return this.ask({ command } as unknown as Partial<AgentRequest>);
  }

  /** Advances time with an exchange every 100 ms, like the background's page loop. */
  async pass(ms: number, request: Partial<AgentRequest> = {}): Promise<AgentReport[]> {
    const all: AgentReport[] = [];
    for (let passed = 0; passed < ms; passed += 100) {
      await vi.advanceTimersByTimeAsync(Math.min(100, ms - passed));
      all.push(...this.ask(request));
    }
    return all;
  }
}

export function only<K extends AgentReport['kind']>(reports: readonly AgentReport[], kind: K): ReportOf<K>[] {
  return reports.filter((report): report is ReportOf<K> => report.kind === kind);
}
