/** The sandbox on a thread of its own, and questions to its auth server. */
import { Worker } from 'node:worker_threads';
import type { Account } from '../../../sandbox/accounts.mjs';
import type { Asked, AuthServer } from '../../../sandbox/auth.mjs';
import type { Message } from '../../../sandbox/mailbox.mjs';
import type { Switches } from '../../../sandbox/switches.mjs';

/** What runs on the thread. It answers `[n, method, args]` with what that method or property of the auth server gives. */
const SERVE = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData).then(({ startSandbox }) => startSandbox()).then(({ origin, auth }) => {
    parentPort.on('message', ([n, method, args]) => {
      const asked = auth[method];
      parentPort.postMessage([n, typeof asked === 'function' ? asked.apply(auth, args) : asked]);
    });
    parentPort.postMessage([0, origin]);
  });`;

export interface SandboxThread {
  readonly origin: string;
  ask(method: keyof AuthServer, ...args: unknown[]): Promise<unknown>;
}

let thread: Promise<SandboxThread> | undefined;
/** While happy-dom loads a script, the thread of the test answers nothing, so the sandbox has one of its own, for all tests of a thread. */
export const sandboxThread = (): Promise<SandboxThread> => {
  thread ??= new Promise((resolve, reject) => {
    const worker = new Worker(SERVE, { eval: true, workerData: new URL('../../../sandbox/server.mjs', import.meta.url).href });
    const waiting = new Map<number, (answer: unknown) => void>();
    let asked = 0;
    const ask: SandboxThread['ask'] = (method, ...args) =>
      new Promise((answered) => {
        asked += 1;
        waiting.set(asked, answered);
        worker.postMessage([asked, method, args]);
      });
    worker.on('message', ([n, answer]: [number, unknown]) => {
      if (n === 0) resolve({ origin: String(answer), ask });
      waiting.get(n)?.(answer);
      waiting.delete(n);
    });
    worker.once('error', reject);
    worker.unref();
  });
  return thread;
};

/** The auth server of the sandbox, as far as it is about one shop. */
export interface NodeAuth {
  /** Sets switches of the shop, such as `latency` or `denied`. */
  set(changes: Partial<Switches>): Promise<void>;
  /** The accounts, with their passwords. */
  accounts(): Promise<readonly Account[]>;
  account(email: string): Promise<Account | undefined>;
  /** The profile of a customer without an account. */
  profile(uuid: string): Promise<unknown>;
  /** The messages that customers got, newest last. */
  mailbox(): Promise<readonly Message[]>;
  /** The code of the newest message about something, to `to` where that is given. */
  code(about: Message['about'], to?: string): Promise<string>;
  /** The events that `recognizeAnonymous` sent. */
  events(): Promise<readonly unknown[]>;
  /** The requests that were answered. */
  requests(): Promise<readonly Asked[]>;
}

export function authOf({ ask }: SandboxThread, shop: string): NodeAuth {
  const mailbox = async () => (await ask('mailbox', shop)) as readonly Message[];
  return {
    set: async (changes) => void (await ask('set', shop, changes)),
    accounts: async () => (await ask('accounts', shop)) as readonly Account[],
    account: async (email) => (await ask('account', shop, email)) as Account | undefined,
    profile: (uuid) => ask('profile', shop, uuid),
    mailbox,
    async code(about, to) {
      const message = (await mailbox()).findLast((one) => one.about === about && (to === undefined || one.to === to));
      if (!message) throw new Error(`no message about ${about}`);
      return message.code;
    },
    events: async () => (await ask('events', shop)) as readonly unknown[],
    requests: async () => ((await ask('requests')) as readonly Asked[]).filter((one) => one.shop === shop),
  };
}
