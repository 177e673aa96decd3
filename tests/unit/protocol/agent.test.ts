import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { textOf } from '@/lib/page/plain';
import type { AgentReply, AgentReport } from '@/lib/page/wire';
import { parseAgentReply, parseSaid } from '@/lib/protocol/agent';
import type { Plain } from '@/lib/sdk/plain-data';
import { ProblemError } from '@/lib/session/problem';
import { answerOf, client, error, late, page, replyOf, sample, settled, started, T0, tokenReport, wireToken } from '../fakes/make';

// Parsing so many answers is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

/** The result of parsing: the reply, or the kind of the problem. */
function parsed(answer: unknown): AgentReply | string {
  try {
    return parseAgentReply(answer);
  } catch (thrown) {
    return thrown instanceof ProblemError ? thrown.problem.kind : `no problem but ${String(thrown)}`;
  }
}
const GOOD = replyOf('doc-1', 0, T0, [
  page([client(), client({ ref: 2, dialect: 'web', state: 'not-loaded', version: null, missing: ['signOut'], unobserved: ['getUUID'] })]),
  sample('uuid-1'),
  page([client({ state: 'not-initialised' })], true, 3, ['app.sdk', 'shop']),
  sample('uuid-2', { facts: { identityHash: 'h', list: [1, { a: null }] }, cookies: ['_snrs_uuid=uuid-2', '_snrs_p=a:b'] }),
  tokenReport(null, { none: true }),
  tokenReport(wireToken(null, { nearExpiry: true })),
  sample(null, { signedIn: null, simpleAuth: null, trouble: 'it threw' }),
  tokenReport(wireToken(T0)),
  tokenReport(null, { how: 'error', error: error() }),
  tokenReport(null, { how: 'deadline' }),
  started('op-1'),
  settled('op-1', { how: 'rejected', value: { list: [1, 'two', null, true] }, error: error({ code: 'E1', detail: 'whole' }), ms: 1.5 }),
  late('op-1'),
  { kind: 'call', client: 1, call: 3, does: 'signIn', phase: 'succeeded', told: { authID: true } },
  { kind: 'state', client: 1, signedIn: false, reason: 'SESSION_EXPIRATION' },
]);

describe('parseAgentReply', () => {
  it('returns everything that an agent reports', () => {
    expect(parseAgentReply(answerOf(GOOD))).toEqual(GOOD);
    expect(parseSaid(textOf(GOOD), GOOD.origin)).toEqual(GOOD);
    expect(parseAgentReply(answerOf({ ...GOOD, reports: [] }))).toEqual({ ...GOOD, reports: [] });
  });

  it('drops unknown fields', () => {
    const [first] = GOOD.reports;
    const text = answerOf({ ...GOOD, extra: 1, reports: [{ ...first, extra: { deep: 1 } }] } as unknown as AgentReply);
    expect(parseAgentReply(text)).toEqual({ ...GOOD, reports: [first] });
  });

  it('bounds values of any depth', () => {
    let deep: unknown = 'bottom';
    for (let i = 0; i < 100; i += 1) deep = { deep };
    const text = answerOf(replyOf('d', 0, T0, [settled('op-1')])).replace('"value":null', `"value":${JSON.stringify(deep)}`);
    const reply = parseAgentReply(text);
    expect(JSON.stringify(reply)).toContain('[deeper]');
    expect(JSON.stringify(reply)).not.toContain('bottom');
  });

  it('bounds facts of any depth and length', () => {
    let deep: unknown = 'bottom';
    for (let i = 0; i < 100; i += 1) deep = { deep };
    const list = Array.from({ length: 1000 }, () => 'entry');
    const reply = parseAgentReply(answerOf(replyOf('d', 0, T0, [sample('u', { facts: { deep: deep as Plain, list } })])));
    const [told] = reply.reports;
    expect(JSON.stringify(told)).not.toContain('bottom');
    expect(told?.kind === 'sample' && (told.facts['list'] as Plain[]).length).toBe(201);
  });

  it('accepts values at their limits', () => {
    const most = replyOf('d', 0, T0, [
      page(
        Array.from({ length: 50 }, () => client()),
        false,
        0,
        Array.from({ length: 50 }, () => 'x'.repeat(300)),
      ),
      sample('u', { cookies: Array.from({ length: 60 }, () => 'x'.repeat(4300)), facts: { ['x'.repeat(50)]: 1 } }),
    ]);
    expect(parseAgentReply(answerOf({ ...most, setup: 'x'.repeat(20_000) }))).toEqual({ ...most, setup: 'x'.repeat(20_000) });
  });

  it.each([
    ['not a string', undefined],
    ['null', null],
    ['a number', 5],
    ['the object itself', GOOD],
    ['an empty string', ''],
    ['an unfinished brace', '{'],
    ['"hostile"', '"hostile"'],
    ['a list', '[]'],
    ['the text null', 'null'],
    ['an empty object', '{}'],
    ['unclosed brackets', '['.repeat(500_000)],
  ])('rejects as hostile: %s', (_name, answer) => {
    expect(parsed(answer)).toBe('hostile');
  });

  const damaged = (over: Record<string, unknown>) => answerOf({ ...GOOD, ...over } as unknown as AgentReply);
  it.each([
    ['document as number', damaged({ document: 5 })],
    ['document too long', damaged({ document: 'x'.repeat(61) })],
    ['origin empty', damaged({ origin: '' })],
    ['origin too long', damaged({ origin: 'x'.repeat(2001) })],
    ['at out of range', damaged({ at: 8.65e15 })],
    ['at as text', damaged({ at: '5' })],
    ['setup missing', damaged({ setup: undefined })],
    ['setup too long', damaged({ setup: 'x'.repeat(20_001) })],
    ['setup an object', damaged({ setup: {} })],
    ['bare missing', damaged({ bare: undefined })],
    ['waits missing', damaged({ waits: undefined })],
    ['missing as text', damaged({ missing: 'Map' })],
    ['missing too long', damaged({ missing: Array.from({ length: 21 }, () => 'x') })],
    ['bare as text', damaged({ bare: 'no' })],
    ['reports as object', damaged({ reports: {} })],
    [
      'too many reports',
      damaged({ reports: Array.from({ length: 1001 }, (_, index) => ({ seq: index, at: 0, kind: 'late', id: 'x', how: 'success' })) }),
    ],
    ['a report that is null', damaged({ reports: [null] })],
  ])('rejects a reply as hostile: %s', (_name, answer) => {
    expect(parsed(answer)).toBe('hostile');
  });

  it('accepts exactly 1000 reports', () => {
    const reports = Array.from({ length: 1000 }, (_, index) => ({ seq: index, at: 0, kind: 'late', id: 'x', how: 'success' }));
    expect(parsed(damaged({ reports }))).toMatchObject({ reports: { length: 1000 } });
  });

  const one = (kind: AgentReport['kind'], over: Record<string, unknown>) =>
    damaged({ reports: [{ ...GOOD.reports.find((report) => report.kind === kind), ...over }] });
  const long = (length: number) => 'x'.repeat(length);
  const rows: [string, string][] = [
    ['unknown kind', one('late', { kind: 'other' })],
    ['kind from a prototype', one('late', { kind: '__proto__' })],
    ['kind as object', one('late', { kind: { toString: 'late' } })],
    ['no kind', one('late', { kind: undefined })],
    ['negative seq', one('late', { seq: -1 })],
    ['fractional seq', one('late', { seq: 1.5 })],
    ['huge seq', one('late', { seq: 2 ** 53 })],
    ['seq as text', one('late', { seq: '1' })],
    ['infinite at', one('late', { at: 'AT' }).replace('"AT"', '1e999')],
    ['id too long', one('late', { id: long(101) })],
    ['how unknown', one('late', { how: 'maybe' })],
    ['clients as text', one('page', { clients: 'none' })],
    ['51 clients', one('page', { clients: Array.from({ length: 51 }, () => client()) })],
    ['dialect unknown', one('page', { clients: [{ ...client(), dialect: 'cobol' }] })],
    ['state unknown', one('page', { clients: [{ ...client(), state: 'asleep' }] })],
    ['place too long', one('page', { clients: [client({ place: long(201) })] })],
    ['missing with an unknown operation', one('page', { clients: [{ ...client(), missing: ['format'] }] })],
    ['absent missing', one('page', { absent: undefined })],
    ['51 strays', one('page', { strays: Array.from({ length: 51 }, () => 'x') })],
    ['stray too long', one('page', { strays: [long(301)] })],
    ['strays missing', one('page', { strays: undefined })],
    ['negative frames', one('page', { frames: -1 })],
    ['fractional frames', one('page', { frames: 0.5 })],
    ['frames missing', one('page', { frames: undefined })],
    ['negative ref', one('page', { clients: [client({ ref: -1 })] })],
    ['facts missing', one('sample', { facts: undefined })],
    ['facts as text', one('sample', { facts: 'none' })],
    ['fact name too long', one('sample', { facts: { [long(51)]: 1 } })],
    ['cookies missing', one('sample', { cookies: undefined })],
    ['62 cookies', one('sample', { cookies: Array.from({ length: 62 }, () => 'a=b') })],
    ['cookie too long', one('sample', { cookies: [long(4301)] })],
    ['cookie as number', one('sample', { cookies: [5] })],
    ['none missing', one('token', { none: undefined })],
    ['none as number', one('token', { none: 0 })],
    ['nearExpiry missing', one('token', { token: { ...wireToken(T0), nearExpiry: undefined } })],
    ['nearExpiry as text', one('token', { token: { ...wireToken(T0), nearExpiry: 'soon' } })],
    ['uuid too long', one('sample', { uuid: long(201) })],
    ['uuid missing', one('sample', { uuid: undefined })],
    ['signedIn as number', one('sample', { signedIn: 1 })],
    ['raw too long', one('token', { token: wireToken(T0, { raw: long(64_101) }) })],
    ['raw missing', one('token', { token: { ...wireToken(T0), raw: undefined } })],
    ['token as text', one('token', { token: 'a.b.c' })],
    ['expiresAt out of range', one('token', { token: wireToken(null, { expiresAt: 9e15 }) })],
    ['error message too long', one('settled', { error: error({ message: long(601) }) })],
    ['error code as object', one('settled', { error: { ...error(), code: {} } })],
    ['ms as text', one('settled', { ms: '5' })],
  ];
  it.each(rows)('rejects a report as hostile: %s', (_name, answer) => {
    expect(parsed(answer)).toBe('hostile');
  });

  it('lets no key reach a prototype', () => {
    const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"x":1}';
    const value = answerOf(replyOf('d', 0, T0, [settled('op-1')])).replace(
      '"value":null',
      `"value":${evil},"__proto__":{"how":"error","polluted":1}`,
    );
    const facts = parseAgentReply(answerOf(replyOf('d', 0, T0, [sample('u')])).replace('"facts":{}', `"facts":${evil}`)).reports[0];
    expect(facts?.kind === 'sample' && [Object.getPrototypeOf(facts.facts), 'polluted' in facts.facts]).toEqual([Object.prototype, false]);
    const reply = parseAgentReply(`{"__proto__":{"polluted":1},${value.slice(1)}`);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((reply as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
    const [report] = reply.reports;
    expect(report).toMatchObject({ kind: 'settled', how: 'success' });
    expect((report as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(report)).toBe(Object.prototype);
  });

  it('takes no missing field from a prototype', () => {
    expect(parsed(`${GOOD.origin}\n{"__proto__":${JSON.stringify(GOOD)}}`)).toBe('hostile');
  });

  it('throws nothing else for arbitrary JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parsed(text)).toBe('hostile');
      }),
      { seed: 7 },
    );
  });

  it('throws nothing else for a reply damaged anywhere', () => {
    const paths: (string | number)[][] = [];
    const collect = (value: unknown, path: (string | number)[]) => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, entry] of Object.entries(value)) {
        paths.push([...path, key]);
        collect(entry, [...path, key]);
      }
    };
    collect(GOOD, []);
    const keys = ['document', 'origin', 'path', 'at', 'setup', 'bare', 'watching', 'waits', 'missing', 'reports'];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), fc.boolean(), (path, value, remove) => {
        const copy = structuredClone(GOOD) as unknown as Record<string | number, unknown>;
        let holder = copy;
        for (const key of path.slice(0, -1)) holder = holder[key] as typeof copy;
        const key = path.at(-1) ?? '';
        if (remove) delete holder[key];
        else holder[key] = value;
        const result = parsed(answerOf(copy as unknown as AgentReply));
        if (typeof result === 'string') expect(result).toBe('hostile');
        else {
          expect(Object.keys(result).sort()).toEqual([...keys].sort());
          // An accepted reply parses to the same again: nothing in it was left unchecked.
          expect(parsed(answerOf(result))).toEqual(result);
          for (const report of result.reports)
            expect(['page', 'sample', 'token', 'started', 'settled', 'late', 'call', 'state']).toContain(report.kind);
        }
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});
