// Replacements for redacted values: equal values get equal pseudonyms, in one report and in all reports with one key.
import fc from 'fast-check';
import { validate, version } from 'uuid';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { pseudonymKey, redact } from '@/lib/report/redact';
import { caseOf, type Report } from '@/lib/report/report';
import { type Redaction, WAYS } from '@/lib/report/secrecy';
import { person } from './arbitraries';
import { DOCUMENT, hashOf, JANE, type Person, reportOfPerson, secretsOf, tokenOf } from './make';

vi.setConfig({ testTimeout: 60_000 });

const all = (one: Redaction['ids']): Redaction => ({ tokens: one, personal: one, ids: one });
const keyOf = (fill: number) => pseudonymKey(new Uint8Array(32).fill(fill));

let key: CryptoKey;
beforeAll(async () => {
  key = await keyOf(3);
});

/** The replacement of each of a person's values. */
async function pseudonymsOf(who: Person, by = key, how = all('pseudonym')): Promise<Record<string, string>> {
  const { report } = await redact(reportOfPerson(who), how, by);
  const { token, customer, previousUuid, account, identifiers } = report.session;
  const { email = '', phone = '', firstName = '', lastName = '', city = '' } = account?.value as Record<string, string>;
  return {
    ...{ email, phone, firstName, lastName, city },
    customId: token?.customId ?? '',
    clientId: token?.clientId ?? '',
    token: token?.raw ?? '',
    uuid: customer?.uuid ?? '',
    firstUuid: previousUuid ?? '',
    opaque: customer?.stored.at(-1)?.split('=')[1] ?? '',
    hash: identifiers[0]?.hashes[0] ?? '',
  };
}

describe('a pseudonym', () => {
  it('is the same for the same value in another report, and different for a different value', async () => {
    await fc.assert(
      fc.asyncProperty(person, person, async (one, other) => {
        const mixed = { ...other, email: one.email, uuid: one.uuid, customId: one.customId };
        const [first, second] = [await pseudonymsOf(one), await pseudonymsOf(mixed)];
        for (const name of Object.keys(secretsOf(one))) {
          const isSame = secretsOf(one)[name] === secretsOf(mixed)[name];
          expect([name, first[name] === second[name]]).toEqual([name, isSame]);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('is different for each value of a report', async () => {
    await fc.assert(
      fc.asyncProperty(person, async (who) => {
        const values = Object.values(await pseudonymsOf(who));
        expect(new Set(values).size).toBe(values.length);
      }),
      { numRuns: 12 },
    );
  });

  it('is different with a different key', async () => {
    const [one, other] = [await pseudonymsOf(JANE), await pseudonymsOf(JANE, await keyOf(4))];
    for (const name of Object.keys(one)) expect([name, one[name] === other[name]]).toEqual([name, false]);
    expect(await pseudonymsOf(JANE, await keyOf(3))).toEqual(one);
  });

  it('shows what kind of value it replaces', async () => {
    expect(await pseudonymsOf(JANE)).toEqual({
      email: expect.stringMatching(/^[\da-f]{10}@pseudonym\.invalid$/),
      phone: expect.stringMatching(/^personal-[\da-f]{10}$/),
      firstName: expect.stringMatching(/^personal-/),
      lastName: expect.stringMatching(/^personal-/),
      city: expect.stringMatching(/^personal-/),
      customId: expect.stringMatching(/^personal-/),
      clientId: expect.stringMatching(/^id-[\da-f]{10}$/),
      token: expect.stringMatching(/^token-[\da-f]{12}$/),
      opaque: expect.stringMatching(/^token-/),
      uuid: expect.stringMatching(/^facade00-[\da-f]{4}-5/),
      firstUuid: expect.stringMatching(/^facade00-[\da-f]{4}-4/),
      // A hash has at most ten digits.
      hash: expect.stringMatching(/^9\d{10}$/),
    });
  });

  it('of a UUID keeps its version and letter case', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uuid(), fc.boolean(), async (uuid, wantsLarge) => {
        // A UUID without letters has no case.
        const isLarge = wantsLarge && /[a-f]/.test(uuid);
        const { uuid: made = '' } = await pseudonymsOf({ ...JANE, uuid: isLarge ? uuid.toUpperCase() : uuid });
        expect(validate(made)).toBe(true);
        expect(version(made)).toBe(version(uuid));
        expect(made).toBe(isLarge ? made.toUpperCase() : made.toLowerCase());
        const { uuid: small } = await pseudonymsOf({ ...JANE, uuid });
        expect(made.toLowerCase()).toBe(small);
      }),
      { numRuns: 12 },
    );
  });

  it('replaces its value everywhere, in any encoding', async () => {
    const { report } = await redact(reportOfPerson(), all('pseudonym'), key);
    const { email, uuid, token, opaque, hash, customId } = await pseudonymsOf(JANE);
    const [login, refresh, event, form] = report.requests;
    expect(JSON.parse(login?.body.text ?? '')).toMatchObject({ email, uuid, identityProvider: 'SYNERISE', password: '[secret]' });
    expect(JSON.parse(login?.answer.text ?? '')).toEqual({ token });
    expect(refresh?.headers).toEqual([
      ['Authorization', `Bearer ${token}`],
      ['X-Auth-Token', opaque],
      ['Cookie', '[secret]'],
      ['Referer', `https://shop.example/account?mail=${encodeURIComponent(email ?? '')}&lang=pl`],
    ]);
    const { params, client } = JSON.parse(event?.body.text ?? '') as { params: { data: string }; client: unknown };
    expect(client).toEqual({ uuid, email });
    expect(JSON.parse(params.data)).toMatchObject({ contact: { email } });
    expect(Object.fromEntries(new URLSearchParams(form?.body.text ?? ''))).toMatchObject({ email, state: '[secret]', lang: 'pl' });
    expect(form?.url).toBe(`https://api.synerise.com/v4/events/form.submit?clientUUID=${uuid}&to=[secret]`);
    expect(report.session.customer?.cookies.at(-1)).toBe(`_snrs_reset_uuid_and_identity_hash=${uuid}:${hash}`);
    expect(report.timeline[4]).toMatchObject({ uuid, cause: { evidence: [`signIn() was called for ${email}.`] } });
    expect(report.timeline[5]).toMatchObject({ cause: { evidence: [`The token names ${customId}.`] } });
    expect(report.timeline[17]).toMatchObject({ path: `/thanks?to=${encodeURIComponent(email ?? '')}` });
  });

  it('of an email ignores its case, and of a token does not', async () => {
    const one = await pseudonymsOf({ ...JANE, email: 'Jane@Poczta.example', opaque: 'abcdEFGH12345678' });
    const other = await pseudonymsOf({ ...JANE, email: 'jane@poczta.example', opaque: 'ABCDefgh12345678' });
    expect(one['email']).toBe(other['email']);
    expect(one['opaque']).not.toBe(other['opaque']);
  });
});

describe('the mark of the pseudonym key', () => {
  const mark = async (how: Redaction, by: CryptoKey, of = reportOfPerson(JANE)) => (await redact(of, how, by)).report.pseudonymKey;

  it("is the same for the same key, and isn't a pseudonym", async () => {
    const told = await mark(all('pseudonym'), key);
    expect(told).toMatch(/^[\da-f]{12}$/);
    expect(await mark({ ...all('kept'), ids: 'pseudonym' }, await keyOf(3), reportOfPerson({ ...JANE, email: 'b@b.example' }))).toBe(told);
    expect(await mark(all('pseudonym'), await keyOf(4))).not.toBe(told);
  });

  it('is missing without pseudonyms, and with pseudonyms of two keys', async () => {
    expect(await mark(all('removed'), key)).toBeNull();
    const { report } = await redact(reportOfPerson(JANE), { ...all('pseudonym'), ids: 'kept' }, key);
    expect(await mark(all('kept'), await keyOf(4), report)).toBe(report.pseudonymKey);
    expect(await mark(all('pseudonym'), key, report)).toBe(report.pseudonymKey);
    const again = await redact(report, all('pseudonym'), await keyOf(4));
    expect(again.report.pseudonymKey).toBeNull();
    expect(await mark(all('pseudonym'), key, again.report)).toBeNull();
  });
});

describe('a removed value', () => {
  it('leaves a mark of its kind', async () => {
    expect(await pseudonymsOf(JANE, key, all('removed'))).toEqual({
      email: '[e-mail-removed]',
      phone: '[personal-removed]',
      firstName: '[personal-removed]',
      lastName: '[personal-removed]',
      city: '[personal-removed]',
      customId: '[personal-removed]',
      clientId: '[id-removed]',
      token: '[token-removed]',
      opaque: '[token-removed]',
      uuid: expect.stringMatching(/^facade00-0000-5000-.000-0{10}/),
      firstUuid: expect.stringMatching(/^facade00-0000-4000-.000-0{10}/),
      hash: '90000000000',
    });
  });

  it('leaves UUIDs distinguishable, since a session is about them', async () => {
    const { uuid, firstUuid } = await pseudonymsOf(JANE, key, all('removed'));
    expect(uuid).not.toBe(firstUuid);
    // And the marks reveal nothing: another customer's are the same.
    const { uuid: others } = await pseudonymsOf({ ...JANE, uuid: '0cb1e29c-658c-5a14-a5e6-0af593bd04cf' }, key, all('removed'));
    expect(others?.slice(24)).toBe(uuid?.slice(24));
  });

  it('does not depend on the key', async () => {
    const one = await redact(reportOfPerson(), all('removed'), await keyOf(1));
    expect(await redact(reportOfPerson(), all('removed'), await keyOf(2))).toEqual(one);
  });
});

describe('keys', () => {
  /** The same report with a different key for a call and for a request. */
  const keyed = (call: string, request: string): Report =>
    JSON.parse(JSON.stringify(reportOfPerson()).replaceAll(`${DOCUMENT}.c1`, call).replaceAll('d1.login', request)) as Report;

  it('stay if they contain nothing to redact', async () => {
    for (const one of WAYS) {
      const { report } = await redact(reportOfPerson(), all(one), key);
      expect(report.timeline.flatMap((entry) => ('key' in entry && entry.kind !== 'operation' ? [entry.key] : []))).toEqual(
        reportOfPerson().timeline.flatMap((entry) => ('key' in entry && entry.kind !== 'operation' ? [entry.key] : [])),
      );
    }
  });

  it.each(WAYS.filter((one) => one !== 'kept'))('still connect entries if they contain something to redact: %s', async (one) => {
    const whole = keyed(`call of ${JANE.email}`, `${JANE.uuid}.1`);
    const { report } = await redact(whole, all(one), key);
    const [before, after] = [caseOf(whole), caseOf(report)];
    const keys = after.entries.flatMap((entry) => ('key' in entry ? [entry.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(JSON.stringify(keys)).not.toMatch(/poczta|4d5903f2/);
    for (const [index, entry] of before.entries.entries()) {
      const made = after.entries[index];
      if (!('key' in entry) || !made || !('key' in made)) continue;
      expect(Object.keys(after.detailOf(made.key) ?? {})).toEqual(Object.keys(before.detailOf(entry.key) ?? {}));
    }
    const call = report.timeline[2];
    for (const index of [4, 5, 6]) expect(report.timeline[index]).toMatchObject({ of: call && 'key' in call ? call.key : '' });
    // A second redaction changes none of them.
    expect((await redact(report, all(one), key)).report).toEqual(report);
  });
});

it('a hash is recognized even if it stands alone', async () => {
  const whole = reportOfPerson();
  const told = {
    ...whole,
    session: { ...whole.session, identityEvidence: `identity hash ${hashOf(JANE)}, no token` },
  };
  const { report } = await redact(told, { ...all('kept'), personal: 'pseudonym' }, key);
  expect(report.session.identityEvidence).toBe(`identity hash ${(await pseudonymsOf(JANE))['hash']}, no token`);
  expect(JSON.stringify(report)).toContain(tokenOf(JANE));
});
