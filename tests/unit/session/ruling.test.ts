import { describe, expect, it } from 'vitest';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { bindingKind, ruling } from '@/lib/session/ruling';
import type { Activity, Stage } from '@/lib/session/session';
import { client, customer, knownToken, noToken, runOf, T0 } from '../fakes/make';

type Attached = Extract<Stage, { phase: 'attached' }>;
const attached = (over: Partial<Attached> = {}): { stage: Stage } => ({
  stage: { phase: 'attached', client: client(), customer: customer(), token: noToken, activity: { kind: 'idle' }, ...over },
});
const ALLOWED = { kind: 'allowed' };
const ANONYMOUS_ONLY: readonly OperationName[] = ['regenerateUUID', 'regenerateUUIDWithClientIdentifier'];

describe('ruling', () => {
  const stages: Stage[] = [
    { phase: 'unreachable', problem: { kind: 'access', message: '' } },
    { phase: 'searching', candidate: client() },
    { phase: 'absent', candidate: null },
  ];
  it.each(stages)('$phase: nothing runs', (stage) => {
    for (const name of OPERATION_NAMES) expect(ruling({ stage }, name)).toMatchObject({ kind: 'ruled-out', anyway: false });
  });

  it.each(OPERATION_NAMES)('%s is allowed while nothing is certain', (name) => {
    expect(ruling(attached(), name)).toEqual(ALLOWED);
  });

  it.each(OPERATION_NAMES)('%s for a signed-in customer', (name) => {
    const ruled = ruling(attached({ customer: customer({ signedIn: true }) }), name);
    if (ANONYMOUS_ONLY.includes(name)) expect(ruled).toMatchObject({ kind: 'ruled-out', anyway: true });
    else expect(ruled).toEqual(ALLOWED);
  });

  it.each(['simple-auth', 'incognito', 'anonymous'] as const)('%s rules nothing out', (identity) => {
    const who = {
      'simple-auth': customer({ simpleAuth: true }),
      incognito: customer(),
      anonymous: customer({ signedIn: false, simpleAuth: false }),
    }[identity];
    const token = identity === 'incognito' ? knownToken({ origin: 'INCOGNITO' }) : noToken;
    for (const name of OPERATION_NAMES) expect(ruling(attached({ customer: who, token }), name)).toEqual(ALLOWED);
  });

  it("goes by the token where the SDK does not say, unless it is another customer's", () => {
    expect(ruling(attached({ token: knownToken({ origin: 'GOOGLE' }) }), 'regenerateUUID')).toMatchObject({
      kind: 'ruled-out',
      anyway: true,
    });
    expect(ruling(attached({ token: knownToken({ origin: 'GOOGLE' }, true) }), 'regenerateUUID')).toEqual(ALLOWED);
  });

  it('names the missing method and when it came', () => {
    const stage = attached({ client: client({ missing: ['destroySession', 'getUUID'] }) });
    expect(ruling(stage, 'destroySession')).toEqual({
      kind: 'ruled-out',
      anyway: false,
      reason: "This page's client has no method destroySession. It was introduced in version 0.9.10.",
    });
    expect(ruling(stage, 'getUUID')).toEqual({ kind: 'ruled-out', anyway: false, reason: "This page's client has no method getUUID." });
    expect(ruling(stage, 'signOut')).toEqual(ALLOWED);
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
      late: [],
    },
  ];
  it.each(busy)('is busy while $kind', (activity) => {
    for (const name of OPERATION_NAMES) {
      expect(ruling(attached({ activity }), name)).toEqual({
        kind: 'ruled-out',
        anyway: false,
        reason: `Busy: ${OPERATIONS.signOut.label} is running.`,
      });
    }
  });

  it('does not know another dialect', () => {
    expect(ruling(attached({ client: client({ dialect: 'flutter' }) }), 'getUUID')).toMatchObject({ kind: 'ruled-out', anyway: false });
  });
});

describe('bindingKind', () => {
  it('is native where the client has the method', () => {
    expect(bindingKind(attached(), 'signOut')).toBe('native');
  });
  it('is unavailable for a missing method, an unknown dialect, and without a client', () => {
    expect(bindingKind(attached({ client: client({ missing: ['signOut'] }) }), 'signOut')).toBe('unavailable');
    expect(bindingKind(attached({ client: client({ dialect: 'web' }) }), 'signOut')).toBe('unavailable');
    expect(bindingKind({ stage: { phase: 'searching', candidate: client() } }, 'signOut')).toBe('unavailable');
  });
});
