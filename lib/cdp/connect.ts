/** Connects to a target at a debugging endpoint, and serves the panel for it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_SCRIPT } from './app-place';
import { EndpointError, endpointAt, kindWords, matching, type Target } from './endpoint';
import { createInspector } from './inspector';
import { memoryStorage } from './memory';
import { servePanel } from './panel-server';

export interface ConnectOptions {
  /** Address of the endpoint. */
  readonly endpoint: string;
  /** Words of the target's kind, title or address; empty for the first one. */
  readonly words: string;
  /** Told what happens later: a connection that was lost, a panel that was closed. Texts of the target may be in it. */
  readonly say: (text: string) => void;
  /** Folder of the extension's build. */
  readonly build: string;
  /** Files of the script for apps, and of the panel's stand-in for the extension API. */
  readonly app: string;
  readonly runtime: string;
  /** Ends the attempt to connect. */
  readonly signal?: AbortSignal | undefined;
}

export interface Connected {
  readonly target: Target;
  /** The panel's address, for one tab. */
  readonly address: string;
  /** Leaves the target as if it had never been inspected. */
  stop(): Promise<void>;
}

/** How long a closed panel may take to come back, as it does after a reload, before it gets a new address (ms). */
const COMES_BACK = 3000;

/** Resolves once a target is connected. From then on, a connection that is lost is made again. @throws {EndpointError} */
export async function connect({ endpoint: address, words, say, build, app, runtime, signal }: ConnectOptions): Promise<Connected> {
  const endpoint = endpointAt(address);
  const targets = await endpoint.targets();
  const fits = matching(targets, words);
  const list = (all: readonly Target[]) => all.map((one) => `\n  ${wordsOf(one)}`).join('');
  if (!fits.length)
    throw new EndpointError(
      targets.length
        ? `No target at ${endpoint.address} matches "${words}". There are:${list(targets)}`
        : `Nothing to inspect at ${endpoint.address}: open a page there, or start the app.`,
    );
  if (fits.length > 1) say(`${fits.length} targets; inspecting the first. Choose another with --target WORDS:${list(fits)}`);

  let isOver = false;
  let returning: NodeJS.Timeout | undefined;
  const storage = memoryStorage();
  const server = await servePanel({
    folder: build,
    runtime: readFileSync(runtime, 'utf8'),
    storage,
    connected(port) {
      clearTimeout(returning);
      inspector.hub.connected(port);
    },
    closed() {
      clearTimeout(returning);
      if (isOver) return;
      returning = setTimeout(() => say(`The panel was closed. To open it again: ${server.newAddress()}`), COMES_BACK).unref();
    },
  });
  let first: (target: Target) => void = () => undefined;
  const isConnected = new Promise<Target>((resolve) => {
    first = resolve;
  });
  let told: string | null = null;
  const inspector = createInspector({
    endpoint,
    words,
    storage,
    home: server.home,
    scripts: { text: (file) => readFileSync(file === APP_SCRIPT ? app : join(build, file), 'utf8') },
    progress(now) {
      if (now.is === 'connected') {
        if (told !== null) say(`Connected again: ${wordsOf(now.target)}`);
        told = null;
        first(now.target);
      } else if (told !== now.why) {
        told = now.why;
        say(`${now.why} Trying again …`);
      }
    },
  });
  async function stop(): Promise<void> {
    isOver = true;
    await inspector.stop();
    await server.close();
  }
  try {
    return { target: await Promise.race([isConnected, ended(signal, () => told)]), address: server.newAddress(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Rejects once the attempt is given up. @param why the last reason, if there is one */
function ended(signal: AbortSignal | undefined, why: () => string | null): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(new EndpointError(`Couldn't connect. ${why() ?? 'It took too long.'}`));
    if (signal?.aborted) fail();
    else signal?.addEventListener('abort', fail, { once: true });
  });
}

const wordsOf = ({ kind, title, address }: Target): string => [kindWords(kind), title, address].filter(Boolean).join(' · ');
