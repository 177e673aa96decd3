// Why a UUID or a token changed, tested along the list in facts §2.2: what a page reports, and the cause that must be recorded.

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { WireToken } from '@/lib/page/wire';
import { BY_OTHER_NAMES, CHANGES_WORKSPACE, type ChangeName } from '@/lib/sdk/changes';
import type { ArgumentValues } from '@/lib/sdk/operation';
import type { OperationName } from '@/lib/sdk/operations';
import type { Plain } from '@/lib/sdk/plain-data';
import type { Cause, CauseKind } from '@/lib/session/history/cause';
import { type Clues, causeOf, type Peer } from '@/lib/session/history/causes';
import type { HistoryEntry } from '@/lib/session/history/history';
import { identityOf } from '@/lib/session/identity';
import type { SessionEvent } from '@/lib/session/machine';
import { lastOutcome } from '@/lib/session/run';
import { fingerprint } from '@/lib/text/fingerprint';
import {
  client,
  type Draft,
  MINUTE,
  ORIGIN,
  loadedPage as page,
  sample,
  settled,
  started,
  T0,
  tokenReport,
  wireToken,
} from '../../fakes/make';
import { type Story, story } from '../../fakes/story';

const SECOND = 1000;
const HOUR = 60 * MINUTE;
const OLD = '11111111-1111-4111-8111-111111111111';
const NEW = '22222222-2222-4222-8222-222222222222';
const THIRD = '33333333-3333-4333-8333-333333333333';
const WEB = client({ dialect: 'web', place: 'SR' });

type Phase = 'called' | 'succeeded' | 'failed' | 'returned' | 'dropped';
let calls = 0;
/** One call by the page, through its phases. */
const call = (does: ChangeName, told: Record<string, Plain> = {}, ...phases: Phase[]): Draft[] => {
  calls += 1;
  return ['called' as const, ...(phases.length ? phases : ['succeeded' as const])].map((phase) => ({
    kind: 'call',
    client: 1,
    call: calls,
    does,
    told,
    phase,
  }));
};
const state = (signedIn: boolean, reason: string | null = null): Draft => ({ kind: 'state', client: 1, signedIn, reason });
/** A token that differs from every other. */
const token = (name: string, expiresAt: number = T0 + HOUR, over: Partial<WireToken> = {}): WireToken =>
  wireToken(expiresAt, { raw: `opaque-${name}`, ...over });
const has = (wire: WireToken) => tokenReport(wire);
const NO_TOKEN = tokenReport(null, { none: true });
const SIGNED_IN = { signedIn: true };

type EntryOf<K extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: K }>;
const entries = <K extends HistoryEntry['kind']>(of: Story, kind: K): EntryOf<K>[] =>
  of.effects.flatMap((effect) => (effect.type === 'note' && effect.entry.kind === kind ? [effect.entry as EntryOf<K>] : []));
const causeOfLast = (of: Story, kind: 'uuid' | 'token'): Cause => {
  const last = entries(of, kind).at(-1);
  if (!last) throw new Error(`no ${kind} was noted`);
  return last.cause;
};

/** A page observed from T0 on, with its first readings. */
function began(first: Draft[] = [sample(OLD), has(token('old'))], clients = [client()]): Story {
  const made = story();
  made.tell({ at: T0, type: 'observed', observed: true });
  made.says(T0, [page({ clients }), ...first]);
  return made;
}
/** `began`, followed by the page's reports a minute later; returns the cause of the UUID change. */
function then(drafts: Draft[], first?: Draft[], clients?: (typeof WEB)[]): Cause {
  const made = began(first, clients);
  made.says(T0 + MINUTE, drafts);
  expect(entries(made, 'uuid').map(({ uuid }) => uuid)).toEqual([OLD, NEW]);
  return causeOfLast(made, 'uuid');
}
/** The same, with a reload into a new document. */
function reloaded(
  drafts: Draft[],
  { entered = '/', first = [sample(OLD), has(token('old'))] as Draft[], clients = [client()] } = {},
): Cause {
  const made = began(first, clients);
  made.says(T0 + MINUTE, [page({ entered, by: 'reload', clients }), ...drafts], 'doc-2');
  return causeOfLast(made, 'uuid');
}

/** A short form of the expected cause. */
const certain = (kind: CauseKind, by?: string) => expect.objectContaining({ kind, sure: true, ...(by !== undefined && { by }) });
const likely = (kind: CauseKind, by?: string) => expect.objectContaining({ kind, sure: false, ...(by !== undefined && { by }) });
const evidenceOf = ({ evidence }: Cause) => evidence.join(' ');

describe('when the vendor regenerates the UUID (facts §2.2)', () => {
  test('1. the app was reinstalled: the page is loaded with another UUID, without an explanation', () => {
    const cause = reloaded([sample(NEW), has(token('new'))]);
    expect(cause).toEqual(likely('unknown'));
    expect(evidenceOf(cause)).toMatch(/Present at page load/);
    expect(evidenceOf(cause)).toMatch(/No page call explains it/);
  });

  for (const does of ['regenerateUUID', 'regenerateUUIDWithClientIdentifier'] as const) {
    test(`2. ${does}() by the page`, () => {
      const cause = then([...call(does, {}, 'returned'), sample(NEW)]);
      expect(cause).toEqual(certain('call', `${does}()`));
      expect(evidenceOf(cause)).toMatch(new RegExp(`Page call ${does}\\(\\) `));
      expect(evidenceOf(cause)).toMatch(/[Rr]egenerates the UUID/);
    });
  }

  test('3. destroySession() by the page', () => {
    const cause = then([...call('destroySession', {}, 'returned'), sample(NEW)]);
    expect(cause).toEqual(certain('call', 'destroySession()'));
  });

  test('4. changeApiKey() by the page, whose SDK starts again', () => {
    const cause = then([...call('changeApiKey', {}, 'returned'), sample(NEW)]);
    expect(cause).toEqual(certain('api-key', 'changeApiKey()'));
    expect(evidenceOf(cause)).toMatch(/destroys the session/);
  });

  test('4. … and in a new document, if the page reloads for it', () => {
    const made = began();
    made.says(T0 + MINUTE, call('changeApiKey', {}, 'returned'));
    made.says(T0 + MINUTE + 8 * SECOND, [page({ by: 'reload' }), sample(NEW)], 'doc-2');
    expect(causeOfLast(made, 'uuid')).toEqual(certain('api-key', 'changeApiKey()'));
  });

  test('5. simpleAuthentication() with a UUID of the page', () => {
    const cause = then([...call('simpleAuthentication'), sample(NEW, { simpleAuth: true })]);
    expect(cause).toEqual(certain('call', 'simpleAuthentication()'));
  });

  for (const does of ['authenticate', 'authenticateConditionally'] as const) {
    test(`6. ${does}() with an authID, and without one`, () => {
      expect(then([...call(does, { authID: true }), sample(NEW, SIGNED_IN)])).toEqual(certain('call', `${does}()`));
      const without = then([...call(does), sample(NEW, SIGNED_IN)]);
      expect(without).toEqual(likely('call', `${does}()`));
      expect(evidenceOf(without)).toMatch(/only with an authID/);
    });
  }

  test('7. signOutWithMode() with the mode that destroys the session, and with the other mode', () => {
    const out = [sample(OLD, SIGNED_IN), has(token('old'))];
    const destroyed = then([...call('signOutWithMode', { mode: 'SIGN_OUT_WITH_SESSION_DESTROY' }), sample(NEW)], out);
    expect(destroyed).toEqual(certain('call', 'signOutWithMode()'));
    const kept = then([...call('signOutWithMode', { mode: 'SIGN_OUT' }), sample(NEW)], out);
    // It keeps the UUID: only the sign-out is visible.
    expect(kept).toEqual(likely('sign-out'));
  });

  test('8. deleteAccount() by the page', () => {
    const cause = then([...call('deleteAccount'), sample(NEW)], [sample(OLD, SIGNED_IN), has(token('old'))]);
    expect(cause).toEqual(certain('call', 'deleteAccount()'));
  });

  describe('by a name of older SDKs, or one outside the catalog (facts §8)', () => {
    test.each(BY_OTHER_NAMES.filter((does) => does.startsWith('authenticate')))('%s() brings the token, and causes the sign-in', (does) => {
      const made = began();
      made.says(T0 + MINUTE, [...call(does), sample(OLD, SIGNED_IN), has(token('new', T0 + HOUR, { origin: 'OAUTH' }))]);
      expect(causeOfLast(made, 'token')).toEqual(certain('call', `${does}()`));
      const [signed] = entries(made, 'identity');
      const called = entries(made, 'call').find((entry) => entry.does === does);
      expect(signed?.of).toBe(called?.key);
    });

    test.each(BY_OTHER_NAMES.filter((does) => does.startsWith('delete')))('%s() causes another UUID', (does) => {
      const cause = then([...call(does), sample(NEW)], [sample(OLD, SIGNED_IN), has(token('old'))]);
      expect(cause).toEqual(certain('call', `${does}()`));
      expect(evidenceOf(cause)).toMatch(/Deleting the account/);
    });

    test.each(CHANGES_WORKSPACE)('%s() changes the workspace, and causes another UUID', (does) => {
      expect(then([...call(does, {}, 'returned'), sample(NEW)])).toEqual(certain('api-key', `${does}()`));
    });

    test.each([
      'requestEmailChangeByFacebook',
      'setCustomIdentifier',
      'setCustomEmail',
    ] as const)('%s() changes neither UUID nor token', (does) => {
      expect(then([...call(does), sample(NEW)])).toEqual(likely('unknown'));
    });
  });

  test('9. doNotTrack turned on, and off again', () => {
    const made = began([sample(OLD, { facts: { doNotTrack: false } }), has(token('old'))]);
    made.says(T0 + MINUTE, [sample(NEW, { facts: { doNotTrack: true } })]);
    expect(causeOfLast(made, 'uuid')).toEqual(certain('do-not-track', 'doNotTrack = true'));
    expect(evidenceOf(causeOfLast(made, 'uuid'))).toMatch(/from false to true/);
    made.says(T0 + 2 * MINUTE, [sample(OLD, { facts: { doNotTrack: false } })]);
    expect(causeOfLast(made, 'uuid')).toEqual(certain('do-not-track', 'doNotTrack = false'));
  });

  test('9. … and without the setting, an incognito token alone makes it only likely', () => {
    const made = began([sample(OLD, { signedIn: null, simpleAuth: null }), has(token('old'))]);
    made.says(T0 + MINUTE, [has(token('hidden', T0 + HOUR, { origin: 'INCOGNITO' })), sample(NEW, { signedIn: null, simpleAuth: null })]);
    expect(causeOfLast(made, 'uuid').sure).toBe(false);
  });

  test('10. another account signs in while one is signed in', () => {
    const cause = then([...call('signIn'), sample(NEW, SIGNED_IN)], [sample(OLD, SIGNED_IN), has(token('old'))]);
    expect(cause).toEqual(expect.objectContaining({ kind: 'call', by: 'signIn()' }));
    expect(evidenceOf(cause)).toMatch(/A customer was signed in before/);
    // A first sign-in keeps the UUID according to the vendor: only likely.
    expect(then([...call('signIn'), sample(NEW, SIGNED_IN)])).toEqual(likely('call', 'signIn()'));
  });

  test('11. a customer recovered from the token after a reinstallation: signed in, another UUID, and no call', () => {
    const cause = reloaded([sample(NEW, SIGNED_IN), has(token('old'))], { first: [sample(OLD, SIGNED_IN), has(token('old'))] });
    expect(cause).toEqual(likely('unknown'));
  });
});

describe('other causes of a UUID', () => {
  const cookies = (...all: string[]) => ({ cookies: all, facts: { identityHash: '', trackerKey: 'key-1' } });
  const web = { clients: [WEB] };

  for (const [name, value] of [
    ['_snrs_reset_uuid', NEW],
    ['_snrs_reset_uuid_and_identity_hash', `${NEW}:-374943845`],
    ['_snrs_reset_uuid_and_identity_hash', encodeURIComponent(`${NEW}:-374943845`)],
  ] as const) {
    it(`the cookie ${name} (${value.slice(36)}) with this UUID`, () => {
      const first = [sample(OLD, cookies(`_snrs_uuid=${OLD}`, `${name}=${value}`)), NO_TOKEN];
      const cause = reloaded([sample(NEW, cookies(`_snrs_uuid=${NEW}`))], { ...web, first });
      expect(cause).toEqual(certain('reset-cookie', name));
      // The cookie has not been consumed yet.
      expect(reloaded([sample(NEW, cookies(`_snrs_uuid=${NEW}`, `${name}=${value}`))], web)).toEqual(certain('reset-cookie', name));
    });
  }

  it('no reset cookie with a different UUID', () => {
    const first = [sample(OLD, cookies(`_snrs_uuid=${OLD}`, `_snrs_reset_uuid=${THIRD}`)), NO_TOKEN];
    expect(reloaded([sample(NEW, cookies(`_snrs_uuid=${NEW}`))], { ...web, first })).toEqual(likely('unknown'));
  });

  for (const name of ['snrs_cl', 'snrs_reset_uuid']) {
    it(`${name} in the URL that the page was loaded with`, () => {
      const cause = reloaded([sample(NEW, cookies())], { ...web, entered: `/sale?utm_source=x&${name}=${NEW}&snrs_he=-1` });
      expect(cause).toEqual(certain('link', name));
      expect(evidenceOf(cause)).toContain(name);
    });

    it(`${name} with a different UUID is not a cause`, () => {
      expect(reloaded([sample(NEW, cookies(`_snrs_uuid=${NEW}`))], { entered: `/?${name}=${THIRD}` })).toEqual(likely('unknown'));
    });

    it(`${name} of a document that was loaded long ago is not a cause`, () => {
      const made = began([sample(OLD), NO_TOKEN], [WEB]);
      made.says(T0 + MINUTE, [page({ clients: [WEB], entered: `/?${name}=${NEW}` }), sample(NEW)], 'doc-2');
      made.says(T0 + 2 * MINUTE, [sample(THIRD)], 'doc-2');
      // Back to the previous value, in the same document.
      made.says(T0 + 9 * MINUTE, [sample(NEW)], 'doc-2');
      expect(causeOfLast(made, 'uuid').kind).not.toBe('link');
    });
  }

  const news = (at: number, removed: boolean, cause: string, { name = '_snrs_uuid', uuid = OLD } = {}): SessionEvent => ({
    at,
    type: 'cookie',
    news: { name, removed, uuid, cause },
  });
  const withCookies = [sample(OLD, cookies(`_snrs_uuid=${OLD}`, `_snrs_p=uuid:${OLD}`)), NO_TOKEN];
  const reload = (made: Story, at: number, document: string, uuid: string) =>
    made.says(at, [page({ clients: [WEB], by: 'reload' }), sample(uuid, cookies(`_snrs_uuid=${uuid}`, `_snrs_p=uuid:${uuid}`))], document);

  it.each([
    ['explicit', 'cookies-removed'],
    // What a script does to remove a cookie: it writes it with an expiry in the past.
    ['expired_overwrite', 'cookies-removed'],
    ['evicted', 'cookies-removed'],
    ['expired', 'cookies-expired'],
  ] as const)('cookies removed (%s) before the page is reloaded', (why, kind) => {
    const made = began(withCookies, [WEB]);
    made.tell(news(T0 + 30 * SECOND, true, why));
    // The new document's SDK writes the cookie before anything is read.
    made.tell(news(T0 + 40 * SECOND, false, 'explicit', { uuid: NEW }));
    reload(made, T0 + 40 * SECOND, 'doc-2', NEW);
    const cause = causeOfLast(made, 'uuid');
    expect(cause).toEqual(expect.objectContaining({ kind, by: '_snrs_uuid' }));
    expect(evidenceOf(cause)).toMatch(/^Cookie _snrs_uuid (expired|was removed)/);
  });

  it("cookies missing at the last reading, without access to the browser's cookies", () => {
    const made = began(withCookies, [WEB]);
    made.says(T0 + 20 * SECOND, [sample(OLD, cookies())]);
    reload(made, T0 + 40 * SECOND, 'doc-2', NEW);
    expect(causeOfLast(made, 'uuid')).toEqual(likely('cookies-removed'));
  });

  it('cookies that scripts could never read are not reported as removed', () => {
    const made = began([sample(OLD, cookies()), NO_TOKEN], [WEB]);
    made.says(T0 + MINUTE, [page({ clients: [WEB], by: 'reload' }), sample(NEW, cookies())], 'doc-2');
    expect(evidenceOf(causeOfLast(made, 'uuid'))).not.toMatch(/were gone/);
  });

  it('an overwritten cookie does not count as removed', () => {
    const made = began(withCookies, [WEB]);
    made.tell(news(T0 + 30 * SECOND, true, 'overwrite'));
    made.tell(news(T0 + 30 * SECOND, false, 'explicit'));
    reload(made, T0 + 40 * SECOND, 'doc-2', NEW);
    expect(causeOfLast(made, 'uuid').kind).toBe('unknown');
  });

  it('a cookie that was removed and set again in the same document is not a cause minutes later', () => {
    const made = began(withCookies, [WEB]);
    made.tell(news(T0 + 10 * SECOND, true, 'explicit'));
    made.says(T0 + 10 * SECOND, [sample(OLD, cookies(`_snrs_p=uuid:${OLD}`))]);
    made.tell(news(T0 + 11 * SECOND, false, 'explicit'));
    made.says(T0 + 11 * SECOND, [sample(OLD, cookies(`_snrs_uuid=${OLD}`, `_snrs_p=uuid:${OLD}`))]);
    reload(made, T0 + 9 * MINUTE, 'doc-2', NEW);
    expect(causeOfLast(made, 'uuid').kind).not.toMatch(/^cookies/);
  });

  it('a removal explains one change only', () => {
    const made = began(withCookies, [WEB]);
    made.tell(news(T0 + 10 * SECOND, true, 'explicit'));
    made.tell(news(T0 + 20 * SECOND, false, 'explicit', { uuid: NEW }));
    reload(made, T0 + 20 * SECOND, 'doc-2', NEW);
    expect(causeOfLast(made, 'uuid').kind).toBe('cookies-removed');
    reload(made, T0 + 9 * MINUTE, 'doc-3', THIRD);
    expect(causeOfLast(made, 'uuid').kind).not.toMatch(/^cookies/);
  });

  it('a different cookie of the SDK is not a cause', () => {
    const made = began(withCookies, [WEB]);
    made.tell(news(T0 + 10 * SECOND, true, 'expired', { name: '_snrs_sa' }));
    reload(made, T0 + 20 * SECOND, 'doc-2', NEW);
    expect(causeOfLast(made, 'uuid').kind).not.toMatch(/^cookies/);
  });

  const peer = (over: Partial<Peer> = {}): Peer => ({ tab: 12, uuid: NEW, uuidFrom: T0, token: null, tokenFrom: 0, acting: null, ...over });
  const saysWith = (made: Story, at: number, peers: Peer[], drafts: Draft[]) => {
    const reports = drafts.map((draft, index) => ({ ...draft, seq: 100 + index, at }));
    const reply = {
      document: 'doc-1',
      origin: ORIGIN,
      path: '/',
      at,
      setup: '',
      bare: false,
      watching: false,
      waits: true,
      missing: [],
      reports,
    };
    made.tell({ at, type: 'reply', target: null, reply, peers } as SessionEvent);
  };

  it('another tab of the site with the same UUID', () => {
    const made = began();
    saysWith(made, T0 + MINUTE, [peer({ tab: 3, uuid: THIRD }), peer({ uuidFrom: T0 + 50 * SECOND })], [sample(NEW)]);
    expect(causeOfLast(made, 'uuid')).toEqual(certain('other-tab'));
    expect(evidenceOf(causeOfLast(made, 'uuid'))).toMatch(/for 10 s/);
  });

  it('not another tab with a different UUID', () => {
    const made = began();
    saysWith(made, T0 + MINUTE, [peer({ uuid: THIRD })], [sample(NEW)]);
    expect(causeOfLast(made, 'uuid').kind).toBe('unknown');
  });

  it('a sign-in or sign-out without an observed call is only likely', () => {
    expect(then([sample(NEW, SIGNED_IN)])).toEqual(likely('sign-in'));
    expect(then([sample(NEW, { simpleAuth: true })])).toEqual(likely('sign-in'));
    expect(then([state(false, 'SESSION_DESTROYED'), sample(NEW)], [sample(OLD, SIGNED_IN), has(token('old'))])).toEqual(likely('sign-out'));
  });

  describe('the Web SDK under Do Not Track: another UUID on each page load, and no cookie (facts §8)', () => {
    const none = cookies();
    const firstLoad = [sample(OLD, none), NO_TOKEN];
    const load = (made: Story, at: number, document: string, uuid: string, facts = none) =>
      made.says(at, [page({ clients: [WEB], by: 'reload' }), sample(uuid, facts), NO_TOKEN], document);

    it('is only likely: blocked cookies look the same', () => {
      const made = began(firstLoad, [WEB]);
      // A single reading proves nothing.
      expect(made.stage.customer.facts).not.toHaveProperty('doNotTrack');
      load(made, T0 + MINUTE, 'doc-2', NEW);
      expect(causeOfLast(made, 'uuid')).toEqual(likely('do-not-track'));
      expect(evidenceOf(causeOfLast(made, 'uuid'))).toMatch(/no SDK cookie/);
      expect(identityOf(made.stage.customer, made.stage.token).identity).toBe('incognito');
      load(made, T0 + 2 * MINUTE, 'doc-3', THIRD);
      expect(causeOfLast(made, 'uuid')).toEqual(likely('do-not-track'));
      // The fact stays for as long as the document does.
      made.says(T0 + 3 * MINUTE, [sample(THIRD, { ...none, facts: { ...none.facts, identityHash: '1' } })], 'doc-3');
      expect(made.stage.customer.facts).toMatchObject({ doNotTrack: 'likely' });
    });

    it('is detected if there were cookies before', () => {
      const made = began(withCookies, [WEB]);
      load(made, T0 + MINUTE, 'doc-2', NEW);
      expect(causeOfLast(made, 'uuid')).toEqual(likely('do-not-track'));
    });

    it('ends with a page load that keeps cookies', () => {
      const made = began(firstLoad, [WEB]);
      load(made, T0 + MINUTE, 'doc-2', NEW);
      load(made, T0 + 2 * MINUTE, 'doc-3', THIRD, cookies(`_snrs_uuid=${THIRD}`));
      expect(made.stage.customer.facts).not.toHaveProperty('doNotTrack');
      expect(identityOf(made.stage.customer, made.stage.token).identity).toBe('anonymous');
    });

    it.each<[what: string, tell: (made: Story) => void]>([
      ['the UUID stays the same', (made) => load(made, T0 + MINUTE, 'doc-2', OLD)],
      ['the page was not reloaded', (made) => made.says(T0 + MINUTE, [sample(NEW, none)])],
      [
        'the browser reported a change of a cookie',
        (made) => {
          made.tell(news(T0 + MINUTE - 1, true, 'explicit'));
          load(made, T0 + MINUTE, 'doc-2', NEW);
        },
      ],
      [
        'the browser has cookies that scripts cannot read',
        (made) => {
          made.tell({ at: T0 + 1, type: 'jar', origin: ORIGIN, cookies: [{ name: '_snrs_uuid', value: OLD, httpOnly: true }] });
          load(made, T0 + MINUTE, 'doc-2', NEW);
        },
      ],
    ])('is not assumed if %s', (_what, tell) => {
      const made = began(firstLoad, [WEB]);
      tell(made);
      expect(made.stage.customer.facts).not.toHaveProperty('doNotTrack');
      expect(entries(made, 'uuid').map(({ cause }) => cause.kind)).not.toContain('do-not-track');
    });

    it('is not assumed for another SDK', () => {
      expect(reloaded([sample(NEW, none)], { first: [sample(OLD, none), has(token('old'))] }).kind).toBe('unknown');
    });
  });

  it('a changed tracker key', () => {
    const of = (key: string) => ({ facts: { identityHash: '', trackerKey: key }, cookies: [`_snrs_uuid=${OLD}`] });
    const cause = then([sample(NEW, of('key-2'))], [sample(OLD, of('key-1')), NO_TOKEN], [WEB]);
    expect(cause).toEqual(likely('api-key'));
    expect(evidenceOf(cause)).toMatch(/key-1 to key-2/);
  });

  for (const [does, kind] of [
    ['setUuid', certain('call', 'setUuid()')],
    ['setUuidAndIdentityHash', certain('call', 'setUuidAndIdentityHash()')],
    ['updateClient', likely('call', 'updateClient()')],
    ['sendFormData', likely('call', 'sendFormData()')],
    ['init', likely('call', 'init()')],
  ] as const) {
    it(`${does}() of the Web SDK`, () => {
      expect(then([...call(does, {}, 'returned'), sample(NEW, cookies())], [sample(OLD, cookies()), NO_TOKEN], [WEB])).toEqual(kind);
    });
  }

  for (const does of [
    'getUUID',
    'getUUIDForAuthentication',
    'refreshToken',
    'retrieveToken',
    'signOut',
    'setAccessToken',
    'clearAccessToken',
  ] as const) {
    it(`${does}() causes no new UUID`, () => {
      const cause = then([...call(does), sample(NEW)]);
      expect(cause).toEqual(likely('unknown'));
    });
  }
});

describe('operations run here', () => {
  const run = (made: Story, operation: OperationName, args: ArgumentValues = {}, at = T0 + MINUTE) =>
    made.run('op-1', at, operation, args, true);

  for (const [operation, args, label] of [
    ['regenerateUUID', {}, 'Regenerate UUID'],
    ['regenerateUUIDWithClientIdentifier', { clientIdentifier: 'x' }, 'Regenerate from ID'],
    ['destroySession', {}, 'Destroy session'],
    ['signOutWithMode', { mode: 'SIGN_OUT_WITH_SESSION_DESTROY', fromAllDevices: false }, 'Sign out (options)'],
  ] as const) {
    it(`${operation}`, () => {
      const made = began();
      run(made, operation, args);
      made.says(T0 + MINUTE + 10, [started('op-1'), settled('op-1'), sample(NEW), has(token('new'))]);
      expect(causeOfLast(made, 'uuid')).toEqual(certain('operation', `${operation}()`));
      expect(evidenceOf(causeOfLast(made, 'uuid'))).toBe(`${label} was run by you.`);
      expect(causeOfLast(made, 'token')).toEqual(certain('operation', `${operation}()`));
    });
  }

  it('an operation with this UUID as its argument has that as evidence', () => {
    const made = began([sample(OLD, { facts: { identityHash: '' } }), NO_TOKEN], [WEB]);
    run(made, 'setUuid', { uuid: NEW });
    made.says(T0 + MINUTE + 10, [started('op-1'), settled('op-1'), sample(NEW, { facts: { identityHash: '' } })]);
    expect(causeOfLast(made, 'uuid')).toEqual(certain('operation', 'setUuid()'));
    expect(evidenceOf(causeOfLast(made, 'uuid'))).toMatch(/exactly this value/);
  });

  it('an operation of the alarm', () => {
    const made = began([sample(OLD), has(token('old', T0 + 10 * MINUTE))]);
    made.tell({ at: T0, type: 'access', access: 'watched' });
    made.tell({ at: T0, type: 'policy', policy: { lead: MINUTE, autoRefresh: true, notify: false, deadline: 10_000, muted: [] } });
    made.tell({ at: T0 + 9 * MINUTE, type: 'alarm' });
    const asked = made.says(T0 + 9 * MINUTE + 50, [has(token('old', T0 + 10 * MINUTE))]);
    const sent = asked.effects.flatMap((effect) => (effect.type === 'send' && effect.command.kind === 'run' ? [effect.command.id] : []));
    expect(sent).toHaveLength(1);
    made.says(T0 + 9 * MINUTE + 99, [started(sent[0] ?? ''), settled(sent[0] ?? ''), has(token('new', T0 + HOUR))]);
    expect(causeOfLast(made, 'token')).toEqual(certain('operation', 'refreshToken() (auto-refresh)'));
    expect(evidenceOf(causeOfLast(made, 'token'))).toMatch(/run by auto-refresh/);
  });

  it('an operation of the alarm that timed out, whose token comes later', () => {
    const made = began([sample(OLD), has(token('old', T0 + 3 * MINUTE))]);
    made.tell({ at: T0, type: 'access', access: 'watched' });
    made.tell({ at: T0, type: 'policy', policy: { lead: 2 * MINUTE, autoRefresh: true, notify: false, deadline: 10_000, muted: [] } });
    made.tell({ at: T0 + MINUTE, type: 'alarm' });
    const asked = made.says(T0 + MINUTE + 50, [has(token('old', T0 + 3 * MINUTE))]);
    const id =
      asked.effects.flatMap((effect) => (effect.type === 'send' && effect.command.kind === 'run' ? [effect.command.id] : []))[0] ?? '';
    made.says(T0 + MINUTE + 99, [started(id)]);
    made.says(T0 + MINUTE + 10_100, [settled(id, { how: 'deadline' })]);
    made.tell({ at: T0 + MINUTE + 11_500, type: 'tick' });
    expect(made.stage.activity.kind).toBe('idle');
    made.says(T0 + MINUTE + 13_000, [has(token('new', T0 + HOUR))]);
    expect(causeOfLast(made, 'token')).toEqual(likely('operation', 'refreshToken() (auto-refresh)'));
  });

  it('an operation that timed out, whose effect comes later, is only likely', () => {
    const made = began();
    run(made, 'destroySession');
    made.says(T0 + MINUTE + 10, [started('op-1')]);
    made.tell({ at: T0 + MINUTE + 13_000, type: 'tick' });
    expect(lastOutcome(made.session.runs)?.verdict).toBe('timed-out');
    made.says(T0 + MINUTE + 20_000, [sample(NEW)]);
    expect(causeOfLast(made, 'uuid')).toEqual(likely('operation', 'destroySession()'));
    expect(evidenceOf(causeOfLast(made, 'uuid'))).toMatch(/was run by you shortly/);
  });

  it('an operation that timed out is not a cause minutes later', () => {
    const made = began();
    run(made, 'destroySession');
    made.says(T0 + MINUTE + 10, [started('op-1')]);
    made.tell({ at: T0 + MINUTE + 13_000, type: 'tick' });
    made.says(T0 + 5 * MINUTE, [sample(NEW)]);
    expect(causeOfLast(made, 'uuid')).toEqual(likely('unknown'));
  });

  it('an operation that never started is not a certain cause', () => {
    const made = began();
    run(made, 'regenerateUUID');
    // The page was busy with its own change; the command is waiting in it.
    made.says(T0 + MINUTE + 10, [sample(NEW)]);
    expect(causeOfLast(made, 'uuid')).not.toEqual(certain('operation'));
  });

  it('an operation that failed is not a certain cause', () => {
    const made = began();
    run(made, 'regenerateUUID');
    made.says(T0 + MINUTE + 10, [
      started('op-1'),
      settled('op-1', { how: 'error', error: { code: 403, message: 'no', detail: null } }),
      ...call('destroySession'),
      sample(NEW),
    ]);
    expect(causeOfLast(made, 'uuid')).not.toEqual(certain('operation'));
  });

  it('an operation that ended does not hide a certain cause', () => {
    const made = began();
    run(made, 'refreshToken');
    made.says(T0 + MINUTE + 10, [started('op-1'), settled('op-1'), has(token('new'))]);
    expect(lastOutcome(made.session.runs)?.verdict).toBe('done');
    made.says(T0 + MINUTE + 1500, [...call('signOut', {}, 'returned'), NO_TOKEN]);
    expect(causeOfLast(made, 'token')).toEqual(certain('call', 'signOut()'));
  });

  it('an operation that does not set the UUID is not a cause of a new UUID', () => {
    const made = began();
    run(made, 'getUUID');
    made.says(T0 + MINUTE + 10, [started('op-1'), sample(NEW)]);
    expect(causeOfLast(made, 'uuid').kind).not.toBe('operation');
  });
});

describe('why a token changed', () => {
  const tokenAfter = (drafts: Draft[], first: Draft[] = [sample(OLD), has(token('old'))], at = T0 + MINUTE): Cause => {
    const made = began(first);
    made.says(at, drafts);
    expect(entries(made, 'token')).toHaveLength(2);
    return causeOfLast(made, 'token');
  };

  for (const does of ['refreshToken', 'signIn', 'authenticate', 'simpleAuthentication', 'setAccessToken'] as const) {
    it(`${does}() by the page`, () => {
      expect(tokenAfter([...call(does), has(token('new'))])).toEqual(certain('call', `${does}()`));
    });
  }

  for (const does of ['signOut', 'clearAccessToken', 'destroySession', 'deleteAccount'] as const) {
    it(`${does}() by the page leaves no token`, () => {
      expect(tokenAfter([...call(does), NO_TOKEN])).toEqual(certain('call', `${does}()`));
    });
  }

  it('a call that is still running', () => {
    const cause = tokenAfter([...call('refreshToken').slice(0, 1), has(token('new'))]);
    expect(cause).toEqual(certain('call', 'refreshToken()'));
    expect(evidenceOf(cause)).toMatch(/was pending/);
  });

  it('the preceding change of the UUID', () => {
    const made = began();
    made.says(T0 + MINUTE, [...call('regenerateUUID', {}, 'returned'), sample(NEW)]);
    // The SDK logs the anonymous customer in again over the network, long after the call.
    made.says(T0 + MINUTE + 8 * SECOND, [has(token('new'))]);
    expect(causeOfLast(made, 'token')).toEqual(certain('call', 'regenerateUUID()'));
    expect(evidenceOf(causeOfLast(made, 'token'))).toMatch(/followed the UUID change/);
    // This explains only the first token after it.
    made.says(T0 + 5 * MINUTE, [has(token('newer'))]);
    expect(causeOfLast(made, 'token').by).not.toBe('regenerateUUID()');
  });

  it('a renewal by the SDK shortly before the expiry is likely; without an expiry, or long before it, the cause is unknown', () => {
    const near = tokenAfter([has(token('new', T0 + 2 * HOUR))], [sample(OLD), has(token('old', T0 + 20 * MINUTE))]);
    expect(near).toEqual(likely('renewal'));
    expect(evidenceOf(near)).toMatch(/had 19 min left/);
    const after = tokenAfter([has(token('new', T0 + 2 * HOUR))], [sample(OLD), has(token('old', T0 + 20 * SECOND))]);
    expect(after).toEqual(likely('renewal'));
    expect(evidenceOf(after)).toMatch(/had expired 40 s before/);
    expect(tokenAfter([has(token('new'))], [sample(OLD), has(token('old', T0 + 5 * HOUR))])).toEqual(likely('unknown'));
    expect(tokenAfter([has(token('new'))], [sample(OLD), has(wireToken(null, { raw: 'opaque' }))])).toEqual(likely('unknown'));
    // The token expired, and no new one came.
    expect(tokenAfter([NO_TOKEN], [sample(OLD), has(token('old', T0 + 20 * MINUTE))])).toEqual(likely('unknown'));
  });

  it('the same token in another tab', () => {
    const made = began();
    const shared = token('shared');
    const peers: Peer[] = [{ tab: 12, uuid: OLD, uuidFrom: T0, token: fingerprint(shared.raw), tokenFrom: T0, acting: null }];
    const reports = [{ ...has(shared), seq: 100, at: T0 + MINUTE }];
    const reply = {
      document: 'doc-1',
      origin: ORIGIN,
      path: '/',
      at: T0 + MINUTE,
      setup: '',
      bare: false,
      watching: false,
      waits: true,
      missing: [],
      reports,
    };
    made.tell({ at: T0 + MINUTE, type: 'reply', target: null, reply, peers } as SessionEvent);
    expect(causeOfLast(made, 'token')).toEqual(certain('other-tab'));
  });

  it('a missing token is not explained by another tab without one', () => {
    const made = began();
    const peers: Peer[] = [{ tab: 12, uuid: null, uuidFrom: T0, token: '', tokenFrom: T0, acting: null }];
    const reports = [{ ...NO_TOKEN, seq: 100, at: T0 + MINUTE }];
    const reply = {
      document: 'doc-1',
      origin: ORIGIN,
      path: '/',
      at: T0 + MINUTE,
      setup: '',
      bare: false,
      watching: false,
      waits: true,
      missing: [],
      reports,
    };
    made.tell({ at: T0 + MINUTE, type: 'reply', target: null, reply, peers } as SessionEvent);
    expect(causeOfLast(made, 'token').kind).not.toBe('other-tab');
  });

  it('a sign-in without an observed call', () => {
    const made = began();
    made.says(T0 + MINUTE, [has(token('new', T0 + HOUR, { origin: 'SYNERISE', realm: 'client' })), sample(OLD, SIGNED_IN)]);
    expect(causeOfLast(made, 'token').sure).toBe(false);
  });

  it('retrieveToken() may bring a new token, and is only likely', () => {
    expect(tokenAfter([...call('retrieveToken'), has(token('new'))])).toEqual(likely('call', 'retrieveToken()'));
    const made = began();
    made.run('op-1', T0 + MINUTE, 'retrieveToken');
    made.says(T0 + MINUTE + 9, [started('op-1'), has(token('new')), settled('op-1')]);
    expect(causeOfLast(made, 'token')).toEqual(likely('operation', 'retrieveToken()'));
  });
});

describe('not a cause', () => {
  it('a call that failed', () => {
    const cause = then([...call('destroySession', {}, 'failed'), sample(NEW)]);
    expect(cause).toEqual(likely('unknown'));
    expect(evidenceOf(cause)).toMatch(/destroySession\(\) had failed/);
  });

  it('a call that only created a call object', () => {
    expect(then([...call('destroySession', {}, 'dropped'), sample(NEW)])).toEqual(likely('unknown'));
  });

  it('a call minutes ago', () => {
    const made = began();
    made.says(T0 + MINUTE, call('destroySession'));
    made.says(T0 + 4 * MINUTE, [sample(NEW)]);
    expect(causeOfLast(made, 'uuid')).toEqual(likely('unknown'));
  });

  it('a call minutes ago that was never answered', () => {
    // The Android bridges cancel a pending call for the next one, and its callbacks never come (facts §1.3).
    const made = began();
    made.says(T0 + MINUTE, call('refreshToken').slice(0, 1));
    made.says(T0 + 20 * MINUTE, [has(token('new', T0 + 2 * HOUR))]);
    expect(causeOfLast(made, 'token')).not.toEqual(certain('call'));
  });

  it('a call that was running in a document that is long gone', () => {
    const made = began();
    made.says(T0 + MINUTE, call('destroySession').slice(0, 1));
    made.says(T0 + 5 * MINUTE, [page({ by: 'reload' }), sample(OLD), has(token('old'))], 'doc-2');
    made.says(T0 + 9 * MINUTE, [sample(NEW)], 'doc-2');
    expect(causeOfLast(made, 'uuid')).toEqual(likely('unknown'));
  });

  it('a gap in observation is mentioned', () => {
    const made = began();
    made.tell({ at: T0 + MINUTE, type: 'observed', observed: false });
    made.says(T0 + 3 * MINUTE, [sample(NEW)]);
    const cause = causeOfLast(made, 'uuid');
    expect(cause).toEqual(likely('unknown'));
    expect(evidenceOf(cause)).toMatch(/Not recorded for 2 min before/);
  });

  it('calls that cannot be observed are mentioned', () => {
    const cause = then([sample(NEW)], [sample(OLD), NO_TOKEN], [client({ unobserved: ['destroySession'] })]);
    expect(evidenceOf(cause)).toMatch(/Calls of destroySession can’t be recorded/);
  });

  it('the first value of a session, which has the cause "first"', () => {
    const made = began();
    expect(entries(made, 'uuid')[0]?.cause).toEqual(certain('first'));
    expect(entries(made, 'token')[0]?.cause).toEqual(certain('first'));
  });

  it('a token that follows a missing one does not count as the first', () => {
    const made = began([sample(OLD), NO_TOKEN]);
    made.says(T0 + MINUTE, [...call('signIn'), has(token('new'))]);
    expect(causeOfLast(made, 'token')).toEqual(certain('call', 'signIn()'));
  });
});

// --- never a guess as a fact ---------------------------------------------------------------------------------------

/** By the vendor's documentation (facts §2.1, §2.2, §3.2): what certainly changes, written out again by hand. */
const ALWAYS: Record<'uuid' | 'token', (does: string, told: Readonly<Record<string, Plain>>) => boolean> = {
  uuid: (does, told) =>
    /^(regenerateUUID(WithClientIdentifier)?|destroySession|deleteAccount|changeApiKey|simpleAuthentication|setUuid(AndIdentityHash)?|restorePreviousUUID)$/.test(
      does,
    ) ||
    (/^authenticate/.test(does) && told['authID'] === true) ||
    (does === 'signOutWithMode' && told['mode'] === 'SIGN_OUT_WITH_SESSION_DESTROY'),
  token: (does) =>
    /^(refreshToken|regenerateUUID(WithClientIdentifier)?|destroySession|deleteAccount|changeApiKey|simpleAuthentication|authenticate(Conditionally)?|signIn(Conditionally)?|signOut(WithMode)?|setAccessToken|clearAccessToken)$/.test(
      does,
    ),
};
const SIGN_IN = /^(signIn|authenticate)/;

const NAMES: readonly ChangeName[] = [
  'refreshToken',
  'retrieveToken',
  'getUUID',
  'regenerateUUID',
  'setUuid',
  'signOut',
  'signOutWithMode',
  'destroySession',
  'signIn',
  'authenticate',
  'simpleAuthentication',
  'deleteAccount',
  'changeApiKey',
  'sendFormData',
  'init',
];
const values = fc.constantFrom(OLD, NEW, THIRD, '');
const ago = fc.constantFrom(0, 500, 2900, 3100, 14_000, 16_000, 10 * MINUTE);
const told = fc.constantFrom<Record<string, Plain>>({}, { authID: true }, { mode: 'SIGN_OUT' }, { mode: 'SIGN_OUT_WITH_SESSION_DESTROY' });
const identity = fc.constantFrom(
  'anonymous' as const,
  'simple-auth' as const,
  'signed-in' as const,
  'incognito' as const,
  'unknown' as const,
);
const AT = T0 + HOUR;
const recentCall = fc
  .record({ does: fc.constantFrom(...NAMES), told, begun: ago, ended: fc.option(ago), ok: fc.constantFrom(true, false, null) })
  .map(({ does, told: args, begun, ended, ok }, n?: number) => ({
    key: `doc-1.1.${n ?? 0}`,
    document: 'doc-1',
    call: n ?? 0,
    does,
    told: args,
    at: AT - begun - (ended ?? 0),
    endedAt: ended === null ? null : AT - ended,
    ok: ended === null ? null : ok,
  }));
const seen = fc.record({
  document: fc.constantFrom('doc-1', 'doc-2'),
  identity,
  facts: fc.constantFrom<Record<string, Plain>>(
    {},
    { doNotTrack: true },
    { doNotTrack: false },
    { trackerKey: 'k1', identityHash: '' },
    { trackerKey: 'k2', identityHash: '' },
  ),
  stored: fc.constant([]),
  cookies: fc.subarray([
    `_snrs_uuid=${OLD}`,
    `_snrs_p=x`,
    `_snrs_reset_uuid=${NEW}`,
    `_snrs_reset_uuid_and_identity_hash=${THIRD}:1`,
    '_snrs_reset_uuid=',
  ]),
  keptUuid: fc.boolean(),
  at: ago.map((ms) => AT - ms),
});
const NO_CAUSE: Cause = { kind: 'unknown', sure: false, by: null, evidence: [] };
const uuidCause = fc.constantFrom<Cause | null>(
  null,
  { kind: 'call', sure: true, by: 'x()', evidence: [] },
  { kind: 'unknown', sure: false, by: null, evidence: [] },
);
const clues: fc.Arbitrary<Clues> = fc
  .record({
    at: fc.constant(AT),
    what: fc.constantFrom('uuid' as const, 'token' as const),
    from: values,
    to: values,
    run: fc.option(
      fc.record({
        id: fc.constant('op-1'),
        operation: fc.constantFrom(
          'refreshToken' as const,
          'retrieveToken' as const,
          'getUUID' as const,
          'regenerateUUID' as const,
          'signOut' as const,
        ),
        by: fc.constantFrom('person' as const, 'alarm' as const),
        aim: fc.option(values),
        expects: fc.constantFrom('new-uuid' as const, 'new-token' as const, 'signed-out' as const, 'answer' as const),
        sure: fc.boolean(),
      }),
    ),
    calls: fc.array(recentCall, { maxLength: 3 }),
    before: seen,
    after: seen,
    entered: fc.constantFrom('', '/', `/?snrs_cl=${NEW}`, `/?snrs_reset_uuid=${THIRD}`, '/?snrs_cl='),
    cookieNews: fc.array(
      fc.record({
        at: ago.map((ms) => AT - ms),
        name: fc.constantFrom('_snrs_uuid', '_snrs_sa'),
        removed: fc.boolean(),
        uuid: fc.option(values),
        cause: fc.constantFrom('explicit', 'overwrite', 'expired', 'evicted', 'expired_overwrite'),
      }),
      { maxLength: 2 },
    ),
    peers: fc.array(
      fc.record({
        tab: fc.nat(9),
        uuid: fc.option(values),
        uuidFrom: ago.map((ms) => AT - ms),
        token: fc.option(values),
        tokenFrom: ago.map((ms) => AT - ms),
        acting: fc.constant(null),
      }),
      { maxLength: 2 },
    ),
    unseenSince: fc.option(ago.map((ms) => AT - ms)),
    uuidCause,
    expiresAt: fc.option(fc.constantFrom(AT - MINUTE, AT + MINUTE, AT + 5 * HOUR)),
    began: ago.map((ms) => AT - ms - 1000),
    web: fc.boolean(),
    askedAt: fc.option(ago.map((ms) => AT - ms)),
    signedOut: fc.option(
      fc.record({ at: ago.map((ms) => AT - ms), expired: fc.boolean(), reason: fc.option(fc.constant('USER_SIGN_OUT')) }),
    ),
    unobserved: fc.subarray(['destroySession']),
  })
  .filter(({ from, to, what }) => from !== to && (what === 'token' || (from !== '' && to !== '')))
  .map(({ from, began: at, expiresAt, ...made }) => ({
    ...made,
    from: { value: from, from: at, after: at, cause: NO_CAUSE, of: null, expiresAt },
    document: made.after.document,
    newDocument: made.before.document !== made.after.document,
    uuidCause: made.what === 'token' ? made.uuidCause : null,
  }));

/** Whether the clues leave no other explanation. */
function mayBeSure({ kind }: Cause, given: Clues): boolean {
  const { what, to, at, run, before, after, newDocument } = given;
  if (what === 'token' && given.uuidCause?.sure && given.uuidCause.kind === kind) return true;
  switch (kind) {
    case 'operation':
      return run?.sure === true && ALWAYS[what](run.operation, {});
    case 'call':
    case 'api-key':
      return given.calls.some(
        ({ does, told: args, endedAt, ok, at: begun }) =>
          ok !== false &&
          (endedAt === null ? at - begun < 5 * MINUTE : at - endedAt <= (newDocument ? 15_000 : 3000)) &&
          (ALWAYS[what](does, args) || (what === 'uuid' && SIGN_IN.test(does) && before.identity === 'signed-in')),
      );
    case 'reset-cookie':
      return [...before.cookies, ...after.cookies].some(
        (cookie) => /^_snrs_reset_uuid/.test(cookie) && cookie.split('=')[1]?.split(':')[0] === to,
      );
    case 'link':
      return newDocument && given.entered.includes(`=${to}`);
    case 'other-tab':
      return to !== '' && given.peers.some((one) => one[what] === to);
    case 'do-not-track':
      return typeof before.facts['doNotTrack'] === 'boolean' && before.facts['doNotTrack'] === !after.facts['doNotTrack'];
    case 'cookies-removed':
    case 'cookies-expired':
      return newDocument && given.cookieNews.some(({ name, removed, cause }) => name === '_snrs_uuid' && removed && cause !== 'overwrite');
    case 'page-load':
      // The Web SDK's token is the site token (facts §3.2).
      return given.web && newDocument && what === 'token' && to !== '';
    default:
      return false;
  }
}

describe('for arbitrary clues', () => {
  it('no guess is presented as certain', () => {
    fc.assert(
      fc.property(clues, (given) => {
        const cause = causeOf(given);
        if (cause.sure && !mayBeSure(cause, given)) throw new Error(`sold as a fact: ${JSON.stringify(cause)}`);
      }),
      { numRuns: 3000 },
    );
  });

  it('a cause has evidence, and an unknown one has no author', () => {
    fc.assert(
      fc.property(clues, (given) => {
        const { kind, evidence, by } = causeOf(given);
        expect(evidence.length).toBeGreaterThan(0);
        expect(evidence.every((sentence) => /^[A-Z\w].*\.$/.test(sentence))).toBe(true);
        if (kind === 'unknown') expect(by).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('a failed call, an old call, and a link of another document are never the cause', () => {
    fc.assert(
      fc.property(clues, (given) => {
        const bare = causeOf({
          ...given,
          calls: given.calls.filter(
            ({ ok, endedAt, at }) =>
              ok !== false && (endedAt === null ? given.at - at < 5 * MINUTE : given.at - endedAt <= (given.newDocument ? 15_000 : 3000)),
          ),
          entered: given.newDocument ? given.entered : '',
        });
        const { kind, sure, by } = causeOf(given);
        expect({ kind, sure, by }).toEqual({ kind: bare.kind, sure: bare.sure, by: bare.by });
      }),
      { numRuns: 1000 },
    );
  });

  it('a cookie that was removed and set again is not a certain cause within one document', () => {
    fc.assert(
      fc.property(clues, (given) => {
        const cause = causeOf({
          ...given,
          newDocument: false,
          after: { ...given.after, document: given.before.document },
          uuidCause: null,
        });
        if (cause.kind.startsWith('cookies')) expect(cause.sure).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an operation run here takes precedence', () => {
  const clues = (over: Partial<Clues>): Clues => ({
    at: T0 + MINUTE,
    what: 'uuid',
    from: { value: OLD, from: T0, after: T0, of: null, expiresAt: null, cause: { kind: 'first', sure: true, by: null, evidence: [] } },
    to: NEW,
    run: null,
    calls: [],
    document: 'doc-1',
    web: true,
    before: seenOf('signed-in'),
    after: seenOf('signed-in'),
    newDocument: false,
    entered: '/',
    cookieNews: [],
    peers: [],
    unseenSince: null,
    askedAt: null,
    signedOut: null,
    uuidCause: null,
    unobserved: [],
    ...over,
  });
  const seenOf = (identity: Clues['before']['identity']) =>
    ({ at: T0, identity, facts: {}, cookies: [], keptUuid: false }) as unknown as Clues['before'];
  const run = (operation: OperationName, aim: string | null = null) =>
    ({ id: 'op-1', operation, by: 'person', aim, expects: 'new-uuid', sure: true }) as NonNullable<Clues['run']>;

  it.each([true, false])('for any identity (Web SDK: %s)', (web) => {
    expect(causeOf(clues({ web, run: run('regenerateUUID') }))).toMatchObject({ kind: 'operation', sure: true });
  });

  it('unless it was run for a different value', () => {
    expect(causeOf(clues({ run: run('setUuid', THIRD) })).kind).toBe('unknown');
    expect(causeOf(clues({ run: run('setUuid', NEW) }))).toMatchObject({ kind: 'operation', sure: true });
  });

  it('a site token comes with its page load, and is never a renewal by the SDK', () => {
    const token = { what: 'token' as const, from: { ...clues({}).from, expiresAt: T0 + MINUTE + 1000 } as Clues['from'] };
    expect(causeOf(clues({ ...token, newDocument: true }))).toMatchObject({ kind: 'page-load', sure: true });
    expect(causeOf(clues(token)).kind).toBe('unknown');
    expect(causeOf(clues({ ...token, web: false })).kind).toBe('renewal');
  });
});
