import { describe, expect, it } from 'vitest';
import { patched } from '@/lib/protocol/patch';
import { TABLES } from '@/lib/sdk/dialects';
import type { DialectName } from '@/lib/sdk/dialects/names';
import { OPERATIONS, type OperationName, SESSION_OPERATION_NAMES, type SessionOperationName } from '@/lib/sdk/operations';
import { availabilityOf, bindingKind } from '@/lib/session/availability';
import type { Activity } from '@/lib/session/run';
import { newSession, type Session, type Stage } from '@/lib/session/session';
import { client, customer, knownToken, noToken, runOf, T0 } from '../fakes/make';

type Attached = Extract<Stage, { phase: 'attached' }>;
const attached = (over: Partial<Attached> = {}, previousUuid: string | null = null): Session =>
  patched(newSession(7, false, T0), {
    stage: { phase: 'attached', client: client(), customer: customer(), token: noToken, activity: { kind: 'idle' }, ...over },
    history: { previousUuid },
  });
const on = (dialect: DialectName, over: Partial<Attached> = {}, previousUuid: string | null = null) =>
  attached({ client: client({ dialect }), ...over }, previousUuid);
const ALLOWED = { kind: 'allowed' };
const out = (reason: unknown, anyway = false) => ({ kind: 'ruled-out', anyway, reason });
const ANONYMOUS_ONLY: readonly OperationName[] = ['regenerateUUID', 'regenerateUUIDWithClientIdentifier'];

/** Each binding of each dialect in one letter: native, emulated, unavailable, or `-` for none. */
const KINDS = { n: 'native', e: 'emulated', u: 'unavailable', '-': null } as const;
const BINDINGS: Readonly<Record<SessionOperationName, string>> = {
  //                                  react-native, flutter, ios, android, web
  refreshToken: 'nnnnu',
  retrieveToken: 'nnnnn',
  setAccessToken: '----n',
  clearAccessToken: '----n',
  getUUID: 'nnnne',
  getUUIDForAuthentication: 'eenne',
  regenerateUUID: 'nnnne',
  regenerateUUIDWithClientIdentifier: 'nnnne',
  setUuid: '----n',
  restorePreviousUUID: '----e',
  signOut: 'nnnnu',
  signOutWithMode: 'nnnnu',
  destroySession: 'nnnne',
};
const every = TABLES.flatMap((table, column) =>
  SESSION_OPERATION_NAMES.map((name) => ({
    dialect: table.name,
    name,
    kind: KINDS[(BINDINGS[name][column] ?? '-') as keyof typeof KINDS],
    binding: table.bindings[name],
  })),
);
const runnable = every.filter(({ kind }) => kind === 'native' || kind === 'emulated');

it('the table has every dialect', () => {
  expect(TABLES.map(({ name }) => name)).toEqual(['react-native', 'flutter', 'ios', 'android', 'web']);
  expect(every).toHaveLength(65);
});

describe.each(every)('$dialect $name', ({ dialect, name, kind, binding }) => {
  const session = on(dialect);
  it(`is ${kind ?? 'not supported'}`, () => {
    expect(bindingKind(session, name)).toBe(kind);
  });

  it('is allowed while nothing rules it out, and otherwise gives a reason', () => {
    const ruled = availabilityOf(session, name);
    if (kind === null) expect(ruled).toEqual(out(expect.stringMatching(/^Not available in (React Native|Flutter|iOS|Android|Web SDK)\.$/)));
    else if (binding?.kind === 'unavailable') expect(ruled).toEqual(out(binding.reason));
    else if (name === 'restorePreviousUUID') expect(ruled).toEqual(out(expect.stringContaining('No previous UUID')));
    else expect(ruled).toEqual(ALLOWED);
    if (ruled.kind === 'ruled-out') expect(ruled.reason).toMatch(/^[A-Z].{15,}\.$/);
  });

  it('is not affected by a sign-in, unless it is for anonymous customers only', () => {
    const ruled = availabilityOf(on(dialect, { customer: customer({ signedIn: true }) }), name);
    // Only an SDK's own method refuses: the steps of an emulated operation still work.
    if (kind === 'native' && ANONYMOUS_ONLY.includes(name)) expect(ruled).toEqual(out(expect.stringContaining('anonymous'), true));
    else expect(ruled).toEqual(availabilityOf(session, name));
  });

  it('is unavailable if the client lacks its method', () => {
    const lacking = on(dialect, { client: client({ dialect, missing: [name] }) });
    expect(bindingKind(lacking, name)).toBe(kind === null ? null : 'unavailable');
    const ruled = availabilityOf(lacking, name);
    if (binding?.kind === 'native') expect(ruled).toEqual(out(expect.stringContaining(binding.method.replaceAll('|', '() or '))));
    else if (binding?.kind === 'emulated') expect(ruled).toEqual(out(expect.stringContaining('lacks a required method')));
    else expect(ruled).toEqual(availabilityOf(session, name));
  });
});

describe('ruling', () => {
  const stages: Stage[] = [
    { phase: 'unreachable', problem: { kind: 'access', message: '' } },
    { phase: 'searching', candidate: client() },
    { phase: 'absent', candidate: null },
  ];
  it.each(stages)('$phase: no operation is available', (stage) => {
    const session = { ...attached({}, 'uuid-0'), stage };
    for (const name of SESSION_OPERATION_NAMES) {
      expect(availabilityOf(session, name)).toMatchObject({ kind: 'ruled-out', anyway: false });
      expect(bindingKind(session, name)).toBe('unavailable');
    }
  });

  it.each(['simple-auth', 'incognito', 'anonymous'] as const)('%s rules nothing out', (identity) => {
    const who = {
      'simple-auth': customer({ simpleAuth: true }),
      incognito: customer(),
      anonymous: customer({ signedIn: false, simpleAuth: false }),
    }[identity];
    const token = identity === 'incognito' ? knownToken({ origin: 'INCOGNITO' }) : noToken;
    for (const { dialect, name } of runnable)
      expect(availabilityOf(on(dialect, { customer: who, token }, 'uuid-0'), name)).toEqual(ALLOWED);
  });

  it("uses the token's origin if the SDK does not return the state, unless the token is another customer's", () => {
    expect(availabilityOf(attached({ token: knownToken({ origin: 'GOOGLE' }) }), 'regenerateUUID')).toMatchObject({
      kind: 'ruled-out',
      anyway: true,
    });
    expect(availabilityOf(attached({ token: knownToken({ origin: 'GOOGLE' }, true) }), 'regenerateUUID')).toEqual(ALLOWED);
  });

  it('restores no UUID before a change was observed', () => {
    const web = client({ dialect: 'web' });
    expect(availabilityOf(attached({ client: web }), 'restorePreviousUUID')).toMatchObject({ kind: 'ruled-out', anyway: false });
    expect(availabilityOf(attached({ client: web }, 'uuid-0'), 'restorePreviousUUID')).toEqual(ALLOWED);
  });

  const method = 'destroySession';
  it.each([
    ['0.9.9', `SDK 0.9.9 doesn’t have ${method}(): added in 0.9.10.`],
    ['0.9', `SDK 0.9 doesn’t have ${method}(): added in 0.9.10.`],
    ['0.9.10', `This SDK version doesn’t have ${method}(): added in 0.9.10.`],
    ['0.10.0', `This SDK version doesn’t have ${method}(): added in 0.9.10.`],
    ['1.0.0', `This SDK version doesn’t have ${method}(): added in 0.9.10.`],
    ['10.0', `This SDK version doesn’t have ${method}(): added in 0.9.10.`],
    ['0.9.10-rc.1', `This SDK version doesn’t have ${method}(): added in 0.9.10.`],
    [null, `This SDK version doesn’t have ${method}(): added in 0.9.10.`],
  ])('explains for version %s why a method of 0.9.10 is missing', (version, reason) => {
    expect(availabilityOf(attached({ client: client({ version, missing: [method] }) }), method)).toEqual(out(reason));
  });

  it('gives both names of a renamed method, and no version if none is known', () => {
    const android = client({ dialect: 'android', version: '1.0.0', missing: ['retrieveToken'] });
    expect(availabilityOf(attached({ client: android }), 'retrieveToken')).toEqual(
      out('This SDK version doesn’t have retrieveToken() or getToken().'),
    );
    expect(availabilityOf(attached({ client: android }), 'signOut')).toEqual(ALLOWED);
  });

  const run = runOf('signOut');
  const busy: Activity[] = [
    { kind: 'running', run, started: false },
    { kind: 'running', run, started: true },
    {
      kind: 'checking',
      run,
      answer: { how: 'success', value: null, error: null, ms: 1 },
      settledAt: T0,
      readings: 0,
      nextAt: T0,
      tokenRead: false,
      reloaded: false,
      late: [],
    },
  ];
  it.each(busy)('refuses as busy while $kind', (activity) => {
    for (const { dialect, name } of runnable)
      expect(availabilityOf(on(dialect, { activity }), name)).toEqual(out(`Busy: ${OPERATIONS.signOut.label} is running.`));
  });

  it('rules everything out for an unknown dialect', () => {
    const cobol = on('cobol' as DialectName);
    for (const name of SESSION_OPERATION_NAMES) {
      expect(availabilityOf(cobol, name)).toMatchObject({ kind: 'ruled-out', anyway: false });
      expect(bindingKind(cobol, name)).toBeNull();
    }
  });
});
