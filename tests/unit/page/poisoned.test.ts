/** The page's scripts in realms whose built-ins the page has taken away, before they came. */
import { constants, createContext, runInContext, Script } from 'node:vm';
import { describe, expect, inject, it } from 'vitest';
import { pageSetup } from '@/lib/page/setup';
import { type AgentReply, type AgentReport, type AgentRequest, callExpression } from '@/lib/page/wire';

const ORIGIN = 'https://shop.example';
const scripts = inject('pageScripts');
const agent = new Script(scripts.agent);
const client = new Script(scripts.client);

/** A page with an SDK that uses no built-in itself. */
const PAGE = `
  var window = globalThis;
  var uuid = 'uuid-1';
  var token = { tokenString: 'secret-1', rlm: 'client', origin: 'ANONYMOUS' };
  var Synerise = { version: '1.7.0', isInitialized: function () { return true; }, Client: {
    getUUID: function () { return uuid; },
    isSignedIn: function () { return false; },
    isSignedInViaSimpleAuthentication: function () { return false; },
    retrieveToken: function (ok) { ok(token); },
    regenerateUUID: function () { uuid = 'uuid-2'; },
    updateAccount: function (context, ok) { ok({ city: context.toObject().city, tags: [1, 'two', null, true] }); },
  } };`;

/** What comes of a page that was spoiled before we came: its reports, and built-ins that were told to be missing. */
function visit(spoil: string) {
  let now = 1_800_000_000_000;
  const errors: unknown[] = [];
  // V8's own global object: the one that Node gives a context runs its code for each name.
  const context = Object.assign(createContext(constants.DONT_CONTEXTIFY), {
    location: { origin: ORIGIN, hostname: 'shop.example', pathname: '/', search: '', href: `${ORIGIN}/` },
    document: { readyState: 'complete', cookie: '', scripts: [] },
    setTimeout: () => 1,
    clearTimeout: () => undefined,
  });
  const run = (script: string): unknown => runInContext(script, context);
  run(PAGE);
  run(spoil);
  const reports: AgentReport[] = [];
  let reply: AgentReply | null = null;
  const ask = (over: Partial<AgentRequest> = {}, later = 200) => {
    now += later;
    const document = reply?.document ?? null;
    const cursor = reports.at(-1)?.seq ?? 0;
    const answer = run(callExpression({ origin: ORIGIN, now, cursor, document, wait: 0, showing: true, client: null, ...over })) as string;
    const [origin, said = ''] = answer.split('\n');
    if (origin !== ORIGIN || !said.startsWith('{')) throw new Error(`answered ${answer}`);
    reply = JSON.parse(said) as AgentReply;
    reports.push(...reply.reports);
  };
  const command = (id: string, operation: 'regenerateUUID' | 'updateAccount', args = {}) =>
    ask({
      command: {
        kind: 'run',
        id,
        document: reply?.document ?? '',
        origin: ORIGIN,
        client: 1,
        operation,
        args,
        deadline: 1000,
        notAfter: 9e15,
      },
    });
  try {
    agent.runInContext(context);
    ask();
    ask({ setup: pageSetup([]) });
    client.runInContext(context);
    for (let n = 0; n < 3; n += 1) ask();
    command('op-1', 'regenerateUUID');
    command('op-2', 'updateAccount', { city: 'Łódź "x"', tags: ['a', null] });
    // How old the page is cannot be known here: the token is read once its SDK is settled.
    for (let n = 0; n < 3; n += 1) ask({}, 1000);
  } catch (error) {
    errors.push(error);
  }
  const uuids = reports.flatMap((one) => (one.kind === 'sample' ? [one.uuid] : []));
  const settled = reports.flatMap((one) => (one.kind === 'settled' ? [[one.id, one.how, one.value]] : []));
  const tokens = reports.flatMap((one) => (one.kind === 'token' ? [one.token?.raw] : []));
  return { uuids, settled, tokens, missing: (reply as AgentReply | null)?.missing ?? [], errors };
}

const WELL = {
  uuids: ['uuid-1', 'uuid-2'],
  settled: [
    ['op-1', 'success', null],
    ['op-2', 'success', { city: 'Łódź "x"', tags: [1, 'two', null, true] }],
  ],
  errors: [],
};

/** All that a realm has of its own, as expressions: constructors, their statics and their methods. */
function builtIns(): string[] {
  const list = runInContext(
    `(() => {
      const paths = [];
      for (const name of Object.getOwnPropertyNames(globalThis)) {
        if (['globalThis', 'undefined', 'NaN', 'Infinity', 'console'].includes(name)) continue;
        paths.push(name);
        const value = globalThis[name];
        if (value === null || (typeof value !== 'object' && typeof value !== 'function')) continue;
        for (const [at, holder] of [[name, value], [name + '.prototype', value.prototype]]) {
          if (holder === null || (typeof holder !== 'object' && typeof holder !== 'function')) continue;
          for (const key of Reflect.ownKeys(holder))
            if (typeof Object.getOwnPropertyDescriptor(holder, key).value === 'function' && key !== 'constructor')
              paths.push(at + (typeof key === 'symbol' ? '[' + key.description + ']' : '.' + key));
        }
      }
      return paths.join();
    })()`,
    createContext(constants.DONT_CONTEXTIFY),
  ) as string;
  return list.split(',');
}

const THROWS = `(function () { throw new TypeErrorThen('taken away'); })`;
const KEEP = 'var TypeErrorThen = TypeError;';

describe('a page that has taken away', () => {
  it('nothing: all goes well', () => {
    expect(visit('')).toMatchObject({ ...WELL, tokens: expect.arrayContaining(['secret-1']) as unknown, missing: [] });
  });

  it('any one built-in: all goes well', () => {
    const all = builtIns();
    expect(all.length).toBeGreaterThan(400);
    const failed = all.flatMap((path) => {
      const { uuids, settled, tokens, errors } = visit(`${KEEP} try { ${path} = ${THROWS}; } catch (e) {}`);
      try {
        expect({ uuids, settled, errors }).toEqual(WELL);
        expect(tokens).toContain('secret-1');
        return [];
      } catch {
        return [`${path}: ${JSON.stringify({ uuids, settled })} ${String(errors[0])}`];
      }
    });
    expect(failed).toEqual([]);
  }, 120_000);

  it('all of them at once, but for a way to call functions and one to describe properties: all goes well', () => {
    const needed = ['Object.defineProperty', 'Object.getOwnPropertyDescriptor', 'Object', 'Reflect.apply', 'Reflect'];
    const spoil = builtIns()
      .filter((path) => !needed.includes(path))
      .map((path) => `try { ${path} = ${THROWS}; } catch (e) {}`);
    const { missing, ...told } = visit(KEEP + spoil.join('\n'));
    expect(told).toMatchObject({ ...WELL, tokens: expect.arrayContaining(['secret-1']) as unknown });
    expect(missing).toContain('Array.isArray');
  });

  it('every way to call a function: that is said', () => {
    const spoil = ['Reflect', 'Function.prototype.call', 'Function.prototype.apply', 'Function.prototype.bind'];
    const { missing, errors } = visit(KEEP + spoil.map((path) => `${path} = ${THROWS};`).join('\n'));
    expect(missing).toContain('Reflect.apply');
    expect(errors).toEqual([]);
  });
});
