// No rule throws or reveals a token, whatever case it is given.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseDetail, CaseFacts } from '@/lib/diagnostics/case';
import { diagnose } from '@/lib/diagnostics/diagnose';
import { RULES } from '@/lib/diagnostics/rules';
import { PURPOSES } from '@/lib/network/purposes';
import { CHANGE_NAMES } from '@/lib/sdk/changes';
import { DIALECT_NAMES } from '@/lib/sdk/dialects/names';
import { OPERATION_NAMES } from '@/lib/sdk/operations';
import type { Plain } from '@/lib/sdk/plain-data';
import type { Cause, CauseKind } from '@/lib/session/history/cause';
import type { Identity, Verdict } from '@/lib/session/terms';
import { client, MINUTE, T0 } from '../fakes/make';
import { record } from '../network/make';
import {
  ago,
  DAY,
  detailOf,
  EMAIL,
  HOUR,
  type Loose,
  NOW,
  native,
  numbered,
  OTHER_EMAIL,
  OTHER_UUID,
  printOf,
  SECOND,
  UUID,
  uuid5,
  WEB_COOKIES,
  WEB_UUID,
  web,
} from './make';
import { JWT } from './tables';

const text = fc.oneof(
  fc.constantFrom('', 'undefined', UUID, OTHER_UUID, WEB_UUID, EMAIL, '[secret]', '434', 'é', 'x'.repeat(300)),
  fc.string(),
);
const FIELDS = fc.constantFrom('city', 'agreements', 'email', 'customId', 'zipCode', 'sex', 'lastActivityDate', 'uuid');
const plain: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, -1, 0, 403, 1e11, 9e15, '403', '-108'),
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(FIELDS, tie('value'), { maxKeys: 4 }),
  ),
})).value;
/** Mostly within the last minutes, where rules look for related events. */
const instant = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 60 }).map((count) => ago(count * 5 * SECOND)) },
  { weight: 2, arbitrary: fc.integer({ min: NOW - 3 * HOUR, max: NOW + MINUTE }) },
  { weight: 1, arbitrary: fc.constantFrom(0, T0, NOW, NOW + 30 * DAY, 8.64e15) },
);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of);
const key = fc.constantFrom('k1', 'k2', 'k3', 'k4');
const print = fc.constantFrom('', 'f1', 'f2', 'f3', printOf('true'));
const who = fc.constantFrom(UUID, UUID, OTHER_UUID, WEB_UUID, uuid5(OTHER_EMAIL), 'c-17');
const DONE = [
  'refreshToken',
  'signIn',
  'updateAccount',
  'getAccount',
  'changePassword',
  'confirmAccountActivationByPin',
  'changeApiKey',
] as const;
const SENT = ['refresh', 'login', 'anonymous-login', 'event', 'event', 'account-update', 'tracking'] as const;
const CAUSES: readonly CauseKind[] = ['first', 'operation', 'call', 'call', 'call', 'link', 'do-not-track', 'reset-cookie', 'unknown'];
const IDENTITIES: readonly Identity[] = ['anonymous', 'simple-auth', 'signed-in', 'incognito', 'unknown'];
const VERDICTS: readonly Verdict[] = ['done', 'refused', 'failed', 'timed-out', 'interrupted', 'unavailable'];
const because: fc.Arbitrary<Cause> = fc.record({
  kind: fc.constantFrom(...CAUSES),
  sure: fc.boolean(),
  by: fc.constantFrom(null, 'signInConditionally()', 'Sign in', 'snrs_cl'),
  evidence: fc.constant([]),
});
const nth = fc.constantFrom(0, 0, 0, 1);
const entry: fc.Arbitrary<Loose> = fc.oneof(
  fc.record({ kind: fc.constant('uuid' as const), nth, at: instant, uuid: who, after: instant, cause: because, of: maybe(key) }),
  fc.record({
    kind: fc.constant('token' as const),
    nth,
    at: instant,
    fingerprint: print,
    origin: maybe(fc.constantFrom('ANONYMOUS', 'SYNERISE', 'UNKNOWN')),
    uuid: maybe(who),
    whom: fc.constantFrom(null, '17', '434', EMAIL),
    createdAt: maybe(instant),
    expiresAt: maybe(instant),
    after: instant,
    cause: because,
    of: maybe(key),
  }),
  fc.record({
    kind: fc.constant('identity' as const),
    nth,
    at: instant,
    identity: fc.constantFrom(...IDENTITIES),
    before: fc.constantFrom(...IDENTITIES),
    reason: maybe(text),
    of: maybe(key),
  }),
  fc.record({ kind: fc.constant('callback' as const), nth, at: instant, signedIn: fc.boolean(), reason: maybe(text), of: maybe(key) }),
  fc.record({
    kind: fc.constant('operation' as const),
    nth,
    at: instant,
    key,
    operation: fc.constantFrom(...OPERATION_NAMES),
    by: fc.constantFrom('person' as const, 'alarm' as const),
    endedAt: instant,
    verdict: fc.constantFrom(...VERDICTS),
  }),
  fc.record({
    kind: fc.constant('call' as const),
    nth,
    at: instant,
    key,
    does: fc.oneof(fc.constantFrom(...DONE), fc.constantFrom(...CHANGE_NAMES)),
    told: fc.constantFrom({}, { authID: true }),
    endedAt: maybe(instant),
    ok: maybe(fc.boolean()),
  }),
  fc.record({
    kind: fc.constant('request' as const),
    nth,
    at: instant,
    key,
    via: fc.constantFrom('devtools' as const, 'page' as const, 'file' as const),
    endedAt: maybe(instant),
    method: fc.constantFrom('GET', 'POST'),
    host: text,
    path: text,
    purpose: fc.oneof(fc.constantFrom(...SENT), fc.constantFrom(...PURPOSES.map(({ name }) => name)), text),
    status: maybe(fc.constantFrom(0, 200, 400, 401, 403, 500)),
    problem: maybe(text),
    bearer: maybe(print),
    gave: maybe(print),
    uuid: maybe(who),
    size: maybe(fc.nat()),
  }),
  fc.record({
    kind: fc.constant('storage' as const),
    nth,
    at: instant,
    area: fc.constant('cookie' as const),
    name: fc.constantFrom('_snrs_reset_uuid', '_snrs_uuid'),
    before: maybe(text),
    value: maybe(text),
    of: maybe(key),
  }),
  fc.record({ kind: fc.constant('alarm' as const), nth, at: instant, expiresAt: maybe(instant) }),
  fc.record({
    kind: fc.constant('document' as const),
    nth,
    at: instant,
    path: text,
    by: fc.constantFrom('navigate', 'within', 'restored'),
  }),
);

const detail: fc.Arbitrary<CaseDetail> = fc.oneof(
  fc.record({
    call: fc.record(
      {
        args: fc.oneof(plain, fc.array(fc.dictionary(FIELDS, plain, { maxKeys: 4 }), { maxLength: 2 }), fc.array(text, { maxLength: 3 })),
        value: plain,
        error: fc.record({
          code: maybe(fc.oneof(text, fc.constantFrom(-1, 100, 403))),
          message: fc.oneof(text, fc.constant('toObject')),
          detail: plain,
        }),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    request: fc
      .record({ key, sent: maybe(fc.oneof(text, fc.constant('{"sex":"NOT_SPECIFIED"}'))), status: fc.constantFrom(0, 400) })
      .map(record),
  }),
  fc.constant({}),
);

const cookie = fc.oneof(
  fc.constantFrom(...WEB_COOKIES, '_snrs_p=uuid:x&emailHash:1', '_snrs_reset_uuid', '_snrs_reset_uuid=%zz', '_snrs_params={'),
  text,
);
const seen = fc.record(
  {
    name: fc.constantFrom('_snrs_uuid', '_snrs_p', 'x'),
    httpOnly: fc.boolean(),
    host: text,
    domain: text,
    path: text,
    expiresAt: maybe(instant),
  },
  { requiredKeys: ['name', 'httpOnly'] },
);
const claims = fc.dictionary(
  fc.constantFrom('exp', 'ctd', 'iat', 'nbf', 'uuid', 'email', 'customId', 'origin'),
  fc.oneof(plain, fc.double(), instant),
  { maxKeys: 5 },
);
const header = fc.record({ alg: fc.constantFrom('RS512', 'RS256', 'none', 7) });
const STATES = ['ready', 'ready', 'not-initialised', 'not-loaded'] as const;
const one = fc.record({ dialect: fc.constantFrom(...DIALECT_NAMES), state: fc.constantFrom(...STATES) }).map(client);
const facts: fc.Arbitrary<Partial<CaseFacts>> = fc.record(
  {
    at: fc.constantFrom(NOW, NOW, NOW, ago(DAY), 8.64e15),
    lead: fc.constantFrom(0, MINUTE, DAY),
    phase: fc.constantFrom('unreachable' as const, 'searching' as const, 'absent' as const, 'attached' as const),
    path: fc.oneof(text, fc.constant('/?snrs_cl=1')),
    sdk: maybe(one),
    clients: fc.array(one.map((info) => ({ ...info, document: null, origin: null, path: '' }))),
    strays: fc.array(text),
    customer: maybe(
      fc.record({
        uuid: maybe(fc.oneof(who, text)),
        trouble: maybe(text),
        signedIn: maybe(fc.boolean()),
        simpleAuth: maybe(fc.boolean()),
        facts: fc.dictionary(fc.constantFrom('identityHash', 'trackerKey', 'doNotTrack'), plain),
        cookies: fc.array(cookie),
        stored: fc.array(text),
      }),
    ),
    identity: fc.constantFrom(...IDENTITIES),
    tokenTrouble: maybe(fc.record({ kind: fc.constant('sdk' as const), message: text })),
    account: maybe(
      fc.record({
        at: instant,
        uuid: maybe(who),
        identity: fc.constantFrom(...IDENTITIES),
        clientId: maybe(text),
        value: fc.dictionary(FIELDS, plain, { maxKeys: 5 }),
      }),
    ),
    jar: maybe(fc.array(seen)),
    set: fc.array(seen),
    autoRefresh: fc.record({
      on: fc.boolean(),
      tries: fc.nat(9),
      problem: maybe(fc.record({ kind: fc.constant('sdk' as const), message: text })),
    }),
  },
  { requiredKeys: [] },
);

describe('for arbitrary cases', () => {
  it('no rule throws, reports a finding without evidence, or reveals a token', { timeout: 30_000 }, () => {
    const subject = fc
      .record({
        dialect: fc.constantFrom(...DIALECT_NAMES),
        token: fc.oneof(
          fc.constant(null),
          fc.record({
            claims,
            stale: fc.boolean(),
            header,
            says: fc.record({ origin: fc.constantFrom('UNKNOWN', 'SIMPLE_AUTH', null), realm: fc.constant(null) }, { requiredKeys: [] }),
          }),
        ),
        entries: fc.array(entry, { maxLength: 40, size: 'max' }),
        details: fc.dictionary(key, detail),
        facts,
      })
      .map(({ dialect, token, entries, details, facts: other }) => {
        const subject = dialect === 'web' ? web({ token, facts: other }) : native({ dialect, token, facts: other });
        return { ...subject, entries: numbered(entries), detailOf: detailOf(details) };
      });
    const spoke = new Set<string>();
    fc.assert(
      fc.property(subject, (case_) => {
        const { findings, broken } = diagnose(RULES, case_);
        expect(broken).toEqual([]);
        for (const { rule } of findings) spoke.add(rule);
        const seqs = new Set(case_.entries.map(({ seq }) => seq));
        for (const { rule, evidence, entries } of findings) {
          expect(evidence.length, rule).toBeGreaterThan(0);
          for (const sentence of evidence) {
            expect(sentence, rule).not.toMatch(JWT);
            if (case_.token?.raw) expect(sentence, rule).not.toContain(case_.token.raw);
          }
          expect(
            entries.every((seq) => seqs.has(seq)),
            rule,
          ).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
    // The random cases are varied enough.
    expect(spoke.size).toBeGreaterThan(40);
  });
});
