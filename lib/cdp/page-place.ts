/** A browser's page over the debugging protocol: all of its frames, of every origin, and its scripts from the first line on. */
import type { Frame } from '../background/carrier';
import { AGENT_SCRIPT, CLIENT_SCRIPT, callExpression, RELAY_SCRIPT, type ScriptFile, TABLES_SCRIPT, WATCH_SCRIPT } from '../page/wire';
import type { RelayMessage } from '../protocol/relay';
import { type Problem, ProblemError } from '../session/problem';
import type { CdpEvent, Connection } from './connection';
import { createCookieJar } from './cookie-jar';
import { evaluated, type Place, type PlaceHooks, type Scripts } from './place';

/** The isolated world of our relay: the page sees nothing of it. */
const WORLD = 'synerise-inspector';
/** Functions in that world: the relay calls the first, which the protocol adds; we call the second to send the relay a message. */
const RING = 'syneriseInspectorRing';
const TELL = 'syneriseInspectorTell';

/** Where a frame's scripts run: the frame's session (`undefined` for the page's own) and execution context. */
interface Realm {
  readonly session: string | undefined;
  readonly context: string;
}

const CRASHED: Problem = { kind: 'gone', code: 'crashed', message: 'The page crashed. Reload it.' };
const ERROR_PAGE: Problem = { kind: 'forbidden', code: 'error-page', message: 'The page failed to load.' };
const LEFT: Problem = { kind: 'gone', code: 'navigated', message: 'The page navigated away.' };

/** @throws {import('./connection').CdpError} if it isn't a page, or the connection closes */
export async function openPage(connection: Connection, scripts: Scripts, { rang, at, cookie }: PlaceHooks): Promise<Place> {
  const jar = createCookieJar(connection, cookie);
  const guarded = (files: readonly string[]) => files.map((file) => `try {\n${scripts.text(file)}\n} catch {}\n`).join('');
  const atStart = guarded([AGENT_SCRIPT, TABLES_SCRIPT, CLIENT_SCRIPT, WATCH_SCRIPT]);
  // The relay is the extension's, over a runtime that rings by the protocol's function.
  const relay = `globalThis.browser ??= { runtime: { id: 'debugger', sendMessage: async () => globalThis.${RING}?.(''), onMessage: {
    addListener(tell) { globalThis.${TELL} = tell; }, removeListener() {} } } };\n${scripts.text(RELAY_SCRIPT)}`;
  /** By frame ID: the page's world, and our isolated one. */
  const realms = new Map<string, Realm>();
  const own = new Map<string, Realm>();
  let top = '';
  let url: string | undefined;
  let broken: Problem | null = null;
  const pending = new Set<(error: Error) => void>();

  async function prepare(session: string | undefined): Promise<void> {
    const send = (method: string, params?: object) => connection.send(method, params, session);
    const made = await Promise.allSettled([
      send('Page.enable'),
      send('Runtime.enable'),
      send('Runtime.addBinding', { name: RING, executionContextName: WORLD }),
      send('Page.addScriptToEvaluateOnNewDocument', { source: atStart }),
      send('Page.addScriptToEvaluateOnNewDocument', { source: relay, worldName: WORLD, runImmediately: true }),
      send('Target.setAutoAttach', {
        autoAttach: true,
        flatten: true,
        // Otherwise a frame's first lines would run before our scripts are registered for it.
        waitForDebuggerOnStart: true,
        filter: [{ type: 'iframe' }],
      }),
    ]);
    // Whatever failed: a frame must not wait forever.
    await send('Runtime.runIfWaitingForDebugger');
    for (const one of made) if (one.status === 'rejected') throw one.reason;
  }

  function followContexts({ method, params, session }: CdpEvent): void {
    if (method === 'Runtime.executionContextCreated') {
      const { context } = params as { context: { uniqueId: string; name: string; auxData?: { frameId?: string; isDefault?: boolean } } };
      const { frameId = '', isDefault } = context.auxData ?? {};
      const realm = { session, context: context.uniqueId };
      if (isDefault) realms.set(frameId, realm);
      else if (context.name === WORLD) own.set(frameId, realm);
      return;
    }
    const isGone: ((realm: Realm) => boolean) | null =
      method === 'Runtime.executionContextDestroyed'
        ? ({ context }) => context === params['executionContextUniqueId']
        : method === 'Runtime.executionContextsCleared'
          ? (realm) => realm.session === session
          : method === 'Target.detachedFromTarget'
            ? (realm) => realm.session === params['sessionId']
            : null;
    if (isGone) for (const all of [realms, own]) for (const [frame, realm] of all) if (isGone(realm)) all.delete(frame);
  }

  function followPage({ method, params, session }: CdpEvent): void {
    switch (method) {
      case 'Target.attachedToTarget':
        // A frame that is gone by now.
        void prepare(String(params['sessionId'])).catch(() => undefined);
        return;
      case 'Runtime.bindingCalled':
        if (params['name'] === RING) rang();
        return;
      case 'Inspector.targetCrashed':
        broken = CRASHED;
        // What it was asked gets no answer any more.
        for (const fail of pending) fail(new ProblemError(CRASHED));
        return;
      case 'Page.frameNavigated': {
        const { frame } = params as { frame: { id: string; parentId?: string; url: string; unreachableUrl?: string } };
        if (session !== undefined || frame.parentId !== undefined) return;
        top = frame.id;
        broken = frame.unreachableUrl === undefined ? null : ERROR_PAGE;
        url = frame.unreachableUrl ?? frame.url;
        jar.look(url);
        at(url);
        return;
      }
      case 'Page.frameStartedNavigating':
        // What its own scripts left before they went.
        if (session === undefined && params['frameId'] === top && url !== undefined) jar.look(url);
        return;
      case 'Page.navigatedWithinDocument':
        if (session !== undefined || params['frameId'] !== top) return;
        url = String(params['url']);
        at(url);
    }
  }

  connection.listen(followContexts);
  connection.listen(followPage);
  await prepare(undefined);
  const { frameTree } = await connection.send<{ frameTree: { frame: { id: string; url: string; unreachableUrl?: string } } }>(
    'Page.getFrameTree',
  );
  top ||= frameTree.frame.id;
  url ??= frameTree.frame.unreachableUrl ?? frameTree.frame.url;
  if (frameTree.frame.unreachableUrl !== undefined) broken ??= ERROR_PAGE;
  jar.look(url);

  /** @throws {ProblemError} if the frame has no document now */
  function realmOf(frame: Frame, worlds = realms): Realm {
    if (broken) throw new ProblemError(broken);
    const realm = worlds.get(frame ?? top);
    if (!realm) throw new ProblemError(LEFT);
    return realm;
  }
  async function evaluate({ session, context }: Realm, expression: string, wait = 0): Promise<unknown> {
    let fail: (error: Error) => void = () => undefined;
    const crash = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    pending.add(fail);
    const answer = evaluated(
      (method, params, deadline) => connection.send(method, params, session, deadline),
      { expression, uniqueContextId: context, awaitPromise: wait > 0 },
      wait,
    );
    return Promise.race([answer, crash]).finally(() => pending.delete(fail));
  }
  const tell = (realm: Realm, message: RelayMessage) => evaluate(realm, `globalThis.${TELL}?.(${JSON.stringify(message)})`);

  return {
    call: async (frame, request) => evaluate(realmOf(frame), callExpression({ ...request, now: Date.now() }), request.wait),
    run: async (frame, files: readonly ScriptFile[]) => void (await evaluate(realmOf(frame), `${guarded(files)}undefined`)),
    async hang(frame, bell) {
      const frameId = frame ?? top;
      // Older engines ignore `runImmediately`.
      if (!own.has(frameId)) {
        const { session } = realmOf(frame);
        await connection.send('Page.createIsolatedWorld', { frameId, worldName: WORLD }, session).catch(() => undefined);
        await evaluate(realmOf(frame, own), relay);
      }
      await tell(realmOf(frame, own), { type: 'listen', bell });
    },
    evaluate: async (frame, run) => evaluate(realmOf(frame), `(${run})()`),
    frames: () => [null, ...[...realms.keys()].filter((frame) => frame !== top)],
    url: () => url,
    cookies: jar.read,
    setCookie: jar.set,
    async leave() {
      await Promise.allSettled([...own.values()].map((realm) => tell(realm, { type: 'unwatch', origins: ['<all_urls>'] })));
    },
  };
}
