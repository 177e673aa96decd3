import { describe, expect, it } from 'vitest';
import type { Settlement } from '@/lib/page/wire';
import type { Plain } from '@/lib/sdk/plain-data';
import type { Activity, Moment, Run } from '@/lib/session/run';
import { judge, READING_PAUSES } from '@/lib/session/verdict';
import { moment, runOf, T0 } from '../fakes/make';

type Checking = Extract<Activity, { kind: 'checking' }>;

const checking = (run: Run, how: Settlement = 'success', tokenRead = false, value: Plain = null): Checking => ({
  kind: 'checking',
  run,
  answer: { how, value, error: null, ms: 1 },
  settledAt: T0,
  readings: 0,
  nextAt: T0 + 200,
  tokenRead,
  reloaded: false,
  late: [],
});

const otherToken = { fingerprint: 'f2', origin: 'ANONYMOUS', expiresAt: null, clientId: null };
const newUuid = moment({ uuid: 'uuid-2' });
const newToken = moment({ token: otherToken });
const noToken = moment({ token: null });
const signedIn = moment({ identity: 'signed-in' });
const END = 3000;

it('readings continue for 3 s in total, with growing pauses', () => {
  expect(READING_PAUSES.reduce((sum, pause) => sum + pause, 0)).toBe(END);
  expect([...READING_PAUSES].sort((a, b) => a - b)).toEqual(READING_PAUSES);
});

describe('judge', () => {
  const uuidRun = runOf('regenerateUUID');
  const tokenRun = runOf('refreshToken');
  const outRun = runOf('signOut');
  const outFrom = (before: Moment) => ({ ...outRun, before });
  const seed = (over: Partial<Run> = {}) => runOf('regenerateUUIDWithClientIdentifier', { seed: 'anna', ...over });
  const nothing = runOf('getUUID', { expects: 'nothing' });
  const clearRun = runOf('clearAccessToken');
  const simple = moment({ identity: 'simple-auth' });
  const unknown = moment({ identity: 'unknown' });
  const inRun = runOf('signIn');
  const inFrom = (before: Moment) => ({ ...inRun, before });
  const simpleRun = runOf('simpleAuthentication');
  const conditional = runOf('signInConditionally');
  const deleteRun = runOf('deleteAccount');
  const toUuid = (aim: string) => runOf('setUuid', { aim });
  const toToken = (aim: string) => runOf('setAccessToken', { aim });

  // after: [ms since the answer, token read] → verdict:note, or null if it is not clear yet.
  const rows: [string, Run, Settlement, Moment, number, boolean, string | null][] = [
    ['only an answer is expected', runOf('getUUID'), 'success', moment(), 0, false, 'done'],
    ['nothing is expected', nothing, 'success', moment(), 0, false, 'done'],

    ['missing method', uuidRun, 'missing', newUuid, 0, false, 'unavailable:no-method'],
    ['missing method, answer expected', runOf('getUUID'), 'missing', moment(), 0, false, 'unavailable:no-method'],

    ['new UUID, token not read yet', uuidRun, 'success', newUuid, 0, false, null],
    ['new UUID, token not read within 999 ms', uuidRun, 'success', newUuid, 999, false, null],
    ['new UUID, token not read within 1 s', uuidRun, 'success', newUuid, 1000, false, 'done'],
    ['new UUID, token read', uuidRun, 'success', newUuid, 0, true, 'done'],
    ['UUID gone', uuidRun, 'success', moment({ uuid: null }), 0, true, null],
    ['same UUID, token read', uuidRun, 'success', moment(), 0, true, null],
    ['same UUID, new token proves nothing', uuidRun, 'success', newToken, 0, true, null],
    ['same UUID just before the end', uuidRun, 'success', moment(), END - 1, true, null],
    ['same UUID at the end', uuidRun, 'success', moment(), END, true, 'refused'],
    ['UUID gone at the end', uuidRun, 'success', moment({ uuid: null }), END, true, 'refused'],
    ['same UUID for a signed-in customer', { ...uuidRun, before: signedIn }, 'success', signedIn, END, true, 'refused:signed-in'],
    ['new UUID at the very end', uuidRun, 'success', newUuid, END, false, 'done'],

    ['seed, new UUID', seed(), 'success', newUuid, 0, true, 'done'],
    ['seed, same UUID and token', seed(), 'success', moment(), 0, true, null],
    ['seed, same UUID and token at the end', seed(), 'success', moment(), END, true, 'refused'],
    ['seed, same UUID but new token', seed(), 'success', newToken, 0, true, 'done:same-uuid'],
    ['seed, same UUID, token gone', seed(), 'success', noToken, 0, true, 'done:same-uuid'],
    ['same seed, same UUID', seed({ sameSeed: true }), 'success', moment(), 0, true, 'done:same-uuid'],
    ['same seed, same UUID, token not read yet', seed({ sameSeed: true }), 'success', moment(), 0, false, null],
    ['same seed, new UUID', seed({ sameSeed: true }), 'success', newUuid, 0, true, 'done'],
    ['seed refused to a signed-in customer', seed({ before: signedIn }), 'success', signedIn, END, true, 'refused:signed-in'],

    ['new token', tokenRun, 'success', newToken, 0, true, 'done'],
    ['new token, none before', { ...tokenRun, before: noToken }, 'success', moment(), 0, true, 'done'],
    ['token gone', tokenRun, 'success', noToken, 0, true, null],
    ['token gone at the end', tokenRun, 'success', noToken, END, true, 'refused'],
    ['same token', tokenRun, 'success', moment(), 0, true, null],
    ['same token at the end', tokenRun, 'success', moment(), END, true, 'refused'],
    ['same token for a signed-in customer', { ...tokenRun, before: signedIn }, 'success', signedIn, END, true, 'refused'],
    ['never a token', { ...tokenRun, before: noToken }, 'success', noToken, END, true, 'refused'],

    ['token cleared', clearRun, 'success', noToken, 0, true, 'done'],
    ['token cleared, not read yet', clearRun, 'success', noToken, 999, false, null],
    ['token cleared, never read', clearRun, 'success', noToken, 1000, false, 'done'],
    ['token cleared, none before', { ...clearRun, before: noToken }, 'success', noToken, 0, true, 'done'],
    ['token still there', clearRun, 'success', moment(), 0, true, null],
    ['a different token at the end', clearRun, 'success', newToken, END, true, 'refused'],

    ['the target UUID', toUuid('uuid-2'), 'success', newUuid, 0, true, 'done'],
    ['the target UUID, token not read yet', toUuid('uuid-2'), 'success', newUuid, 999, false, null],
    ['the target UUID, same as before', toUuid('uuid-1'), 'success', moment(), 0, true, 'done:same-uuid'],
    ['the target UUID, same as before, signed in', toUuid('uuid-1'), 'success', signedIn, 0, true, 'done:same-uuid'],
    ['not the target UUID', toUuid('uuid-9'), 'success', moment(), 0, true, null],
    ['not the target UUID at the end', toUuid('uuid-9'), 'success', moment(), END, true, 'refused'],
    ['no UUID at the end', toUuid('uuid-9'), 'success', moment({ uuid: null }), END, true, 'refused'],
    ['the target UUID does not excuse an error', toUuid('uuid-2'), 'error', newUuid, 0, true, 'failed'],
    ['the target UUID does not excuse a deadline', toUuid('uuid-2'), 'deadline', newUuid, 0, true, 'timed-out:no-callback'],
    ['the target token', toToken('f2'), 'success', newToken, 0, true, 'done'],
    ['the target token, same as before', toToken('f1'), 'success', moment(), 0, true, 'done'],
    ['not the target token', toToken('f9'), 'success', moment(), END, true, 'refused'],
    ['no token, without a target', { ...tokenRun, before: noToken }, 'success', moment({ uuid: null, token: null }), END, true, 'refused'],

    ['signed out to anonymous', outFrom(signedIn), 'success', moment(), 0, true, 'done'],
    ['signed out to incognito', outFrom(signedIn), 'success', moment({ identity: 'incognito' }), 0, true, 'done'],
    ['signed out, token not read yet', outFrom(signedIn), 'success', moment(), 999, false, null],
    ['anonymous before', outFrom(moment()), 'success', moment(), 0, true, 'done:was-signed-out'],
    ['from anonymous to incognito', outFrom(moment()), 'success', moment({ identity: 'incognito' }), 0, true, 'done'],
    ['still signed in', outFrom(signedIn), 'success', signedIn, 0, true, null],
    ['still signed in at the end', outFrom(signedIn), 'success', signedIn, END, true, 'refused'],
    ['unknown identity after a sign-out', outFrom(signedIn), 'success', moment({ identity: 'unknown' }), END, true, 'refused'],

    ['signed in', inRun, 'success', signedIn, 0, true, 'done'],
    ['signed in, token not read yet', inRun, 'success', signedIn, 999, false, null],
    ['signed in, token never read', inRun, 'success', signedIn, 1000, false, 'done'],
    ['still anonymous after a sign-in', inRun, 'success', moment(), 0, true, null],
    ['still anonymous after a sign-in, at the end', inRun, 'success', moment(), END, true, 'refused'],
    ['a new token and still anonymous', inRun, 'success', newToken, END, true, 'refused'],
    ['recognized by data instead of signed in', inRun, 'success', simple, END, true, 'refused'],
    ['signed in again with a different token', inFrom(signedIn), 'success', { ...signedIn, token: otherToken }, 0, true, 'done'],
    ['signed in before, and nothing changed', inFrom(signedIn), 'success', signedIn, 0, true, null],
    ['signed in before, and nothing changed at the end', inFrom(signedIn), 'success', signedIn, END, true, 'refused'],
    ['signed in from Simple Authentication', inFrom(simple), 'success', signedIn, 0, true, 'done'],
    ['unknown identity, with a different token', inFrom(unknown), 'success', { ...unknown, token: otherToken }, 0, true, 'done'],
    ['unknown identity, and nothing changed', inFrom(unknown), 'success', unknown, END, true, 'refused'],
    ['signed in does not excuse an error', inRun, 'error', signedIn, 0, true, 'failed'],

    ['recognized by data', simpleRun, 'success', simple, 0, true, 'done'],
    ['recognized by data, token not read yet', simpleRun, 'success', simple, 999, false, null],
    ['not recognized by data, at the end', simpleRun, 'success', moment(), END, true, 'refused'],
    ['signed in instead of recognized by data', simpleRun, 'success', signedIn, END, true, 'refused'],
    ['recognized by other data', { ...simpleRun, before: simple }, 'success', { ...simple, token: otherToken }, 0, true, 'done'],
    ['recognized by the same data again', { ...simpleRun, before: simple }, 'success', simple, END, true, 'refused'],

    ['conditions not met', conditional, 'success', moment(), 0, true, 'done'],
    ['conditions, token not read yet', conditional, 'success', moment(), 999, false, null],
    ['conditions, token never read', conditional, 'success', moment(), 1000, false, 'done'],
    ['conditions met', conditional, 'success', signedIn, 0, true, 'done'],
    ['conditions, deadline', conditional, 'deadline', signedIn, 0, true, 'timed-out:no-callback'],
    ['conditions, error', conditional, 'error', moment(), 0, true, 'failed'],
    ['conditions, no such method', conditional, 'missing', moment(), 0, false, 'unavailable:no-method'],

    ['account deleted', { ...deleteRun, before: signedIn }, 'success', newUuid, 0, true, 'done'],
    ['account deleted, token not read yet', { ...deleteRun, before: signedIn }, 'success', newUuid, 999, false, null],
    ['account deleted, but still signed in', { ...deleteRun, before: signedIn }, 'success', signedIn, END, true, 'refused'],
    ['account deleted, nobody signed in before', deleteRun, 'success', moment(), 0, true, 'done:was-signed-out'],
    ['account not deleted, wrong password', { ...deleteRun, before: signedIn }, 'error', signedIn, 0, true, 'failed'],

    ['deadline, token not read', uuidRun, 'deadline', newUuid, 999, false, null],
    ['deadline, token read', uuidRun, 'deadline', newUuid, 0, true, 'timed-out:no-callback'],
    ['deadline, long ago', uuidRun, 'deadline', moment(), 1000, false, 'timed-out:no-callback'],
    ['deadline of an answer', runOf('getUUID'), 'deadline', moment(), 0, true, 'timed-out:no-callback'],
    ...(['error', 'threw', 'rejected'] as const).flatMap((how): typeof rows => [
      [`${how}, token not read`, uuidRun, how, newUuid, 999, false, null],
      [`${how}, although the UUID changed`, uuidRun, how, newUuid, 0, true, 'failed'],
      [`${how}, token never read`, tokenRun, how, moment(), 1000, false, 'failed'],
      [`${how} for an answer`, runOf('retrieveToken'), how, moment(), 0, true, 'failed'],
    ]),
  ];

  it.each(rows)('%s', (_name, run, how, after, ms, tokenRead, expected) => {
    const judgment = judge(checking(run, how, tokenRead), after, T0 + ms);
    expect(judgment && [judgment.verdict, ...(judgment.note ? [judgment.note] : [])].join(':')).toBe(expected);
  });

  // A boolean result, if an SDK returns one (facts §2.1).
  const said: [string, Run, Plain, Moment, number, boolean, string | null][] = [
    ['false', uuidRun, false, moment(), 0, true, 'refused:said-no'],
    ['false, token not read yet', uuidRun, false, moment(), 999, false, null],
    ['false, token never read', uuidRun, false, moment(), 1000, false, 'refused:said-no'],
    ['false, although the UUID changed', uuidRun, false, newUuid, 0, true, 'done'],
    ['false for a signed-in customer', { ...uuidRun, before: signedIn }, false, signedIn, 0, true, 'refused:signed-in'],
    ['false for the same seed', seed({ sameSeed: true }), false, moment(), 0, true, 'done:same-uuid'],
    ['false if an answer is expected', runOf('getUUID'), false, moment(), 0, false, 'done'],
    ['false for a sign-out', outFrom(signedIn), false, signedIn, 0, true, 'refused:said-no'],
    ['false for a refresh', tokenRun, false, moment(), 0, true, 'refused:said-no'],
    ['the string false', uuidRun, 'false', moment(), 0, true, null],
    ['0', uuidRun, 0, moment(), 0, true, null],
    ['false for a sign-in', inRun, false, moment(), 0, true, 'refused:said-no'],
    ['false for a sign-in, although a customer is signed in now', inRun, false, signedIn, 0, true, 'done'],
    ['false for a deletion', { ...deleteRun, before: signedIn }, false, signedIn, 0, true, 'refused:said-no'],
    ['false for conditions', conditional, false, moment(), 0, true, 'done'],
    ['true, and nothing changed', uuidRun, true, moment(), 0, true, null],
    ['true, and nothing changed at the end', uuidRun, true, moment(), END, true, 'refused'],
  ];
  it.each(said)('judges a returned value: %s', (_name, run, value, after, ms, tokenRead, expected) => {
    const judgment = judge(checking(run, 'success', tokenRead, value), after, T0 + ms);
    expect(judgment && [judgment.verdict, ...(judgment.note ? [judgment.note] : [])].join(':')).toBe(expected);
  });
});
