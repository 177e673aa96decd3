/** A complete report of an invented customer: an entry of every kind, and the customer's secrets wherever a page may put them. */

import { type Case, type CaseDetail, factsOf } from '@/lib/diagnostics/case';
import { diagnose } from '@/lib/diagnostics/diagnose';
import { RULES } from '@/lib/diagnostics/rules';
import { tokenFacts } from '@/lib/jwt/token';
import type { RequestRecord } from '@/lib/network/request';
import { patched } from '@/lib/protocol/patch';
import { type Report, reportOf } from '@/lib/report/report';
import type { Plain } from '@/lib/sdk/plain-data';
import type { Cause } from '@/lib/session/history/cause';
import type { Entry, HistoryEntry } from '@/lib/session/history/history';
import { newSession, type Session } from '@/lib/session/session';
import { fingerprint } from '@/lib/text/fingerprint';
import { identityHash, uuidOf } from '@/lib/web/recipes';
import { client, jwt, MINUTE, ORIGIN, T0 } from '../fakes/make';

export const NOW = T0 + 30 * MINUTE;
export const API = 'https://api.synerise.com';
export const DOCUMENT = '33012287861249375121817';

/** A person, by everything known of them. */
export interface Person {
  readonly email: string;
  readonly phone: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly city: string;
  readonly customId: string;
  readonly clientId: string;
  readonly uuid: string;
  readonly firstUuid: string;
  /** A token that does not look like one. */
  readonly opaque: string;
}

export const JANE: Person = {
  email: 'jane.kowalska+shop@poczta.example',
  phone: '+48 600 100 200',
  firstName: 'Żaneta',
  lastName: 'Kowalska-Nowak',
  city: 'Żywiec Wielki',
  customId: 'C-0098-4471',
  clientId: '4340021',
  uuid: uuidOf('docs', { identifier: 'jane.kowalska+shop@poczta.example', salt: '', namespace: '' }) ?? '',
  firstUuid: '36f675cc-81e7-4ef5-a8e2-5d940ed90475',
  opaque: 'q7Zp0vKx9-LmWt3Rb5_Yc2Ne8',
};

export const claimsOf = ({ email, customId, clientId, uuid }: Person): Record<string, Plain> => ({
  sub: clientId,
  rlm: 'client',
  origin: 'SYNERISE',
  uuid,
  clientId,
  customId,
  email,
  ctd: T0,
  exp: (NOW + 20 * MINUTE) / 1000,
});
export const tokenOf = (person: Person): string => jwt(claimsOf(person), { alg: 'RS256', typ: 'JWT' });
export const hashOf = ({ email }: Pick<Person, 'email'>): string => identityHash(email);

/** Everything that must not be found after full redaction, by field name. */
export const secretsOf = (person: Person): Readonly<Record<string, string>> => {
  const { clientId, uuid, firstUuid, ...personal } = person;
  return { ...personal, clientId, uuid, firstUuid, token: tokenOf(person), hash: hashOf(person) };
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const json = JSON.stringify;
const cause = (kind: Cause['kind'], by: string | null = null, evidence: readonly string[] = []): Cause => ({
  kind,
  sure: true,
  by,
  evidence,
});

function request(key: string, over: Partial<RequestRecord> & { sent?: string; got?: string }): RequestRecord {
  const { sent = null, got = null, ...rest } = over;
  const body = (text: string | null) => ({ text, size: text === null ? null : Buffer.byteLength(text) });
  return {
    key,
    via: 'devtools',
    at: T0 + 12_000,
    endedAt: T0 + 12_120,
    method: 'POST',
    url: `${API}/v4/events/custom`,
    headers: [['Content-Type', 'application/json']],
    body: body(sent),
    status: 200,
    statusText: 'OK',
    answerHeaders: [['Content-Type', 'application/json']],
    answer: body(got),
    problem: null,
    ...rest,
  };
}

/** Requests that carry the customer in every form that a body or a URL may have. */
function requestsOf(person: Person): RequestRecord[] {
  const { email, phone, firstName, lastName, city, customId, uuid, opaque } = person;
  const token = tokenOf(person);
  const customer = { email, phone, firstName, lastName, city, customId, uuid };
  const part = (name: string, value: string) => `--b7\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  return [
    request('d1.login', {
      url: `${API}/sauth/v3/auth/login/client`,
      sent: json({ identityProvider: 'SYNERISE', email, password: '[secret]', uuid, deviceId: 'device-77' }),
      got: json({ token }),
    }),
    request('d2.refresh', {
      url: `${API}/sauth/v3/auth/refresh/client`,
      headers: [
        ['Authorization', `Bearer ${token}`],
        ['X-Auth-Token', opaque],
        ['Cookie', `_snrs_uuid=${uuid}; shop_session=${opaque}`],
        ['Referer', `${ORIGIN}/account?mail=${encodeURIComponent(email)}&lang=pl`],
      ],
      got: json({ token, refreshToken: opaque }),
    }),
    request('d3.event', {
      sent: json({ label: 'Newsletter', client: { uuid, email }, params: { data: json({ contact: { email, phone } }) } }),
      got: '',
      status: 202,
    }),
    request('d4.form', {
      url: `${API}/v4/events/form.submit?clientUUID=${uuid}&to=${base64(email)}`,
      sent: new URLSearchParams({ email, firstName, 'context[lastName]': lastName, state: base64(json(customer)), lang: 'pl' }).toString(),
    }),
    request('d5.parts', {
      sent: `${part('email', email)}${part('note', `call ${phone}`)}${part('data', json(customer))}--b7--\r\n`,
      got: json({ errors: [{ code: 4001, field: 'email', rejectedValue: email }], message: `${email} is taken` }),
      status: 400,
    }),
    request(`${DOCUMENT}.r6`, {
      via: 'page',
      method: 'GET',
      url: `${API}/recommendations/v2/recommend/campaigns/abc?clientUUID=${uuid}&token=web-key&page=2`,
      endedAt: null,
      status: null,
      problem: `net::ERR_FAILED for ${email}`,
    }),
  ];
}

/** The customer's history, with every kind of entry. */
function entriesOf(person: Person): HistoryEntry[] {
  const { email, uuid, firstUuid, clientId, customId } = person;
  const token = tokenOf(person);
  const at = (seconds: number) => ({ at: T0 + seconds * 1000 });
  const sighting = {
    via: 'devtools',
    host: 'api.synerise.com',
    method: 'POST',
    problem: null,
    bearer: null,
    gave: null,
    size: 64,
  } as const;
  const drafts: Entry[] = [
    { kind: 'document', ...at(0), path: `/?snrs_he=${hashOf(person)}&utm=mail`, by: 'navigate' },
    { kind: 'uuid', ...at(1), uuid: firstUuid, after: T0 + 1000, cause: cause('first'), of: null },
    {
      kind: 'call',
      ...at(10),
      key: `${DOCUMENT}.c1`,
      does: 'signIn',
      told: { email: true, authID: false },
      endedAt: T0 + 10_400,
      ok: true,
    },
    {
      kind: 'request',
      ...at(10.1),
      key: 'd1.login',
      ...sighting,
      endedAt: T0 + 10_300,
      path: '/sauth/v3/auth/login/client',
      purpose: 'login',
      status: 200,
      gave: fingerprint(token),
      uuid,
    },
    {
      kind: 'uuid',
      ...at(10.4),
      uuid,
      after: T0 + 10_400,
      cause: cause('call', 'signIn()', [`signIn() was called for ${email}.`]),
      of: `${DOCUMENT}.c1`,
    },
    {
      kind: 'token',
      ...at(10.5),
      fingerprint: fingerprint(token),
      origin: 'SYNERISE',
      uuid,
      whom: clientId,
      createdAt: T0,
      expiresAt: NOW + 20 * MINUTE,
      after: T0 + 10_500,
      cause: cause('sign-in', null, [`The token names ${customId}.`]),
      of: `${DOCUMENT}.c1`,
    },
    { kind: 'identity', ...at(10.6), identity: 'signed-in', before: 'anonymous', reason: null, of: `${DOCUMENT}.c1` },
    { kind: 'callback', ...at(10.7), signedIn: true, reason: null, of: null },
    {
      kind: 'storage',
      ...at(10.8),
      area: 'cookie',
      name: '_snrs_p',
      before: null,
      value: stateCookie(person),
      of: null,
    },
    { kind: 'storage', ...at(10.9), area: 'local', name: 'snrs_token', before: null, value: person.opaque, of: null },
    {
      kind: 'request',
      ...at(11),
      key: 'd2.refresh',
      ...sighting,
      endedAt: T0 + 11_300,
      path: '/sauth/v3/auth/refresh/client',
      purpose: 'refresh',
      status: 200,
      bearer: fingerprint(token),
      uuid: null,
    },
    ...['d3.event', 'd4.form', 'd5.parts', `${DOCUMENT}.r6`].map((key, index): Entry => {
      const refused = key === 'd5.parts';
      return {
        kind: 'request',
        ...at(12 + index),
        key,
        ...sighting,
        endedAt: T0 + 12_120,
        path: `/v4/events/custom?clientUUID=${uuid}`,
        purpose: 'event',
        status: refused ? 400 : 200,
        uuid,
      };
    }),
    {
      kind: 'operation',
      ...at(20),
      key: '0d6f2b52-5a5e-4a43-9f0f-6a6d6f0f6d11',
      operation: 'updateAccount',
      by: 'person',
      endedAt: T0 + 20_300,
      verdict: 'done',
    },
    { kind: 'alarm', ...at(30), expiresAt: NOW + 20 * MINUTE },
    { kind: 'document', ...at(31), path: `/thanks?to=${encodeURIComponent(email)}`, by: 'within' },
  ];
  return drafts.map((draft, index) => ({ seq: index + 1, nth: 2, ...draft }) as HistoryEntry);
}

function callsOf(person: Person): Record<string, CaseDetail> {
  const { email, phone, firstName, lastName, city, customId } = person;
  return {
    [`${DOCUMENT}.c1`]: {
      call: {
        args: [email, '[secret]'],
        value: null,
        error: { code: 401, message: `No such customer: ${customId}`, detail: { code: 401, body: json({ message: `${email}?` }) } },
        site: `at login (${ORIGIN}/app.js:12:34)`,
      },
    },
    '0d6f2b52-5a5e-4a43-9f0f-6a6d6f0f6d11': {
      call: { args: { email, phone, firstName, lastName, city: `${city} II`, agreements: { email: true, sms: false } }, value: true },
    },
  };
}

const stateCookie = (person: Person): string =>
  `host:shop.example&permUuid:${person.firstUuid}&uuid:${person.uuid}&identityHash:${hashOf(person)}&user_hash:&init:1799000000&last:1799999900.016&current:1800000000&uniqueVisits:2&allVisits:7`;

const cookiesOf = (person: Person): string[] => [
  `_snrs_uuid=${person.uuid}`,
  `_snrs_puuid=${person.firstUuid}`,
  '_snrs_sa=ssuid:ec66a787-95e7-41d1-b731-af10506bf2ef&appear:1799999900&sessionVisits:3',
  `_snrs_p=${stateCookie(person)}`,
  `_snrs_reset_uuid_and_identity_hash=${person.uuid}:${hashOf(person)}`,
];

function sessionOf(person: Person): Session {
  const { email, phone, firstName, lastName, city, customId, clientId, uuid, firstUuid, opaque } = person;
  const web = client({ dialect: 'web', place: 'SR', version: null });
  const raw = tokenOf(person);
  const wire = { raw, origin: 'SYNERISE', realm: 'client', clientId, customId, expiresAt: NOW + 20 * MINUTE, nearExpiry: null };
  const cookies = cookiesOf(person);
  return patched(newSession(7, false, T0), {
    history: {
      nth: 2,
      previousUuid: firstUuid,
      account: {
        at: NOW - MINUTE,
        uuid,
        identity: 'signed-in',
        clientId,
        value: {
          clientId: Number(clientId),
          email,
          phone,
          customId,
          firstName,
          lastName,
          city,
          uuid,
          sex: 'NOT_SPECIFIED',
          anonymous: false,
          agreements: { email: true, sms: false },
          tags: ['vip'],
        },
      },
    },
    tab: { access: 'watched', site: ORIGIN },
    visit: {
      origin: ORIGIN,
      entered: { document: DOCUMENT, path: '/?utm=mail', by: 'navigate', loaded: T0 },
      clockOffset: 12,
      jar: cookies.map((pair) => ({
        name: pair.split('=')[0] ?? '',
        value: pair.slice(pair.indexOf('=') + 1),
        httpOnly: false,
        domain: '.shop.example',
        path: '/',
        secure: true,
        sameSite: 'lax',
        expiresAt: NOW + 400 * 24 * 60 * MINUTE,
      })),
    },
    page: { document: DOCUMENT, path: `/thanks?to=${encodeURIComponent(email)}`, clients: [web], strays: ['window.synerise'] },
    stage: {
      phase: 'attached',
      client: web,
      customer: {
        uuid,
        trouble: null,
        signedIn: null,
        simpleAuth: null,
        facts: { identityHash: hashOf(person), trackerKey: 'aaaaaaaa-1111-4111-8111-111111111111', doNotTrack: false },
        cookies,
        stored: [
          `local:snrs_profile=${json({ name: firstName, mail: email, note: 'likes = signs & more' })}`,
          `session:snrs_token=${opaque}`,
        ],
      },
      token: { kind: 'known', facts: tokenFacts(wire), trouble: null, stale: false },
      activity: { kind: 'idle' },
    },
  });
}

export function caseOfPerson(person: Person = JANE): Case {
  const details = new Map<string, CaseDetail>([
    ...Object.entries(callsOf(person)),
    ...requestsOf(person).map((record) => [record.key, { request: record }] as const),
  ]);
  const set = [{ name: '_snrs_uuid', httpOnly: true, host: 'shop.example', path: '/', expiresAt: null }];
  return { ...factsOf(sessionOf(person), NOW, set), entries: entriesOf(person), detailOf: (key) => details.get(key) ?? null };
}

/** The ids of the rules with a finding. */
export const ruleIds = (subject: Case): string[] => diagnose(RULES, subject).findings.map(({ rule }) => rule);

export const MAKER = {
  by: { name: 'Synerise Session Inspector', version: '1.4.0' },
  browser: 'Chrome 140',
  muted: ['old-cookies'],
  broken: [],
  dropped: 3,
};

/** A person's report, with the findings of the rules. */
export function reportOfPerson(person: Person = JANE): Report {
  const subject = caseOfPerson(person);
  return reportOf(subject, { ...MAKER, findings: diagnose(RULES, subject).findings });
}
