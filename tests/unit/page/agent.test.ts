import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentReply, AgentRequest, Awaited } from '@/lib/page/wire';
import { type Asker, closePage, type FakeSdk, fakeSdk, LOADED, ofSession, only, openPage, startAgent } from './page';

let sdk: FakeSdk;

beforeEach(() => {
  openPage();
  sdk = fakeSdk();
  vi.stubGlobal('Synerise', sdk.synerise);
});
afterEach(closePage);

const nothing = () => undefined;
const reads = () => sdk.methods.retrieveToken.mock.calls.length;

/** An agent that has reported its first sample and token. */
async function attached(): Promise<Asker> {
  const agent = await startAgent();
  agent.ask();
  await agent.pass(1000);
  return agent;
}

describe('attaching', () => {
  it('does nothing before the first exchange', async () => {
    await startAgent();
    await vi.advanceTimersByTimeAsync(60_000);
    for (const method of Object.values(sdk.methods)) expect(method).not.toHaveBeenCalled();
    expect(sdk.client).toEqual(sdk.methods);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reports page, sample and token', async () => {
    const agent = await startAgent();
    const reports = agent.ask();
    expect(reports).toEqual([
      {
        seq: 1,
        at: LOADED,
        kind: 'page',
        absent: false,
        strays: [],
        frames: 0,
        load: 'loaded',
        entered: '/sale?from=mail',
        by: 'navigate',
        loaded: LOADED - 60_000,
        clients: [
          {
            ref: 1,
            dialect: 'react-native',
            place: 'Synerise.Client',
            version: '1.7.0',
            state: 'ready',
            missing: expect.any(Array),
            unobserved: expect.any(Array),
          },
        ],
      },
      {
        seq: 2,
        at: LOADED,
        kind: 'sample',
        client: 1,
        uuid: 'uuid-1',
        signedIn: false,
        simpleAuth: false,
        trouble: null,
        facts: { doNotTrack: null },
        cookies: [],
        stored: [],
      },
      {
        seq: 3,
        at: LOADED,
        kind: 'token',
        client: 1,
        how: 'success',
        error: null,
        none: false,
        token: {
          raw: 'secret-1',
          origin: 'ANONYMOUS',
          realm: 'client',
          clientId: null,
          customId: null,
          expiresAt: LOADED + 3_600_000,
          nearExpiry: null,
        },
      },
    ]);
  });

  it('reports its document id and time', async () => {
    const [one, two] = [await startAgent(), await startAgent()];
    const replies = [one, two].map((agent) => JSON.parse(agent.raw() as string) as AgentReply);
    expect(replies[0]).toMatchObject({ path: '/', at: LOADED });
    expect(replies[0]?.document).toMatch(/^[0-9a-z]{10,}$/);
    expect(replies[0]?.document).not.toBe(replies[1]?.document);
  });

  it('requests the token once', async () => {
    const agent = await attached();
    await agent.pass(10_000);
    expect(reads()).toBe(1);
    expect(only(agent.reports, 'token')).toHaveLength(1);
    expect(only(agent.reports, 'sample')).toHaveLength(1);
    expect(only(agent.reports, 'page')).toHaveLength(1);
  });

  it('requests the token once when the answer takes a while', async () => {
    sdk.state.prompt = false;
    const agent = await startAgent();
    agent.ask();
    await agent.pass(700);
    expect(reads()).toBe(1);
    sdk.waiting.retrieveToken[0]?.ok?.(sdk.state.token);
    await agent.pass(3000);
    expect(reads()).toBe(1);
    expect(only(agent.reports, 'token')).toHaveLength(1);
  });

  it('requests the token once when the first exchange is repeated before the token arrives', async () => {
    sdk.state.prompt = false;
    const agent = await startAgent();
    for (let again = 0; again < 5; again += 1) agent.raw({ document: null, cursor: 0 });
    expect(reads()).toBe(1);
  });

  it('reports the sample together with a prompt token, or alone after 100 ms', async () => {
    sdk.state.prompt = false;
    const agent = await startAgent();
    expect(only(agent.ask(), 'sample')).toEqual([]);
    await vi.advanceTimersByTimeAsync(60);
    sdk.waiting.retrieveToken[0]?.ok?.(sdk.state.token);
    expect(agent.ask().map(({ kind }) => kind)).toEqual(['sample', 'token']);

    const other = await startAgent();
    expect(only(other.ask(), 'sample')).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(other.ask().map(({ kind }) => kind)).toEqual(['sample']);
  });

  it('repeats page, sample and token for an unknown document id or cursor', async () => {
    const agent = await attached();
    const lost = JSON.parse(agent.raw({ cursor: 999 }) as string) as AgentReply;
    expect(lost.document).toBe(agent.document);
    const other = JSON.parse(agent.raw({ document: 'another' }) as string) as AgentReply;
    expect(other.reports[0]?.seq).toBe(1);
    const last = other.reports.slice(-6).map(({ kind }) => kind);
    expect(last).toEqual(['page', 'sample', 'token', 'page', 'sample', 'token']);
  });

  it('returns the same reports until the cursor moves', async () => {
    const agent = await startAgent();
    agent.ask();
    const first = JSON.parse(agent.raw({ cursor: 0 }) as string) as AgentReply;
    const again = JSON.parse(agent.raw({ cursor: 0 }) as string) as AgentReply;
    expect(again.reports).toEqual(first.reports);
    expect((JSON.parse(agent.raw({ cursor: 2 }) as string) as AgentReply).reports).toEqual(first.reports.slice(2));
  });

  it('lists the operations the client lacks and the methods that cannot be observed', async () => {
    const { destroySession: _, ...rest } = sdk.client;
    vi.stubGlobal('Synerise', { Client: Object.freeze(rest) });
    const agent = await startAgent();
    const [page] = only(agent.ask(), 'page');
    expect(page?.clients[0]?.missing.filter(ofSession)).toEqual(['destroySession']);
    expect(page?.clients[0]?.unobserved).toEqual(expect.arrayContaining(['refreshToken', 'retrieveToken', 'signIn', 'getUUID']));
  });
});

describe('pages without a client', () => {
  it('reports a client that appears late', async () => {
    vi.stubGlobal('Synerise', undefined);
    const agent = await startAgent();
    const entry = { entered: '/sale?from=mail', by: 'navigate', loaded: LOADED - 60_000 };
    expect(agent.ask()).toEqual([
      { seq: 1, at: LOADED, kind: 'page', clients: [], absent: false, load: 'loaded', strays: [], frames: 0, ...entry },
    ]);
    await agent.pass(1000);
    vi.stubGlobal('Synerise', sdk.synerise);
    const reports = await agent.pass(300);
    expect(reports.map(({ kind }) => kind)).toEqual(['page', 'sample']);
    expect(only(reports, 'page')[0]?.clients).toMatchObject([{ ref: 1, state: 'ready' }]);
    // The token is read only after the new client has settled.
    expect(only(await agent.pass(2000), 'token')).toHaveLength(1);
  });

  it('reports a client once it becomes ready, and leaves it alone until then', async () => {
    sdk.state.initialized = false;
    const agent = await startAgent();
    const [page] = only(agent.ask(), 'page');
    expect(page?.clients).toMatchObject([{ ref: 0, state: 'not-initialised', version: '1.7.0' }]);
    await agent.pass(500);
    for (const method of Object.values(sdk.methods)) expect(method).not.toHaveBeenCalled();
    expect(sdk.client).toEqual(sdk.methods);
    sdk.state.initialized = true;
    expect(only(await agent.pass(300), 'page')[0]?.clients).toMatchObject([{ ref: 1, state: 'ready' }]);
  });

  it('reports the SDK as absent 2 s after load, and still finds a later client', async () => {
    vi.stubGlobal('Synerise', undefined);
    const agent = await startAgent();
    agent.ask();
    expect(await agent.pass(1900)).toEqual([]);
    expect(await agent.pass(400)).toMatchObject([{ kind: 'page', clients: [], absent: true }]);
    vi.stubGlobal('Synerise', sdk.synerise);
    expect(only(await agent.pass(1100), 'page')).toMatchObject([{ absent: false, clients: [{ ref: 1 }] }]);
  });

  it('does not report the SDK as absent while the page loads, until loading counts as stuck', async () => {
    vi.stubGlobal('Synerise', undefined);
    vi.stubGlobal('document', { readyState: 'interactive' });
    const agent = await startAgent();
    agent.ask();
    expect(await agent.pass(7900)).toEqual([]);
    // A stuck load counts as absent after 8 s; a later client is still found.
    expect(await agent.pass(1100)).toMatchObject([{ kind: 'page', load: 'stuck', absent: true }]);
    vi.stubGlobal('Synerise', sdk.synerise);
    expect(only(await agent.pass(1100), 'page')).toMatchObject([{ absent: false, clients: [{ ref: 1 }] }]);
  });

  it('gives a replacement client a new number and unwraps the old one', async () => {
    const agent = await attached();
    const old = sdk;
    sdk = fakeSdk();
    sdk.state.uuid = 'uuid-other';
    vi.stubGlobal('Synerise', sdk.synerise);
    const reports = await agent.pass(1000);
    expect(only(reports, 'page')).toMatchObject([{ clients: [{ ref: 2 }] }]);
    expect(only(reports, 'sample')).toMatchObject([{ client: 2, uuid: 'uuid-other' }]);
    // The client has just started: reading its token now could cancel the page's own first call.
    expect(only(reports, 'token')).toEqual([]);
    expect(only(await agent.pass(2000), 'token')).toMatchObject([{ client: 2, how: 'success' }]);
    expect(reads()).toBe(1);
    expect(old.client).toEqual(old.methods);
    expect(sdk.client.refreshToken).not.toBe(sdk.methods.refreshToken);
  });

  it('stays ready, and requests the token at most once a second, when the getter returns a new client each time', async () => {
    const { methods } = sdk;
    // The next look happens while the first token is still pending.
    sdk.state.prompt = false;
    const begun = Date.now();
    vi.stubGlobal('Synerise', {
      isInitialized: () => true,
      get Client() {
        return { ...methods };
      },
    });
    const agent = await attached();
    const reports = [...agent.reports, ...(await agent.pass(5000))];
    expect(new Set(only(reports, 'page').flatMap(({ clients }) => clients.map(({ state }) => state)))).toEqual(new Set(['ready']));
    expect(reads()).toBeLessThanOrEqual(1 + (Date.now() - begun) / 1000);
  });

  it('survives hostile getters and recovers', async () => {
    vi.stubGlobal(
      'Synerise',
      Object.defineProperty({}, 'Client', {
        get() {
          throw new Error('hostile');
        },
      }),
    );
    const agent = await startAgent();
    expect(agent.ask()).toMatchObject([{ kind: 'page', clients: [{ ref: 0, state: 'not-initialised' }] }]);
    vi.stubGlobal('Synerise', sdk.synerise);
    expect(only(await agent.pass(300), 'page')).toMatchObject([{ clients: [{ ref: 1 }] }]);
  });
});

describe('sampling', () => {
  it('reports a changed UUID and changed flags once, and reads the token again', async () => {
    const agent = await attached();
    sdk.state.uuid = 'uuid-changed';
    sdk.state.signedIn = true;
    const reports = await agent.pass(1000);
    expect(only(reports, 'sample')).toMatchObject([{ uuid: 'uuid-changed', signedIn: true, simpleAuth: false }]);
    expect(reads()).toBe(2);
    await agent.pass(5000);
    expect(reads()).toBe(2);
  });

  it('samples once a second, and more often for 3 s after a page call', async () => {
    const agent = await attached();
    sdk.methods.getUUID.mockClear();
    await agent.pass(10_000);
    expect(sdk.methods.getUUID.mock.calls.length).toBeLessThanOrEqual(11);
    sdk.client.signOut();
    sdk.methods.getUUID.mockClear();
    await agent.pass(3000);
    expect(sdk.methods.getUUID.mock.calls.length).toBeGreaterThanOrEqual(9);
    expect(sdk.methods.getUUID.mock.calls.length).toBeLessThanOrEqual(20);
    sdk.methods.getUUID.mockClear();
    await agent.pass(10_000);
    expect(sdk.methods.getUUID.mock.calls.length).toBeLessThanOrEqual(12);
  });

  it.each<[string, unknown, RegExp]>([
    ['an empty string', '', /^empty$/],
    ['a huge string', 'x'.repeat(10_000), /characters/],
    ['an object', { id: 1 }, /"id":1/],
    ['nothing', undefined, /^empty$/],
  ])('reports why the UUID cannot be read: %s', async (_name, uuid, trouble) => {
    sdk.methods.getUUID.mockReturnValue(uuid);
    const agent = await attached();
    expect(only(agent.reports, 'sample')).toMatchObject([{ uuid: null, trouble: expect.stringMatching(trouble) }]);
  });

  it('reports what getUUID threw', async () => {
    sdk.methods.getUUID.mockImplementation(() => {
      throw new Error('bridge gone');
    });
    const agent = await attached();
    expect(only(agent.reports, 'sample')).toMatchObject([{ uuid: null, trouble: 'threw bridge gone', signedIn: false }]);
  });

  it('restores the listener setter when no view shows the page', async () => {
    const agent = await attached();
    expect(sdk.client.setClientStateChangeListener).not.toBe(sdk.methods.setClientStateChangeListener);
    agent.ask({ showing: false });
    expect(sdk.client.setClientStateChangeListener).toBe(sdk.methods.setClientStateChangeListener);
    expect(sdk.methods.setClientStateChangeListener).not.toHaveBeenCalled();
  });

  it('stops reporting a listener’s calls once no view shows the page', async () => {
    const agent = await attached();
    const onClientSignedOut = vi.fn();
    (sdk.client.setClientStateChangeListener as (one: object) => void)({ onClientSignedOut });
    agent.ask({ showing: false });
    (sdk.methods.setClientStateChangeListener.mock.calls[0] as unknown as [{ onClientSignedOut(): void }])[0].onClientSignedOut();
    expect(onClientSignedOut).toHaveBeenCalledTimes(1);
    expect(only(agent.ask({ showing: false }), 'state')).toEqual([]);
  });
});

describe('reading the token', () => {
  it('runs one read at a time', async () => {
    const agent = await attached();
    sdk.state.prompt = false;
    agent.ask({ command: { kind: 'read' } });
    agent.ask({ command: { kind: 'read' } });
    sdk.state.uuid = 'uuid-changed';
    await agent.pass(2000);
    expect(sdk.waiting.retrieveToken).toHaveLength(1);
    sdk.waiting.retrieveToken[0]?.ok?.(sdk.state.token);
    expect(sdk.waiting.retrieveToken).toHaveLength(2);
    sdk.waiting.retrieveToken[1]?.ok?.(sdk.state.token);
    await agent.pass(2000);
    expect(sdk.waiting.retrieveToken).toHaveLength(2);
  });

  it('reads again on command', async () => {
    const agent = await attached();
    expect(only(agent.ask({ command: { kind: 'read' } }), 'token')).toHaveLength(1);
    expect(reads()).toBe(2);
  });

  it('reads once when a command and a changed sample coincide', async () => {
    const agent = await attached();
    sdk.state.uuid = 'uuid-changed';
    agent.ask({ command: { kind: 'read' } });
    expect(reads()).toBe(2);
  });

  it('reports the newest token last when the session changes as an answer arrives', async () => {
    const agent = await attached();
    sdk.state.prompt = false;
    agent.ask({ command: { kind: 'read' } });
    sdk.state.prompt = true;
    sdk.state.uuid = 'uuid-changed';
    const older = sdk.state.token;
    sdk.state.token = { tokenString: 'newer' };
    sdk.waiting.retrieveToken[0]?.ok?.(older);
    expect(only(agent.ask(), 'token').map(({ token }) => token?.raw)).toEqual(['secret-1', 'newer']);
  });

  it('waits for the last of several pending calls', async () => {
    await attached();
    sdk.client.refreshToken(nothing, nothing);
    sdk.client.signIn('a@b.c', 'password', nothing, nothing);
    sdk.waiting.refreshToken[0]?.ok?.(true);
    expect(reads()).toBe(1);
    sdk.waiting.signIn[0]?.bad?.({ code: 1, message: 'no' });
    expect(reads()).toBe(2);
  });

  it('waits while the page’s retrieveToken with one callback is pending', async () => {
    const agent = await attached();
    sdk.state.prompt = false;
    sdk.client.retrieveToken(nothing, null);
    sdk.state.uuid = 'uuid-changed';
    await agent.pass(3000);
    expect(sdk.waiting.retrieveToken).toHaveLength(1);
  });

  it('stops waiting after 10 s for a call that never ends', async () => {
    const agent = await attached();
    sdk.client.refreshToken(nothing, nothing);
    sdk.state.uuid = 'uuid-changed';
    await agent.pass(9900);
    expect(reads()).toBe(1);
    await agent.pass(200);
    expect(reads()).toBe(2);
  });

  it('reads after a page call with callbacks, on success and on error', async () => {
    const agent = await attached();
    sdk.client.refreshToken(nothing, nothing);
    sdk.waiting.refreshToken[0]?.ok?.(true);
    expect(reads()).toBe(2);
    sdk.client.refreshToken(undefined, nothing);
    sdk.waiting.refreshToken[1]?.bad?.({ code: 1, message: 'no' });
    expect(reads()).toBe(3);
    expect(only(agent.ask(), 'token')).toHaveLength(2);
  });

  it('reads immediately and again a second later after a page call without callbacks', async () => {
    const agent = await attached();
    sdk.client.refreshToken();
    expect(reads()).toBe(2);
    await agent.pass(900);
    expect(reads()).toBe(2);
    await agent.pass(300);
    expect(reads()).toBe(3);
    await agent.pass(5000);
    expect(reads()).toBe(3);
  });

  it('uses the result of the page’s retrieveToken instead of its own read', async () => {
    const agent = await attached();
    sdk.state.prompt = false;
    const page = vi.fn();
    sdk.client.retrieveToken(page, nothing);
    const fresh = { tokenString: 'secret-2', expirationDate: new Date(LOADED + 7_200_000) };
    sdk.waiting.retrieveToken[0]?.ok?.(fresh);
    expect(page.mock.calls).toEqual([[fresh]]);
    const reports = await agent.pass(3000);
    expect(only(reports, 'token')).toMatchObject([{ how: 'success', token: { raw: 'secret-2' } }]);
    expect(reads()).toBe(2);
  });

  it('reads once when the token expires, not repeatedly', async () => {
    sdk.state.token = { tokenString: 'short', expirationDate: new Date(LOADED + 5000) };
    const agent = await attached();
    await agent.pass(3800);
    expect(reads()).toBe(1);
    await agent.pass(1500);
    expect(reads()).toBe(2);
    await agent.pass(10_000);
    expect(reads()).toBe(2);
  });

  it('reads when each new token expires', async () => {
    sdk.state.token = { tokenString: 'short', expirationDate: new Date(LOADED + 5000) };
    const agent = await attached();
    sdk.state.token = { tokenString: 'next', expirationDate: new Date(LOADED + 10_000) };
    await agent.pass(20_000);
    expect(reads()).toBe(3);
    expect(only(agent.reports, 'token').map(({ token }) => token?.raw)).toEqual(['short', 'next', 'next']);
  });

  it('reports an error of a read', async () => {
    const agent = await attached();
    sdk.state.prompt = false;
    agent.ask({ command: { kind: 'read' } });
    sdk.waiting.retrieveToken[0]?.bad?.({ code: 401, message: 'expired' });
    expect(only(agent.ask(), 'token')).toMatchObject([
      { how: 'error', token: null, error: { code: 401, message: 'expired', detail: { code: 401, message: 'expired' } } },
    ]);
  });

  it('ends a read at the deadline when the SDK never answers', async () => {
    sdk.methods.retrieveToken.mockImplementation(nothing);
    const agent = await startAgent();
    agent.ask();
    await agent.pass(9800);
    expect(only(agent.reports, 'token')).toEqual([]);
    await agent.pass(400);
    expect(only(agent.reports, 'token')).toMatchObject([{ how: 'deadline', token: null, error: null }]);
  });
});

describe('running an operation', () => {
  it('calls the method on the client and reports started and settled', async () => {
    const agent = await attached();
    const started = agent.run('id-1', 'refreshToken');
    expect(started).toMatchObject([{ kind: 'started', id: 'id-1', client: 1 }]);
    expect(sdk.methods.refreshToken.mock.contexts).toEqual([sdk.client]);
    expect(sdk.methods.refreshToken.mock.contexts[0]).toBe(sdk.client);
    await vi.advanceTimersByTimeAsync(300);
    sdk.waiting.refreshToken[0]?.ok?.(true);
    const reports = agent.ask();
    expect(only(reports, 'settled')).toMatchObject([{ id: 'id-1', how: 'success', value: true, error: null, ms: 300 }]);
    expect(only(reports, 'token')).toHaveLength(1);
  });

  it('runs the same id once', async () => {
    const agent = await attached();
    agent.run('id-1', 'regenerateUUID');
    agent.run('id-1', 'regenerateUUID');
    agent.run('id-2', 'regenerateUUID');
    expect(sdk.methods.regenerateUUID).toHaveBeenCalledTimes(2);
    expect(only(agent.reports, 'settled').map(({ id }) => id)).toEqual(['id-1', 'id-2']);
  });

  it.each(['another', null])('refuses a command for the document %s', async (document) => {
    const agent = await attached();
    const command = {
      kind: 'run',
      id: 'id-1',
      document: '',
      origin: '',
      client: 1,
      operation: 'destroySession',
      args: {},
      deadline: 1000,
      notAfter: Number.MAX_SAFE_INTEGER,
    } as const;
    const reply = JSON.parse(agent.raw({ document, command }) as string) as AgentReply;
    await agent.pass(2000);
    expect(sdk.methods.destroySession).not.toHaveBeenCalled();
    expect(reply.document).toBe(agent.document);
    expect(only([...reply.reports, ...agent.reports], 'started')).toEqual([]);
    expect(only([...reply.reports, ...agent.reports], 'settled')).toEqual([]);
  });

  it.each([
    ['ahead', 3_600_000],
    ['behind', -3_600_000],
  ])('judges by the background’s clock whether a command is too late, with the page’s clock an hour %s', async (_, off) => {
    const agent = await attached();
    const asker = Date.now();
    const command = { kind: 'run', document: agent.document ?? '', origin: '', client: 1, args: {}, deadline: 1000 } as const;
    vi.setSystemTime(asker + off);
    // The first exchange reveals the clock's jump, the second that it runs on from there.
    agent.ask({ now: asker });
    vi.setSystemTime(asker + off + 300);
    agent.ask({ now: asker + 300 });
    agent.ask({ now: asker + 300, command: { ...command, id: 'in time', operation: 'destroySession', notAfter: asker + 301 } });
    expect(sdk.methods.destroySession).toHaveBeenCalledTimes(1);
    agent.ask({ now: asker + 302, command: { ...command, id: 'late', operation: 'signOut', notAfter: asker + 301 } });
    expect(sdk.methods.signOut).not.toHaveBeenCalled();
  });

  it('does not run a command that a blocked page receives too late, and runs the next one', async () => {
    const agent = await attached();
    const sent = Date.now();
    const command = { kind: 'run', id: 'id-1', document: agent.document ?? '', origin: '', client: 1, args: {}, deadline: 1000 } as const;
    vi.setSystemTime(sent + 15_000);
    // One exchange was queued before the command, one after it.
    agent.ask({ now: sent - 3000 });
    agent.ask({ now: sent, command: { ...command, operation: 'destroySession', notAfter: sent + 12_500 } });
    agent.ask({ now: sent + 3000, command: { ...command, operation: 'destroySession', notAfter: sent + 12_500 } });
    expect(sdk.methods.destroySession).not.toHaveBeenCalled();
    const now = Date.now();
    agent.ask({ now, command: { ...command, id: 'id-2', operation: 'signOut', notAfter: now + 12_500 } });
    expect(sdk.methods.signOut).toHaveBeenCalledTimes(1);
  });

  it('does not call a client that was just replaced', async () => {
    const agent = await attached();
    const other = fakeSdk();
    vi.stubGlobal('Synerise', other.synerise);
    const reports = agent.run('id-1', 'destroySession');
    expect(only(reports, 'settled')).toMatchObject([{ id: 'id-1', how: 'missing' }]);
    expect(sdk.methods.destroySession).not.toHaveBeenCalled();
    expect(other.methods.destroySession).not.toHaveBeenCalled();
  });

  it('reports a missing method', async () => {
    const agent = await attached();
    Reflect.deleteProperty(sdk.client, 'destroySession');
    expect(only(agent.run('id-1', 'destroySession'), 'settled')).toMatchObject([{ id: 'id-1', how: 'missing', value: null }]);
    expect(only(agent.run('id-2', 'noSuchThing'), 'settled')).toMatchObject([{ id: 'id-2', how: 'missing' }]);
  });

  it('reports an operation as missing when its name is one that every object has', async () => {
    const agent = await attached();
    expect(only(agent.run('id-1', 'constructor'), 'settled')).toMatchObject([{ id: 'id-1', how: 'missing' }]);
  });

  it('passes the arguments in the SDK’s order, callbacks last', async () => {
    const agent = await attached();
    agent.run('id-1', 'signOutWithMode', { fromAllDevices: true, mode: 'SIGN_OUT' });
    agent.run('id-2', 'regenerateUUIDWithClientIdentifier', { clientIdentifier: 'seed' });
    expect(sdk.methods.signOutWithMode.mock.calls).toEqual([['SIGN_OUT', true, expect.any(Function), expect.any(Function)]]);
    expect(sdk.methods.regenerateUUIDWithClientIdentifier.mock.calls).toEqual([['seed']]);
  });

  it('reports the new UUID and reads the token after a synchronous operation', async () => {
    const agent = await attached();
    const reports = agent.run('id-1', 'regenerateUUID');
    expect(reports.map(({ kind }) => kind)).toEqual(['started', 'sample', 'settled', 'token']);
    expect(only(reports, 'sample')).toMatchObject([{ uuid: 'uuid-2' }]);
    expect(reads()).toBe(2);
  });

  it.each([
    true,
    null,
    undefined,
    { tokenString: '' },
  ])('reports an error when retrieveToken succeeds with %o, which is not a token', async (answer) => {
    const agent = await attached();
    sdk.state.token = answer;
    const reports = agent.run('id-1', 'retrieveToken');
    expect(only(reports, 'settled')).toMatchObject([{ how: 'error', value: null, error: { message: 'The SDK returned no token.' } }]);
    expect(only(reports, 'token')).toMatchObject([{ how: 'success', token: null, none: false }]);
  });

  it('returns the value of getUUID and reads no token after it', async () => {
    const agent = await attached();
    expect(only(agent.run('id-1', 'getUUID'), 'settled')).toMatchObject([{ how: 'success', value: 'uuid-1' }]);
    expect(reads()).toBe(1);
  });

  it('reports a late answer, and settles once', async () => {
    const agent = await attached();
    agent.run('id-1', 'refreshToken', {}, 1, 1000);
    expect(only(await agent.pass(1100), 'settled')).toMatchObject([{ id: 'id-1', how: 'deadline', error: null }]);
    sdk.waiting.refreshToken[0]?.ok?.(true);
    sdk.waiting.refreshToken[0]?.bad?.({ code: 1, message: 'no' });
    const reports = agent.ask();
    expect(only(reports, 'settled')).toEqual([]);
    expect(only(reports, 'late')).toMatchObject([
      { id: 'id-1', how: 'success' },
      { id: 'id-1', how: 'error' },
    ]);
  });

  it('reports an error and a throw of the SDK', async () => {
    const agent = await attached();
    agent.run('id-1', 'refreshToken');
    sdk.waiting.refreshToken[0]?.bad?.({ code: 100, message: 'not linked' });
    expect(only(agent.ask(), 'settled')).toMatchObject([{ how: 'error', value: null, error: { code: 100, message: 'not linked' } }]);
    sdk.methods.signOut.mockImplementation(() => {
      throw new Error('native');
    });
    expect(only(agent.run('id-2', 'signOut'), 'settled')).toMatchObject([{ how: 'threw', error: { message: 'native' } }]);
  });

  it('lets an operation overtake a passive read, and ignores that read’s result', async () => {
    const agent = await attached();
    sdk.state.prompt = false;
    agent.ask({ command: { kind: 'read' } });
    agent.run('id-1', 'retrieveToken');
    expect(sdk.waiting.retrieveToken).toHaveLength(2);
    sdk.waiting.retrieveToken[1]?.ok?.({ tokenString: 'operation', expirationDate: null });
    sdk.waiting.retrieveToken[0]?.ok?.({ tokenString: 'read', expirationDate: null });
    expect(only(agent.ask(), 'token').map(({ token }) => token?.raw)).toEqual(['operation']);
  });

  it('starts no passive read while its own retrieveToken operation is pending', async () => {
    const agent = await attached();
    sdk.state.prompt = false;
    agent.run('id-1', 'retrieveToken');
    sdk.state.uuid = 'uuid-changed';
    await agent.pass(2000);
    expect(sdk.waiting.retrieveToken).toHaveLength(1);
    sdk.client.signOut();
    await agent.pass(2500);
    expect(sdk.waiting.retrieveToken).toHaveLength(1);
  });
});

describe('secrets', () => {
  const secretsOf = (agent: Asker) => agent.reports.filter((report) => JSON.stringify(report).includes('secret'));

  it('puts a retrieved token into the token report only', async () => {
    const agent = await attached();
    const reports = agent.run('id-1', 'retrieveToken');
    expect(only(reports, 'settled')).toMatchObject([{ how: 'success', value: null }]);
    expect(only(reports, 'token')).toMatchObject([{ how: 'success', token: { raw: 'secret-1' } }]);
    expect(secretsOf(agent).map(({ kind }) => kind)).toEqual(['token', 'token']);
  });

  it('puts a token returned by refreshToken, as in older vendor samples, into a token report only', async () => {
    const agent = await attached();
    agent.run('id-1', 'refreshToken');
    sdk.waiting.refreshToken[0]?.ok?.(sdk.state.token);
    agent.ask();
    expect(new Set(secretsOf(agent).map(({ kind }) => kind))).toEqual(new Set(['token']));
  });

  it('reports a page call’s arguments and error without the password, even if the SDK repeats it', async () => {
    const agent = await attached();
    sdk.client.signIn('ada@mail', 'secret-password', nothing, nothing);
    sdk.waiting.signIn[0]?.bad?.({ code: 1, message: 'not secret-password' });
    await agent.pass(3000);
    const [called, ended] = only(agent.reports, 'call').map(({ detail }) => detail);
    expect(called).toMatchObject({ args: ['ada@mail', '[secret]', '[function]', '[function]'] });
    expect(ended).toMatchObject({ error: { code: 1, message: 'not [secret]' } });
    expect(JSON.stringify(agent.reports)).not.toContain('secret-password');
  });

  it('has only the documented members on its handle', async () => {
    const agent = await attached();
    expect(Reflect.ownKeys(agent.handle).sort()).toEqual(['equip', 'exchange', 'kit', 'look', 'revert', 'setup', 'version']);
  });
});

describe('wrapping and the lease', () => {
  const wrapped = () => sdk.client.refreshToken !== sdk.methods.refreshToken;

  it('wraps while a view shows the page', async () => {
    await attached();
    expect(wrapped()).toBe(true);
    expect(sdk.client.getUUID).not.toBe(sdk.methods.getUUID);
  });

  it('does not wrap for an exchange that does not show the page', async () => {
    const agent = await startAgent();
    agent.ask({ showing: false });
    await agent.pass(3000, { showing: false });
    expect(sdk.client).toEqual(sdk.methods);
  });

  it('unwraps when the page is no longer shown, and stays unwrapped', async () => {
    const agent = await attached();
    agent.ask({ showing: false });
    expect(sdk.client).toEqual(sdk.methods);
    await agent.pass(3000, { showing: false });
    expect(sdk.client).toEqual(sdk.methods);
  });

  it('unwraps 8 s after the last exchange, and wraps again with the next', async () => {
    const agent = await attached();
    await vi.advanceTimersByTimeAsync(7900);
    expect(wrapped()).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(sdk.client).toEqual(sdk.methods);
    agent.ask();
    expect(wrapped()).toBe(true);
  });

  it('leaves no timer running once exchanges stop', async () => {
    await attached();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('makes no SDK calls of its own once unwrapped, even if the page kept a wrapped method', async () => {
    const agent = await attached();
    const kept = sdk.client.refreshToken;
    agent.handle.revert();
    const before = reads();
    kept.call(sdk.client);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(sdk.methods.refreshToken).toHaveBeenCalledTimes(1);
    expect(reads()).toBe(before);
  });

  it('reverts even while an exchange waits', async () => {
    const agent = await attached();
    void agent.raw({ wait: 6000 });
    await vi.advanceTimersByTimeAsync(500);
    agent.handle.revert();
    expect(sdk.client).toEqual(sdk.methods);
    await vi.advanceTimersByTimeAsync(3000);
    expect(sdk.client).toEqual(sdk.methods);
  });
});

describe('asking only for the list of clients', () => {
  it('touches nothing: no getter of the client, no token, no wrapper, no timer', async () => {
    const agent = await startAgent();
    const reports = agent.ask({ list: true, showing: false });
    expect(reports).toMatchObject([{ seq: 0, kind: 'page', clients: [{ ref: 1, state: 'ready', unobserved: [] }] }]);
    await vi.advanceTimersByTimeAsync(20_000);
    agent.ask({ list: true, showing: true, client: 1 });
    for (const method of Object.values(sdk.methods)) expect(method).not.toHaveBeenCalled();
    expect(sdk.client).toEqual(sdk.methods);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('looks again each time and never waits', async () => {
    const agent = await startAgent();
    for (let again = 0; again < 3; again += 1)
      expect(agent.ask({ list: true, wait: 5000 })).toMatchObject([{ seq: 0, kind: 'page', clients: [{ ref: 1 }] }]);
    vi.stubGlobal('Synerise', undefined);
    expect(agent.ask({ list: true })).toMatchObject([{ clients: [] }]);
  });

  it('does not change the lease, the shown client or the sampling rate of a view that shows the page', async () => {
    const agent = await attached();
    sdk.methods.getUUID.mockClear();
    for (let again = 0; again < 5; again += 1) agent.raw({ list: true, showing: false, client: null });
    expect(sdk.methods.getUUID).not.toHaveBeenCalled();
    expect(sdk.client.refreshToken).not.toBe(sdk.methods.refreshToken);
    await vi.advanceTimersByTimeAsync(7000);
    agent.raw({ list: true, showing: true });
    await vi.advanceTimersByTimeAsync(1000);
    expect(sdk.client).toEqual(sdk.methods);
  });

  it('runs no command', async () => {
    const agent = await attached();
    agent.raw({
      list: true,
      command: {
        kind: 'run',
        id: 'id-1',
        document: '',
        origin: '',
        client: 1,
        operation: 'destroySession',
        args: {},
        deadline: 1000,
        notAfter: Number.MAX_SAFE_INTEGER,
      },
    });
    expect(sdk.methods.destroySession).not.toHaveBeenCalled();
  });
});

describe('several clients', () => {
  const KEY = Symbol.for('synerise.inspector');
  let other: FakeSdk;
  beforeEach(() => {
    other = fakeSdk();
    other.state.uuid = 'uuid-other';
    Object.defineProperty(globalThis, KEY, { value: { pending: [[other.synerise, { name: 'bundled' }]] }, configurable: true });
  });
  afterEach(() => Reflect.deleteProperty(globalThis, KEY));
  const untouched = ({ client, methods }: FakeSdk) => {
    expect(client).toEqual(methods);
    for (const method of Object.values(methods)) expect(method).not.toHaveBeenCalled();
  };

  it('are all listed, but only the first is sampled, read and wrapped', async () => {
    const agent = await attached();
    expect(
      only(agent.reports, 'page')
        .at(-1)
        ?.clients.map(({ ref, place }) => [ref, place]),
    ).toEqual([
      [1, 'Synerise.Client'],
      [2, 'bundled'],
    ]);
    untouched(other);
    expect(new Set(only(agent.reports, 'sample').map(({ client }) => client))).toEqual(new Set([1]));
  });

  it('are shown one at a time: the previous one is unwrapped, and the new one is fully reported', async () => {
    const agent = await attached();
    sdk.methods.getUUID.mockClear();
    const reports = agent.ask({ client: 2 });
    expect(reports.map(({ kind }) => kind)).toEqual(['page', 'sample', 'token']);
    expect(only(reports, 'sample')).toMatchObject([{ client: 2, uuid: 'uuid-other' }]);
    expect(sdk.client).toEqual(sdk.methods);
    expect(other.client.refreshToken).not.toBe(other.methods.refreshToken);
    await agent.pass(3000, { client: 2 });
    expect(sdk.methods.getUUID).not.toHaveBeenCalled();
    const back = agent.ask({ client: 1 });
    expect(only(back, 'sample')).toMatchObject([{ client: 1, uuid: 'uuid-1' }]);
    expect(other.client).toEqual(other.methods);
  });

  it('show the first when the requested client does not exist', async () => {
    const agent = await startAgent();
    agent.ask();
    expect(agent.ask({ client: 99 })).toEqual([]);
    untouched(other);
  });

  it('of one class are observed in turn, and only while shown', async () => {
    class Shared {
      constructor(readonly id: string) {}
      getUUID() {
        return this.id;
      }
      retrieveToken(ok?: (token: unknown) => void) {
        ok?.({ tokenString: this.id });
      }
      signOut(renamed: string) {
        Object.assign(this, { id: renamed });
      }
    }
    const [one, two] = [new Shared('one'), new Shared('two')];
    const { signOut } = Shared.prototype;
    vi.stubGlobal('Synerise', { Client: one });
    Object.defineProperty(globalThis, KEY, { value: { pending: [[{ Client: two }, { name: 'two' }]] }, configurable: true });
    const agent = await startAgent();
    agent.ask();
    agent.ask({ client: 2 });
    expect(Shared.prototype.signOut).not.toBe(signOut);
    two.signOut('two-changed');
    one.signOut('one-changed');
    expect(only(agent.ask({ client: 2 }), 'sample')).toMatchObject([{ client: 2, uuid: 'two-changed' }]);
    agent.ask({ client: 2, showing: false });
    expect(Shared.prototype.signOut).toBe(signOut);
  });

  it('each run their own operations', async () => {
    const agent = await attached();
    const command = {
      kind: 'run',
      id: 'id-1',
      document: '',
      origin: '',
      client: 2,
      operation: 'signOut',
      args: {},
      deadline: 1000,
      notAfter: Infinity,
    } as const;
    agent.ask({ client: 2, command: { ...command, notAfter: Number.MAX_SAFE_INTEGER } });
    expect(other.methods.signOut).toHaveBeenCalledTimes(1);
    expect(sdk.methods.signOut).not.toHaveBeenCalled();
  });

  it('switch to the next one when the shown one disappears', async () => {
    const agent = await attached();
    vi.stubGlobal('Synerise', undefined);
    const reports = await agent.pass(1100);
    expect(only(reports, 'sample')).toMatchObject([{ client: 2, uuid: 'uuid-other' }]);
    expect(sdk.client).toEqual(sdk.methods);
  });
});

describe('the setup', () => {
  const parsed = (text: unknown) => JSON.parse(text as string) as AgentReply;

  it('is identified in each reply, and a new one takes effect immediately', async () => {
    vi.stubGlobal('app', { sdk: fakeSdk().synerise });
    const { TABLES } = await import('@/lib/sdk/dialects');
    const agent = await startAgent();
    expect(parsed(agent.raw()).setup).toBe('t');
    agent.ask();
    const setup = { id: 'u', dialects: TABLES, places: [{ path: 'app.sdk', dialect: 'react-native' } as const] };
    const reply = parsed(agent.raw({ setup }));
    expect(reply.setup).toBe('u');
    expect(only([...reply.reports], 'page').at(-1)).toMatchObject({
      clients: [{ place: 'Synerise.Client' }, { place: 'app.sdk' }],
      strays: [],
    });
    expect(parsed(agent.raw()).setup).toBe('u');
  });

  it('is accepted whatever document id the request has, even with a list request', async () => {
    const { createAgent } = await import('@/lib/page/agent');
    const { TABLES } = await import('@/lib/sdk/dialects');
    const { Asker } = await import('./page');
    const agent = new Asker(createAgent());
    expect(parsed(agent.raw())).toMatchObject({ setup: '', bare: false, reports: [{ clients: [] }] });
    const setup = { id: 'u', dialects: TABLES, places: [] };
    expect(parsed(agent.raw({ document: 'another', list: true, setup }))).toMatchObject({
      setup: 'u',
      bare: true,
      reports: [{ clients: [{ ref: 1 }] }],
    });
  });

  it('lists configured places without an SDK as strays', async () => {
    const agent = await startAgent({ places: [{ path: 'app.sdk', dialect: 'ios' }] });
    expect(only(agent.ask(), 'page')).toMatchObject([{ strays: ['app.sdk'] }]);
  });

  it('that names another dialect for the same object switches the client to that dialect', async () => {
    const { TABLES } = await import('@/lib/sdk/dialects');
    vi.stubGlobal('Synerise', undefined);
    vi.stubGlobal('app', sdk.client);
    const agent = await startAgent({ places: [{ path: 'app', dialect: 'react-native' }] });
    agent.ask();
    agent.ask({ setup: { id: 'u', dialects: TABLES, places: [{ path: 'app', dialect: 'flutter' }] } });
    expect(only(agent.reports, 'page').at(-1)).toMatchObject({ clients: [{ dialect: 'flutter' }] });
    sdk.methods.refreshToken.mockClear();
    agent.run('id-1', 'refreshToken', {}, only(agent.reports, 'page').at(-1)?.clients[0]?.ref);
    expect(sdk.methods.refreshToken.mock.calls).toEqual([[{ onSuccess: expect.any(Function), onError: expect.any(Function) }]]);
  });
});

describe('an agent without a driver', () => {
  const bareOf = (agent: Asker) => (JSON.parse(agent.raw() as string) as AgentReply).bare;

  it('reports itself as bare when there is a client, and leaves the client alone', async () => {
    const agent = await startAgent({ bare: true });
    expect(agent.ask()).toMatchObject([{ kind: 'page', clients: [{ ref: 1, state: 'ready' }] }]);
    expect(bareOf(agent)).toBe(true);
    expect(only(agent.run('id-1', 'destroySession'), 'settled')).toMatchObject([{ id: 'id-1', how: 'missing' }]);
    agent.ask({ command: { kind: 'read' } });
    await agent.pass(3000);
    for (const method of Object.values(sdk.methods)) expect(method).not.toHaveBeenCalled();
    expect(sdk.client).toEqual(sdk.methods);
  });

  it('does not report itself as bare when there is no client', async () => {
    vi.stubGlobal('Synerise', undefined);
    const agent = await startAgent({ bare: true });
    agent.ask();
    expect(bareOf(agent)).toBe(false);
  });

  it('drives the client once equipped, with the first driver it was given', async () => {
    const { createClient } = await import('@/lib/page/driver');
    const agent = await startAgent({ bare: true });
    agent.ask();
    const [first, second] = [vi.fn(createClient), vi.fn(createClient)];
    agent.handle.equip(first);
    agent.handle.equip(second);
    const reports = agent.ask();
    expect(only(reports, 'sample')).toMatchObject([{ client: 1, uuid: 'uuid-1' }]);
    await agent.pass(200);
    expect(only(agent.reports, 'token')).toHaveLength(1);
    expect(bareOf(agent)).toBe(false);
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).not.toHaveBeenCalled();
  });
});

describe('waiting for reports', () => {
  /** Sends an exchange that waits, and records its reply and when it arrived. */
  function waiting(agent: Asker, wait: number) {
    const result: { at: number | null; reply: AgentReply | null } = { at: null, reply: null };
    const answer = agent.raw({ wait });
    expect(answer).not.toBeTypeOf('string');
    void Promise.resolve(answer).then((text) => {
      result.at = Date.now();
      result.reply = JSON.parse(text) as AgentReply;
    });
    return result;
  }

  it('replies immediately, with a string, when there are reports', async () => {
    const agent = await startAgent();
    expect(agent.raw({ wait: 5000 })).toBeTypeOf('string');
  });

  it('replies as soon as something happens, with all reports of that moment', async () => {
    const agent = await attached();
    const result = waiting(agent, 5000);
    await vi.advanceTimersByTimeAsync(730);
    expect(result.at).toBeNull();
    const before = Date.now();
    sdk.client.regenerateUUID();
    await vi.advanceTimersByTimeAsync(0);
    expect(result.at).toBe(before);
    // The start and end of the page's call, and the resulting sample and token.
    expect(result.reply?.reports.map(({ kind }) => kind)).toEqual(['call', 'call', 'sample', 'token']);
  });

  it('keeps sampling while it waits', async () => {
    const agent = await attached();
    const result = waiting(agent, 5000);
    sdk.state.uuid = 'uuid-silently';
    await vi.advanceTimersByTimeAsync(1200);
    expect(only(result.reply?.reports ?? [], 'sample')).toMatchObject([{ uuid: 'uuid-silently' }]);
  });

  it.each([1000, 250, 30])('replies with no reports after %d ms at the latest', async (wait) => {
    const agent = await attached();
    const sent = Date.now();
    const result = waiting(agent, wait);
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(result.at).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    expect(result.reply?.reports).toEqual([]);
    expect((result.at as number) - sent).toBe(wait);
  });

  it('replies to every waiting exchange', async () => {
    const agent = await attached();
    const results = [waiting(agent, 5000), waiting(agent, 5000)];
    sdk.client.regenerateUUID();
    await vi.advanceTimersByTimeAsync(0);
    expect(results.map(({ reply }) => reply?.reports.length)).toEqual([4, 4]);
  });
});

describe('a hostile or unusual page', () => {
  it('may patch timers, Promise and JSON later', async () => {
    const agent = await attached();
    let asked = 0;
    const wrong = () => {
      asked += 1;
      throw new Error('patched');
    };
    const request: AgentRequest = {
      origin: null,
      now: Date.now(),
      cursor: agent.cursor,
      document: agent.document,
      wait: 1000,
      showing: true,
      client: null,
    };
    const names = ['setTimeout', 'clearTimeout', 'queueMicrotask', 'Promise', 'Set'] as const;
    const before = names.map((name) => [name, globalThis[name]] as const);
    const { parse, stringify } = JSON;
    let answer: string | Awaited = '';
    for (const name of names) Reflect.set(globalThis, name, wrong);
    Object.assign(JSON, { parse: wrong, stringify: wrong });
    try {
      answer = agent.handle.exchange(request);
      sdk.client.regenerateUUID();
      sdk.client.refreshToken(nothing, nothing);
    } finally {
      Object.assign(JSON, { parse, stringify });
      for (const [name, value] of before) Reflect.set(globalThis, name, value);
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toBe(0);
    expect(only((JSON.parse((await answer) as string) as AgentReply).reports, 'sample')).toMatchObject([{ uuid: 'uuid-2' }]);
  });

  it('may use Prototype.js, and reports stay correct', async () => {
    const prototypes = [Array.prototype, Object.prototype];
    for (const prototype of prototypes) {
      Object.defineProperty(prototype, 'toJSON', { value: () => 'patched', configurable: true, writable: true });
    }
    let reply = '';
    try {
      const agent = await startAgent();
      reply = agent.raw() as string;
    } finally {
      for (const prototype of prototypes) Reflect.deleteProperty(prototype, 'toJSON');
    }
    expect((JSON.parse(reply) as AgentReply).reports.map(({ kind }) => kind)).toEqual(['page', 'sample', 'token']);
  });

  it.each([
    3,
    -1,
    1.5,
    Number.NaN,
    'text',
    {},
    () => 1,
  ])('may define a global named length (%#), and the reply stays valid', async (length) => {
    vi.stubGlobal('length', length);
    const { parseSaid } = await import('@/lib/protocol/agent');
    const agent = await startAgent();
    const [page] = only([...parseSaid(agent.raw(), 'https://shop.example').reports], 'page');
    expect(page?.frames).toBe(length === 3 ? 3 : 0);
  });

  it.each(['x', '\u0001'])('cannot make a result too long to transfer (%j)', async (character) => {
    const agent = await attached();
    agent.run('id-1', 'refreshToken');
    const long = Array.from({ length: 100 }, () => character.repeat(4000));
    sdk.waiting.refreshToken[0]?.bad?.({ code: 1, message: 'no', detail: Array.from({ length: 20 }, () => long) });
    const text = agent.raw() as string;
    expect(text.length).toBeLessThan(2_000_000);
    expect(only(agent.take(text), 'settled')).toMatchObject([{ id: 'id-1', how: 'error', error: { code: 1, message: 'no' } }]);
  });

  it.each<[string, () => void]>([
    ['an error code of a hostile length', () => sdk.waiting.refreshToken[0]?.bad?.({ code: 'c'.repeat(5000), message: 'm' })],
    ['an error code that is not a number', () => sdk.waiting.refreshToken[0]?.bad?.({ code: Number.NaN, message: 'm' })],
    ['a huge message', () => sdk.waiting.refreshToken[0]?.bad?.({ code: 1, message: 'm'.repeat(100_000) })],
    ['an endless answer', () => sdk.waiting.refreshToken[0]?.ok?.(globalThis)],
    [
      'a token with an infinite expiry',
      () => {
        sdk.state.token = { tokenString: 'raw', expirationDate: Number.POSITIVE_INFINITY };
        sdk.waiting.refreshToken[0]?.ok?.(true);
      },
    ],
    [
      'a token with invalid parts',
      () => {
        sdk.state.token = { tokenString: 'r'.repeat(64_000), origin: 'o'.repeat(9000), clientId: Number.NaN, expirationDate: 1e300 };
        sdk.waiting.refreshToken[0]?.ok?.(true);
      },
    ],
    [
      'a version of a hostile length',
      () => {
        sdk.synerise.version = 'v'.repeat(1_000_000);
        sdk.waiting.refreshToken[0]?.ok?.(true);
      },
    ],
    [
      'a UUID that throws something odd',
      () => {
        sdk.methods.getUUID.mockImplementation(() => {
          throw new Proxy(
            {},
            {
              get() {
                throw new Error('trap');
              },
            },
          );
        });
        sdk.waiting.refreshToken[0]?.ok?.(true);
      },
    ],
  ])('stays valid for the background with %s', async (_name, happen) => {
    const agent = await attached();
    const { parseSaid } = await import('@/lib/protocol/agent');
    agent.run('id-1', 'refreshToken');
    happen();
    await vi.advanceTimersByTimeAsync(1000);
    const reply = parseSaid(agent.raw(), 'https://shop.example');
    expect(only(reply.reports, 'settled')).toMatchObject([{ id: 'id-1' }]);
  });
});

describe('installing', () => {
  const key = Symbol.for('synerise.inspector.agent');
  const handleOf = () => (globalThis as unknown as Record<symbol, unknown>)[key];
  afterEach(() => {
    Reflect.deleteProperty(globalThis, key);
  });

  it('puts one non-enumerable handle on the page', async () => {
    const { installAgent } = await import('@/lib/page/agent');
    installAgent();
    const first = handleOf();
    expect(first).toMatchObject({ version: expect.any(Number) });
    expect(Object.getOwnPropertyDescriptor(globalThis, key)).toMatchObject({ enumerable: false, writable: false, configurable: true });
    installAgent();
    expect(handleOf()).toBe(first);
  });

  it.each([0, -1])('equips only an agent of its own version (%d)', async (by) => {
    const { equipAgent } = await import('@/lib/page/equip');
    const { AGENT_VERSION } = await import('@/lib/page/wire');
    const { createClient } = await import('@/lib/page/driver');
    expect(() => equipAgent()).not.toThrow();
    const equip = vi.fn();
    Object.defineProperty(globalThis, key, { value: { version: AGENT_VERSION + by, equip }, configurable: true });
    equipAgent();
    expect(equip.mock.calls).toEqual(by === 0 ? [[createClient]] : []);
  });

  it.each([
    ['reverts', vi.fn()],
    [
      'throws while it reverts',
      vi.fn(() => {
        throw new Error('no');
      }),
    ],
  ])('replaces an agent of another version, which %s', async (_, revert) => {
    const { installAgent } = await import('@/lib/page/agent');
    const { AGENT_VERSION } = await import('@/lib/page/wire');
    Object.defineProperty(globalThis, key, { value: { version: AGENT_VERSION - 1, revert }, configurable: true, writable: true });
    installAgent();
    expect(revert).toHaveBeenCalledOnce();
    expect(handleOf()).toMatchObject({ version: AGENT_VERSION });
  });
});

describe('two clients of one class', () => {
  it('are wrapped one at a time: choosing the second unwraps the first before wrapping the second', async () => {
    class Shared {
      getUUID = () => 'uuid-of-one';
      isSignedIn = () => false;
      isSignedInViaSimpleAuthentication = () => false;
      retrieveToken(ok?: (token: object) => void) {
        ok?.({ tokenString: 'secret' });
      }
      regenerateUUID(): void {}
    }
    const own = Shared.prototype.regenerateUUID;
    vi.stubGlobal('Synerise', { Client: new Shared() });
    vi.stubGlobal('app', { Client: new Shared() });
    const agent = await startAgent({ places: [{ path: 'app', dialect: 'react-native' }] });
    agent.ask({ client: 1 });
    const first = Shared.prototype.regenerateUUID;
    expect(first).not.toBe(own);
    agent.ask({ client: 2 });
    expect(Shared.prototype.regenerateUUID).not.toBe(own);
    expect(Shared.prototype.regenerateUUID).not.toBe(first);
    vi.unstubAllGlobals();
  });
});
