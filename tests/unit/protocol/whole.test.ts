// Every message, with every field of its type, passes the real boundary unchanged: a field that a schema lacks would be
// dropped silently.
import { describe, expect, it } from 'vitest';
import type { Captured } from '@/lib/network/request';
import type { Markup } from '@/lib/page/markup';
import type { AgentReply, AgentReport, ClientInfo, WireError, WireToken } from '@/lib/page/wire';
import { parseAgentReply, parseMarkup } from '@/lib/protocol/agent';
import { openAnswer } from '@/lib/protocol/agent-answer';
import type { ViewMessage } from '@/lib/protocol/view-message';
import { parseViewMessage } from '@/lib/protocol/view-message';
import type { Problem } from '@/lib/session/problem';

/** The type with every field required, at any depth. */
type Whole<T> = T extends (...args: never[]) => unknown ? T : T extends object ? { [K in keyof T]-?: Whole<Exclude<T[K], undefined>> } : T;
/** One example of each kind: a missing example, or one without a field, does not compile. */
type Examples<T extends Record<D, string>, D extends string> = { [K in T[D]]: Whole<Extract<T, Record<D, K>>> };

const problem: Whole<Problem> = { kind: 'sdk', code: '401', message: 'No.', detail: 'more' };
const captured: Whole<Captured> = {
  key: 'r-1',
  at: 1,
  via: 'devtools',
  endedAt: 2,
  method: 'POST',
  host: 'api.example',
  path: '/v4/x',
  purpose: 'event',
  status: 200,
  problem: 'net',
  bearer: 'f1',
  gave: 'f2',
  uuid: 'u',
  size: 3,
};

const VIEW: Examples<ViewMessage, 'type'> = {
  hello: { type: 'hello', view: 'panel', tab: 1, lends: true },
  showing: { type: 'showing', showing: true },
  run: {
    type: 'run',
    id: 'a',
    operation: 'signIn',
    args: { email: 'a@b.example', remember: true, nothing: null, attributes: { size: [1] }, tags: ['vip', 'new'] } as never,
    anyway: false,
    deadline: 10_000,
    of: { document: 'd', client: 1 },
  },
  read: { type: 'read', id: 'a' },
  survey: { type: 'survey', id: 'a' },
  navigated: { type: 'navigated', origin: 'https://shop.example' },
  choose: { type: 'choose', document: 'd', ref: 1 },
  'auto-refresh': { type: 'auto-refresh', on: true },
  mute: { type: 'mute', rule: 'token-expired', muted: true },
  others: { type: 'others' },
  'edit-storage': {
    type: 'edit-storage',
    id: 'a',
    origin: 'https://shop.example',
    changes: [
      {
        area: 'cookie',
        name: '_snrs_uuid',
        value: 'u',
        at: [{ domain: 'd', path: '/', value: 'v' }],
        cookie: {
          name: '_snrs_uuid',
          value: 'v',
          httpOnly: true,
          host: 'h',
          domain: 'd',
          path: '/',
          secure: true,
          sameSite: 'lax',
          expiresAt: 1,
        },
      },
    ],
  },
  captured: { type: 'captured', id: 'a', requests: [captured] },
  'page-answer': { type: 'page-answer', n: '1', answer: { any: 1 } as never, problem },
};

describe("keeps every field of a view's message", () => {
  it.each(Object.entries(VIEW))('%s', (_type, message) => {
    expect(parseViewMessage(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });
});

const client: Whole<ClientInfo> = {
  ref: 1,
  dialect: 'ios',
  place: 'Client',
  version: '5.10.1',
  state: 'ready',
  missing: ['signOut'],
  unobserved: ['getUUID'],
};
const error: WireError = { code: 401, message: 'No.', detail: { code: 401 } };
const token: Whole<WireToken> = {
  raw: 'a.b.c',
  origin: 'SYNERISE',
  realm: 'client',
  clientId: '1',
  customId: '2',
  expiresAt: 3,
  nearExpiry: true,
};
const detail = { args: [1], value: 2, error, site: 'app.js:1' };
const undo = [{ area: 'cookie', name: 'n', value: 'v', at: [{ domain: 'd', path: '/', value: 'w' }] }] as const;

const REPORTS: { [K in AgentReport['kind']]: Extract<AgentReport, { kind: K }> } = {
  page: {
    seq: 1,
    at: 1,
    kind: 'page',
    clients: [client],
    absent: false,
    load: 'loaded',
    strays: ['app.sdk'],
    frames: 2,
    entered: '/a',
    by: 'reload',
    loaded: 5,
  },
  sample: {
    seq: 2,
    at: 1,
    kind: 'sample',
    client: 1,
    uuid: 'u',
    signedIn: true,
    simpleAuth: false,
    trouble: 't',
    facts: { doNotTrack: true },
    cookies: ['_snrs_uuid=u'],
    stored: ['local:snr=1'],
  },
  token: { seq: 3, at: 1, kind: 'token', client: 1, how: 'success', token, none: true, error },
  call: { seq: 4, at: 1, kind: 'call', client: 1, call: 2, does: 'signIn', phase: 'failed', told: { authID: true }, detail },
  look: { seq: 5, at: 1, kind: 'look', client: 1, call: 3, does: 'getUUID', begun: 1, endedAt: 2, ok: true, times: 4, detail },
  state: { seq: 6, at: 1, kind: 'state', client: 1, signedIn: false, reason: 'SESSION_EXPIRATION' },
  started: { seq: 7, at: 1, kind: 'started', id: 'a', client: 1 },
  settled: { seq: 8, at: 1, kind: 'settled', id: 'a', how: 'error', value: { x: 1 }, error, ms: 12 },
  edited: { seq: 9, at: 1, kind: 'edited', id: 'a', undo, failed: ['n'] },
  late: { seq: 10, at: 1, kind: 'late', id: 'a', how: 'success' },
};

const ORIGIN = 'https://shop.example';
const REPLY: Whole<Omit<AgentReply, 'reports'>> & Pick<AgentReply, 'reports'> = {
  document: 'd',
  origin: ORIGIN,
  path: '/cart',
  at: 1,
  setup: 's',
  bare: true,
  watching: true,
  waits: true,
  missing: ['Proxy'],
  reports: Object.values(REPORTS),
};
const answerOf = ({ origin, ...said }: AgentReply) => `${origin}\n${JSON.stringify(said)}`;

it("keeps every field of an agent's reply with a report of each kind", () => {
  const answer = answerOf(REPLY);
  expect(openAnswer(answer)?.origin).toBe(ORIGIN);
  expect(parseAgentReply(answer)).toEqual(REPLY);
});

const MARKUP: Whole<Markup> = {
  origin: 'https://shop.example',
  idle: [{ why: 'type', type: 'text/plain' }],
  cookies: ['_snrs_uuid=u'],
  scripts: [{ address: 'https://web.snrbox.com/x.js', from: 1, took: 2 }],
  inits: [{ of: 'SR', options: { trackerKey: 'k', cookieExpiration: 60, disableWebPush: true } }],
  keys: ['k'],
};

it("keeps every field of a document's markup", () => {
  expect(parseMarkup(JSON.parse(JSON.stringify(MARKUP)))).toEqual(MARKUP);
});

/** Longer texts and lists are not tried. */
const LONGEST = 1_000_000;

/** The longest text or list that passes at each place of an example where any does: `path: length`. */
function limitsOf(example: object, passes: (value: unknown) => boolean): string[] {
  const limits: string[] = [];
  const at = (path: readonly (string | number)[], put: unknown): unknown => {
    const copy = structuredClone(example) as Record<string | number, unknown>;
    const holder = path.slice(0, -1).reduce((one, key) => one[key] as Record<string | number, unknown>, copy);
    holder[path.at(-1) ?? ''] = put;
    return copy;
  };
  const visit = (value: unknown, path: readonly (string | number)[]) => {
    const long = (length: number): unknown =>
      typeof value === 'string' ? 'a'.repeat(length) : Array.from({ length }, () => (value as unknown[])[0]);
    if (typeof value === 'string' || (Array.isArray(value) && value.length === 1)) {
      const fits = (length: number) => passes(at(path, long(length)));
      let most = value.length;
      // One of a few words, as long as they may be, passes in no other length.
      if (fits(most)) {
        let over = 2 * most + 1;
        while (over < LONGEST && fits(over)) [most, over] = [over, 2 * over];
        while (over < LONGEST && most + 1 < over) {
          const middle = Math.floor((most + over) / 2);
          if (fits(middle)) most = middle;
          else over = middle;
        }
        limits.push(`${path.join('.')}: ${over < LONGEST ? most : 'none'}`);
      }
    }
    if (typeof value === 'object' && value !== null) for (const [key, one] of Object.entries(value)) visit(one, [...path, key]);
  };
  visit(example, []);
  return limits;
}

// Without one: problems that our own panel names, which would be lost if they were refused.
it('limits every text and list that comes from a page or a view', async () => {
  const isView = (value: unknown) => parseViewMessage(value) !== null;
  const isReply = (value: unknown) => {
    try {
      parseAgentReply(answerOf(value as AgentReply));
      return true;
    } catch {
      return false;
    }
  };
  const isMarkup = (value: unknown) => {
    try {
      return parseMarkup(value) !== null;
    } catch {
      return false;
    }
  };
  const lines = [
    ...Object.entries(VIEW).flatMap(([type, message]) => limitsOf(message, isView).map((line) => `${type} ${line}`)),
    ...limitsOf({ ...REPLY, reports: [] }, isReply).map((line) => `reply ${line}`),
    ...Object.entries(REPORTS).flatMap(([kind, report]) =>
      limitsOf({ ...REPLY, reports: [report] }, isReply).flatMap((line) => (line.startsWith('reports') ? [`${kind} ${line}`] : [])),
    ),
    ...limitsOf(MARKUP, isMarkup).map((line) => `markup ${line}`),
  ];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('limits.txt');
  // Each limit is found by halving.
}, 30_000);
