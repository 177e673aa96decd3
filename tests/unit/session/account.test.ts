import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain } from '@/lib/page/plain';
import { parseAgentReply } from '@/lib/protocol/agent';
import type { Plain } from '@/lib/sdk/plain-data';
import { differences, fieldsOf, notReset, readingOf, resetsOf, toldInstant } from '@/lib/session/account';
import { momentOf } from '@/lib/session/identity';
import type { Effect } from '@/lib/session/machine';
import { lastOutcome } from '@/lib/session/run';
import type { Session } from '@/lib/session/session';
import {
  activityOf,
  answerOf,
  client,
  error,
  listed,
  MINUTE,
  page,
  replyOf,
  sample,
  settled,
  started,
  T0,
  tokenReport,
  wireToken,
} from '../fakes/make';
import { attached, type Story, sends } from '../fakes/story';

type Known = Readonly<Record<string, Plain>>;
const DAY = 86_400_000;
const YEAR = 365 * DAY;

describe('an account reading', () => {
  const { stage } = attached();

  it.each<[string, Plain]>([
    ['null', null],
    ['true, which an SDK returns if it has no data', true],
    ['a string', 'x'],
    ['a number', 7],
    ['a list', [{ email: 'x' }]],
  ])('is null for %s', (_what, value) => {
    expect(readingOf({ stage }, momentOf(stage), value, T0)).toBeNull();
  });

  it('is null if no SDK', () => {
    expect(readingOf({ stage: { phase: 'searching', candidate: null } }, momentOf(stage), { email: 'x' }, T0)).toBeNull();
  });

  it('records whose it is, and when it was made', () => {
    expect(readingOf({ stage }, momentOf(stage), { email: 'x' }, T0 + 5)).toEqual({
      at: T0 + 5,
      uuid: 'uuid-1',
      identity: 'anonymous',
      clientId: momentOf(stage).token?.clientId ?? null,
      value: { email: 'x' },
    });
  });

  it.each<[string, () => unknown]>([
    ['a field of several megabytes', () => ({ email: 'x'.repeat(3_000_000) })],
    ['endless attributes', () => ({ attributes: Object.fromEntries([...Array(50_000).keys()].map((n) => [`k${n}`, 'x'.repeat(100)])) })],
    ['endless fields', () => Object.fromEntries([...Array(50_000).keys()].map((n) => [`k${n}`, n]))],
    ['keys of several megabytes', () => ({ [`k${'x'.repeat(3_000_000)}`]: 1 })],
    ['endless nesting', () => [...Array(5000).keys()].reduce<unknown>((inner) => ({ inner }), 'end')],
    ['lists of lists', () => ({ tags: [...Array(300)].map(() => [...Array(300).keys()]) })],
  ])('stays small for an account with %s, on the wire and in the session', (_what, make) => {
    const raw = answerOf(replyOf('doc-1', 0, T0, [settled('op-1', { value: plain(make()) })]));
    const [report] = parseAgentReply(raw).reports;
    const reading = readingOf({ stage }, momentOf(stage), report?.kind === 'settled' ? report.value : null, T0);
    expect(reading).not.toBeNull();
    expect(JSON.stringify(reading).length).toBeLessThan(60_000);
    // On its own too: its bounds are narrower than those of the wire.
    expect(JSON.stringify(readingOf({ stage }, momentOf(stage), make() as Plain, T0)).length).toBeLessThan(30_000);
  });

  it('keeps an account with a hundred attributes complete', () => {
    const account = { email: 'a@b.c', attributes: Object.fromEntries([...Array(100).keys()].map((n) => [`k${n}`, n])) };
    expect(JSON.parse(JSON.stringify(readingOf({ stage }, momentOf(stage), account, T0)?.value))).toEqual(account);
  });
});

describe('toldInstant', () => {
  const NOW = Date.UTC(2026, 10, 1);
  it.each<[string, Plain | undefined, { at: number; times: number } | null]>([
    ['seconds', NOW / 1000, { at: NOW, times: 1 }],
    ['milliseconds', NOW, { at: NOW, times: 1 }],
    ['a date string', new Date(NOW).toISOString(), { at: NOW, times: 1 }],
    ['a date string with an offset', '2026-11-01T02:00:00+02:00', { at: NOW, times: 1 }],
    ['seconds multiplied by 1000 twice, as a Date', new Date(NOW * 1000).toISOString(), { at: NOW, times: 1000 }],
    ['seconds multiplied by 1000 twice, as a number', NOW * 1000, { at: NOW, times: 1000 }],
    ['within a year ahead', NOW + YEAR, { at: NOW + YEAR, times: 1 }],
    ['more than a year ahead, which no factor explains', NOW + YEAR + 1000, { at: NOW + YEAR + 1000, times: 1 }],
    ['a value that is out of range even after division by 1000', NOW * 1_000_000, null],
    ['the epoch', 0, { at: 0, times: 1 }],
    ["a string that isn't a date", 'yesterday', null],
    ['an empty string', '', null],
    ['an invalid Date', 'Invalid Date', null],
    ['undefined', undefined, null],
    ['null', null, null],
    ['a boolean', true, null],
    ['an object', {}, null],
  ])('reads %s', (_what, told, expected) => {
    expect(toldInstant(told, NOW)).toEqual(expected);
  });

  it('returns only valid dates, for arbitrary values', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          fc.string(),
        ),
        (told) => {
          const instant = toldInstant(plain(told), NOW);
          if (instant) expect(() => new Date(instant.at).toISOString()).not.toThrow();
        },
      ),
      { seed: 31, numRuns: 1000 },
    );
  });
});

describe('fieldsOf', () => {
  it('lists the fields in reading order: agreements and attributes last, one by one', () => {
    const account: Known = {
      more: 'm',
      attributes: { z: 1, a: { deep: true } },
      tags: ['t'],
      agreements: { wifi: true, sms: false, email: true },
      city: 'x',
      email: 'e',
      lastActivityDate: 1,
      clientId: 4,
      firstName: 'f',
    };
    expect(fieldsOf(account).map(([name]) => name)).toEqual([
      'clientId',
      'email',
      'firstName',
      'city',
      'lastActivityDate',
      'tags',
      'more',
      'agreements.email',
      'agreements.sms',
      'agreements.wifi',
      'attributes.z',
      'attributes.a',
    ]);
    expect(Object.fromEntries(fieldsOf(account))['attributes.a']).toEqual({ deep: true });
  });

  it.each<[string, Plain]>([
    ['null', null],
    ['a string', 'x'],
    ['a list', [1]],
  ])('has no agreements or attributes if they are %s', (_what, value) => {
    expect(fieldsOf({ email: 'e', agreements: value, attributes: value })).toEqual([['email', 'e']]);
  });
});

describe('differences', () => {
  const base: Known = { email: 'e', city: 'x', agreements: { sms: true }, attributes: { tier: 'gold', n: { a: 1 } }, lastActivityDate: 1 };
  it.each<[string, Known, unknown[]]>([
    ['no change', base, []],
    ['a change only of a field that changes automatically', { ...base, lastActivityDate: 2 }, []],
    ['a changed field', { ...base, city: 'y' }, [{ field: 'city', before: 'x', after: 'y' }]],
    ['an added field', { ...base, phone: '1' }, [{ field: 'phone', before: null, after: '1' }]],
    [
      'removed fields',
      { email: 'e' },
      [
        { field: 'city', before: 'x', after: null },
        { field: 'agreements.sms', before: true, after: null },
        { field: 'attributes.tier', before: 'gold', after: null },
        { field: 'attributes.n', before: { a: 1 }, after: null },
      ],
    ],
    ['an added null, which equals a missing field', { ...base, phone: null }, []],
    ['a changed agreement', { ...base, agreements: { sms: false } }, [{ field: 'agreements.sms', before: true, after: false }]],
    [
      'a changed attribute',
      { ...base, attributes: { tier: 'gold', n: { a: 2 } } },
      [{ field: 'attributes.n', before: { a: 1 }, after: { a: 2 } }],
    ],
  ])('finds %s', (_what, after, expected) => {
    expect(differences(base, after)).toEqual(expected);
  });
});

// --- in the machine --------------------------------------------------------------------------------------------------

const ADA: Known = { email: 'ada@shop.example', city: 'Warsaw', clientId: 434 };
const SIGNED_IN = { signedIn: true };
/** A story whose customer is signed in. */
const signedIn = (): Story => {
  const made = attached();
  made.says(T0 + 1, [sample('uuid-1', SIGNED_IN), tokenReport(wireToken(T0 + 10 * MINUTE))]);
  return made;
};
/** A story with an account that a person has read. */
const known = (account: Known = ADA): Story => {
  const made = signedIn();
  made.run('get-1', T0 + 10, 'getAccount');
  made.says(T0 + 20, [started('get-1'), settled('get-1', { value: account })]);
  return made;
};
const asked = (effects: readonly Effect[]) =>
  sends(effects).flatMap((command) => (command.kind === 'run' ? [`${command.id} ${command.operation}`] : []));
const FOLLOW = 'account-up-1 getAccount';
const update = (made: Story, at = T0 + 100) => {
  made.run('up-1', at, 'updateAccount', { city: 'Łódź' });
  return made.says(at + 10, [started('up-1'), settled('up-1')]);
};

describe('fields sent as null', () => {
  const reading = (value: Record<string, Plain>) => ({ at: 1, uuid: null, identity: 'signed-in', clientId: null, value }) as const;
  const sent = { company: null, city: 'Łódź', agreements: { email: true }, attributes: { tier: null, size: 3, gone: null } };
  const changed = (value: Record<string, Plain>) =>
    notReset({ before: reading({}), after: reading(value), state: 'read', resets: resetsOf(sent) });

  it('are listed, attributes one by one', () => {
    expect(resetsOf(sent)).toEqual(['company', 'attributes.tier', 'attributes.gone']);
    expect(resetsOf({ tags: ['a'], smsAgreement: false })).toEqual([]);
  });

  it('are listed if the account still has them, as with React Native on iOS', () => {
    expect(changed({ company: 'Engines', attributes: { tier: 'gold' } })).toEqual(['company', 'attributes.tier']);
    expect(changed({ company: null, city: 'Łódź', attributes: {} })).toEqual([]);
    expect(changed({ company: '' })).toEqual([]);
    expect(notReset({ before: reading({}), after: null, state: 'unread', resets: ['company'] })).toEqual([]);
  });
});

describe('the account of a session', () => {
  it('is what getAccount returned, with its customer and time', () => {
    const made = known();
    expect(made.session.history.account).toEqual({ at: T0 + 20, uuid: 'uuid-1', identity: 'signed-in', clientId: '434', value: ADA });
    expect(lastOutcome(made.session.runs)).toMatchObject({
      id: 'get-1',
      operation: 'getAccount',
      verdict: 'done',
      account: null,
    });
  });

  it.each<[string, Parameters<typeof settled>[1]]>([
    ['an error', { how: 'error', error: error({ code: 403 }) }],
    ['no data', { value: true }],
    ['null', { value: null }],
  ])('stays unchanged if getAccount returns %s', (_what, answer) => {
    const made = known();
    made.run('get-2', T0 + 30, 'getAccount');
    made.says(T0 + 40, [started('get-2'), settled('get-2', answer), tokenReport(wireToken(T0 + 10 * MINUTE))]);
    expect(lastOutcome(made.session.runs)?.id).toBe('get-2');
    expect(made.session.history.account).toMatchObject({ at: T0 + 20, value: ADA });
  });

  it('is replaced by a newer reading', () => {
    const made = known();
    made.run('get-2', T0 + 30, 'getAccount');
    made.says(T0 + 40, [started('get-2'), settled('get-2', { value: { ...ADA, city: 'x' } })]);
    expect(made.session.history.account).toMatchObject({ at: T0 + 40, value: { city: 'x' } });
  });

  it('contains no token of the session, even if the account repeats it', () => {
    const token = wireToken(T0 + 10 * MINUTE).raw;
    expect(JSON.stringify(known({ email: 'e', attributes: { token } }).session.history.account)).not.toContain(token);
  });

  const forgets: readonly (readonly [string, (made: Story) => unknown])[] = [
    ['the UUID changes', (made) => made.says(T0 + 50, [sample('uuid-2', SIGNED_IN)])],
    [
      'the UUID changes, and the token cannot be read',
      (made) => made.says(T0 + 50, [sample('uuid-2', SIGNED_IN), tokenReport(null, { how: 'error', error: error() })]),
    ],
    [
      'the token belongs to another customer',
      (made) => made.says(T0 + 50, [tokenReport(wireToken(T0 + 30 * MINUTE, { clientId: '999' }))]),
    ],
    ['the customer signs out', (made) => made.says(T0 + 50, [sample('uuid-1', { signedIn: false })])],
    ['the customer is recognized in another way', (made) => made.says(T0 + 50, [sample('uuid-1', { signedIn: false, simpleAuth: true })])],
    ['another site is loaded', (made) => made.says(T0 + 50, [page(), sample('uuid-1', SIGNED_IN)], 'doc-2', 'https://other.example')],
    ['another site is loaded, with no reports yet', (made) => made.says(T0 + 50, [], 'doc-2', 'https://other.example')],
    ['another client replaces it', (made) => made.says(T0 + 50, [page([client({ ref: 2, dialect: 'ios', place: 'Client' })])])],
    [
      'another client is chosen',
      (made) => {
        made.says(T0 + 50, [page([client(), client({ ref: 2, dialect: 'ios', place: 'Client' })])]);
        return made.choose(T0 + 60, 'doc-1', 2);
      },
    ],
    [
      'a client in a frame is chosen',
      (made) => {
        made.lists(T0 + 50, listed('doc-1', null), listed('doc-f', '3'));
        return made.choose(T0 + 60, 'doc-f', 1);
      },
    ],
    ['the tab is closed', (made) => made.tell({ at: T0 + 50, type: 'closed' })],
    [
      'another customer appears after a reload',
      (made) => {
        made.says(T0 + 50, [], 'doc-2');
        return made.says(T0 + 60, [page(), sample('uuid-9', SIGNED_IN)], 'doc-2');
      },
    ],
  ];
  it.each(forgets)('is cleared when %s', (_what, happens) => {
    const made = known();
    expect(made.session.history.account).not.toBeNull();
    happens(made);
    expect(made.session.history.account).toBeNull();
  });

  it('is not kept for a closed tab', () => {
    const read = known();
    read.tell({ at: T0 + 50, type: 'closed' });
    const changed = known();
    update(changed);
    changed.says(T0 + 200, [started('account-up-1'), settled('account-up-1', { value: { ...ADA, city: 'Łódź' } })]);
    expect(lastOutcome(changed.session.runs)?.account?.state).toBe('read');
    changed.tell({ at: T0 + 250, type: 'closed' });
    for (const { session } of [read, changed]) expect(JSON.stringify(session)).not.toContain(ADA['email']);
    expect([lastOutcome(read.session.runs), lastOutcome(changed.session.runs)]).toMatchObject([
      { id: 'get-1', verdict: 'done' },
      { id: 'up-1', verdict: 'done' },
    ]);
  });

  const keeps: readonly (readonly [string, (made: Story) => unknown])[] = [
    ['the page is reloaded', (made) => made.says(T0 + 50, [], 'doc-2')],
    [
      'the same customer appears after a reload',
      (made) => {
        made.says(T0 + 50, [page()], 'doc-2');
        return made.says(T0 + 60, [sample('uuid-1', SIGNED_IN), tokenReport(wireToken(T0 + 20 * MINUTE))], 'doc-2');
      },
    ],
    ['the UUID cannot be read', (made) => made.says(T0 + 50, [sample(null, { ...SIGNED_IN, trouble: 'threw x' })])],
    ['the page becomes unreachable', (made) => made.tell({ at: T0 + 50, type: 'lost', problem: { kind: 'access', message: 'No.' } })],
    ['the page does not answer', (made) => made.tell({ at: T0 + 50, type: 'silent', problem: { kind: 'timeout', message: 'No.' } })],
    ['the token changes', (made) => made.says(T0 + 50, [tokenReport(wireToken(T0 + 30 * MINUTE))])],
    ['the worker dies', (made) => made.restart()],
  ];
  it.each(keeps)('stays when %s', (_what, happens) => {
    const made = known();
    happens(made);
    expect(made.session.history.account).toMatchObject({ value: ADA });
  });
});

describe('after an operation that may have changed the account', () => {
  const AFTER: Known = { ...ADA, city: 'Łódź' };
  const read = (made: Story, value: Plain = AFTER, at = T0 + 200) =>
    made.says(at, [started('account-up-1'), settled('account-up-1', { value })]);

  it('the account is read again once, and the result stays that of the operation', () => {
    const made = known();
    const { effects } = update(made);
    expect(asked(effects)).toEqual([FOLLOW]);
    expect(lastOutcome(made.session.runs)).toMatchObject({
      id: 'up-1',
      operation: 'updateAccount',
      verdict: 'done',
      account: { before: { value: ADA }, after: null, state: 'reading' },
    });
    const entries = made.session.runs.ended.length;
    read(made);
    expect(lastOutcome(made.session.runs)).toMatchObject({
      id: 'up-1',
      operation: 'updateAccount',
      verdict: 'done',
      account: { before: { value: ADA, at: T0 + 20 }, after: { value: AFTER, at: T0 + 200 }, state: 'read' },
    });
    expect(made.session.history.account).toMatchObject({ value: AFTER, at: T0 + 200 });
    for (const at of [T0 + 300, T0 + MINUTE]) {
      made.says(at, [sample('uuid-1', SIGNED_IN)]);
      made.tell({ at, type: 'tick' });
    }
    expect(asked(made.effects).filter((one) => one === FOLLOW)).toHaveLength(1);
    expect(activityOf(made.session)).toBe('idle');
    // The reading is automatic: it is no history entry, no last run and no ended command.
    expect(made.session.runs.ended).toHaveLength(entries);
    expect(made.session.runs.ended).toMatchObject([{ id: 'get-1' }, { id: 'up-1', operation: 'updateAccount', by: 'person' }]);
  });

  it.each([
    ['confirmEmailChange', { token: 't', newsletterAgreement: false }],
    ['confirmPhoneUpdate', { phone: '12345', confirmationCode: 'c', smsAgreement: true }],
    ['updateAccountBasicInformation', { city: 'x' }],
  ] as const)('after %s, the account is read', (operation, args) => {
    const made = known();
    made.run('up-1', T0 + 100, operation, args);
    expect(asked(made.says(T0 + 110, [started('up-1'), settled('up-1')]).effects)).toEqual([FOLLOW]);
  });

  it.each([
    ['changePassword', { oldPassword: 'a', newPassword: 'b' }],
    ['requestPhoneUpdate', { phone: '12345' }],
    ['getAccount', {}],
  ] as const)('after %s, the account is not read', (operation, args) => {
    const made = known();
    made.run('up-1', T0 + 100, operation, args);
    expect(asked(made.says(T0 + 110, [started('up-1'), settled('up-1', { value: {} })]).effects)).toEqual([]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'up-1', account: null });
  });

  it('an account that was not read before is not read', () => {
    const made = signedIn();
    expect(asked(update(made).effects)).toEqual([]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'up-1', verdict: 'done', account: null });
  });

  it.each<[string, Parameters<typeof settled>[1]]>([
    ['fails', { how: 'error', error: error({ code: 403 }) }],
    ['throws', { how: 'threw', error: error() }],
    ['is unanswered', { how: 'deadline' }],
  ])('the account is not read if the operation %s', (_what, answer) => {
    const made = known();
    made.run('up-1', T0 + 100, 'updateAccount', { city: 'x' });
    const { effects } = made.says(T0 + 110, [started('up-1'), settled('up-1', answer), tokenReport(wireToken(T0 + 10 * MINUTE))]);
    expect(asked(effects)).toEqual([]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'up-1', account: null });
    expect(made.session.history.account).toMatchObject({ value: ADA });
  });

  const failures: readonly (readonly [string, (made: Story) => unknown])[] = [
    [
      'returns an error',
      (made) =>
        made.says(T0 + 200, [
          started('account-up-1'),
          settled('account-up-1', { how: 'error', error: error() }),
          tokenReport(wireToken(T0 + 10 * MINUTE)),
        ]),
    ],
    ['never starts', (made) => made.tell({ at: T0 + MINUTE, type: 'tick' })],
    [
      'starts and is never answered',
      (made) => {
        made.says(T0 + 200, [started('account-up-1')]);
        return made.tell({ at: T0 + MINUTE, type: 'tick' });
      },
    ],
    ['is lost with its page', (made) => made.says(T0 + 200, [page(), sample('uuid-1', SIGNED_IN)], 'doc-2')],
    ['is lost with the access', (made) => made.tell({ at: T0 + 200, type: 'lost', problem: { kind: 'access', message: 'No.' } })],
  ];
  it.each(failures)('a follow-up reading that %s leaves the account unread, and the result unchanged', (_what, happens) => {
    const made = known();
    update(made);
    happens(made);
    expect(lastOutcome(made.session.runs)).toMatchObject({
      id: 'up-1',
      verdict: 'done',
      account: { before: { value: ADA }, after: null, state: 'unread' },
    });
    expect(asked(made.effects).filter((one) => one === FOLLOW)).toHaveLength(1);
    expect(made.session.runs.ended.map(({ id }) => id)).toEqual(['get-1', 'up-1']);
    // The previous reading may be outdated.
    expect(made.session.history.account).toBeNull();
  });

  it("an answer that isn't an account leaves it unread", () => {
    const made = known();
    update(made);
    read(made, true);
    expect(lastOutcome(made.session.runs)?.account).toMatchObject({ after: null, state: 'unread' });
  });

  it('the account stays unread if the client goes with its answer, even if another client follows', () => {
    const made = known();
    made.run('up-1', T0 + 100, 'updateAccount', { city: 'Łódź' });
    made.says(T0 + 110, [started('up-1'), settled('up-1'), page([])]);
    expect(lastOutcome(made.session.runs)).toMatchObject({
      id: 'up-1',
      verdict: 'done',
      account: { before: { value: ADA }, after: null, state: 'unread' },
    });
    made.says(T0 + 150, [page([client({ ref: 2 })]), sample('uuid-1', { ...SIGNED_IN, client: 2 })]);
    expect(asked(made.effects)).not.toContain(FOLLOW);
  });

  it('the account of another client is not read', () => {
    const made = known();
    made.run('up-1', T0 + 100, 'updateAccount', { city: 'x' });
    const other = client({ ref: 2, dialect: 'ios', place: 'Client' });
    const { effects } = made.says(T0 + 110, [started('up-1'), settled('up-1'), page([other])]);
    made.says(T0 + 120, [sample('uuid-9', { ...SIGNED_IN, client: 2 })]);
    expect([...asked(effects), ...asked(made.effects)]).not.toContain(FOLLOW);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'up-1', verdict: 'done' });
  });

  const another = tokenReport(wireToken(T0 + 20 * MINUTE, { raw: 'another', clientId: '999' }));
  it.each<[string, Parameters<Story['says']>[1]]>([
    ['signed out', [sample('uuid-1', { signedIn: false })]],
    ['another customer', [sample('uuid-9', SIGNED_IN), another]],
    ['another customer with the same UUID', [sample('uuid-1', SIGNED_IN), another]],
    ['another customer, signed out', [sample('uuid-9', { signedIn: false })]],
  ])('the reading is discarded if the customer is %s by then', (_what, seen) => {
    const made = known();
    update(made);
    made.says(T0 + 150, seen);
    read(made, { email: 'eve@shop.example' });
    expect(lastOutcome(made.session.runs)?.account).toMatchObject({ before: { value: ADA }, after: null, state: 'unread' });
  });

  it('the account is read and compared if the operation changed the UUID', () => {
    const made = known();
    const uuid = '07243772-008a-42e1-ba37-c3807cebde8f';
    made.run('up-1', T0 + 100, 'updateAccount', { uuid });
    made.says(T0 + 110, [started('up-1'), settled('up-1'), sample(uuid, SIGNED_IN)]);
    read(made, { ...ADA, uuid });
    expect(lastOutcome(made.session.runs)?.account).toMatchObject({
      before: { value: ADA },
      after: { value: { ...ADA, uuid } },
      state: 'read',
    });
    expect(made.session.history.account).toMatchObject({ uuid, value: { uuid } });
  });

  it('another operation is refused during the reading, and runs afterwards', () => {
    const made = known();
    update(made);
    const { effects } = made.run('op-2', T0 + 120, 'getUUID');
    expect(effects).toMatchObject([{ type: 'refuse', id: 'op-2', problem: { code: 'ruled-out' } }]);
    read(made);
    expect(asked(made.run('op-2', T0 + 300, 'getUUID').effects)).toEqual(['op-2 getUUID']);
  });

  it('auto-refresh is not affected by the reading', () => {
    const made = known();
    made.tell({ at: T0 + 90, type: 'policy', policy: { lead: MINUTE, autoRefresh: true, notify: true, deadline: 10_000, muted: [] } });
    const tokenRefresh = () => [
      made.session.tokenRefresh,
      made.session.tab.alarmAt,
      made.session.tab.badge,
      made.session.history.spans.token,
    ];
    const before = tokenRefresh();
    update(made);
    made.says(T0 + 200, [started('account-up-1'), settled('account-up-1', { how: 'error', error: error() })]);
    made.tell({ at: T0 + 2000, type: 'tick' });
    expect(lastOutcome(made.session.runs)?.account?.state).toBe('unread');
    expect(tokenRefresh()).toEqual(before);
  });
});

describe('a restarted worker', () => {
  const AFTER: Known = { ...ADA, city: 'Łódź' };
  /** Each event for the machine, from the command to the follow-up reading. */
  const STEPS: readonly ((made: Story) => unknown)[] = [
    (made) => made.run('up-1', T0 + 100, 'updateAccount', { city: 'Łódź' }),
    (made) => made.says(T0 + 110, [started('up-1')]),
    (made) => made.says(T0 + 120, [settled('up-1')]),
    (made) => made.says(T0 + 130, [sample('uuid-1', SIGNED_IN)]),
    (made) => made.says(T0 + 140, [started('account-up-1')]),
    (made) => made.says(T0 + 150, [settled('account-up-1', { value: AFTER })]),
    (made) => made.tell({ at: T0 + 160, type: 'tick' }),
  ];
  const end = ({ session, effects }: Story) => ({
    last: lastOutcome(session.runs),
    account: session.history.account,
    ended: session.runs.ended.map(({ id }) => id),
    activity: activityOf(session),
    runs: asked(effects).filter((one) => !one.startsWith('get-1')),
  });
  const undisturbed = (() => {
    const made = known();
    for (const step of STEPS) step(made);
    return end(made);
  })();

  it('is compared with an undisturbed run: the operation is sent once, with a complete result', () => {
    expect(undisturbed).toMatchObject({
      last: { id: 'up-1', verdict: 'done', account: { state: 'read', after: { value: AFTER } } },
      runs: ['up-1 updateAccount', FOLLOW],
      ended: ['get-1', 'up-1'],
      activity: 'idle',
    });
  });

  it.each([...STEPS.keys()])('changes nothing, after step %i', (dies) => {
    const made = known();
    for (const [nth, step] of STEPS.entries()) {
      step(made);
      if (nth === dies) {
        made.restart();
        made.tell({ at: T0 + 161, type: 'tick' });
      }
    }
    expect(end(made)).toEqual(undisturbed);
  });

  it.each([...STEPS.keys()])('leaves nothing running and repeats nothing if the page stops reporting after step %i', (dies) => {
    const made = known();
    for (const step of STEPS.slice(0, dies + 1)) step(made);
    made.restart();
    made.tell({ at: T0 + MINUTE, type: 'tick' });
    made.tell({ at: T0 + 2 * MINUTE, type: 'tick' });
    const { runs, last, activity } = end(made);
    expect(activity).toBe('idle');
    expect(new Set(runs).size).toBe(runs.length);
    expect(last?.id).toBe('up-1');
    expect(last?.verdict).toBe(dies === 0 ? 'interrupted' : dies === 1 ? 'timed-out' : 'done');
    expect(last?.account?.state).toBe(dies < 2 ? undefined : dies < 5 ? 'unread' : 'read');
  });

  it('runs a repeated command once', () => {
    const made = known();
    for (const step of STEPS) {
      step(made);
      made.restart();
      made.run('up-1', T0 + 155, 'updateAccount', { city: 'Łódź' });
    }
    const sent = end(made).runs.filter((one) => one === 'up-1 updateAccount');
    // Before the page starts it, it is sent again, and the agent accepts it once.
    expect(sent).toHaveLength(2);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'up-1', verdict: 'done' });
    expect(made.session satisfies Session).toMatchObject({ runs: { ended: [{ id: 'get-1' }, { id: 'up-1' }] } });
  });
});
