// For any customer and any choices: the redacted values are gone, the report is valid, and the rules find the same.
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readReport, writeReport } from '@/lib/report/read';
import { pseudonymKey, redact } from '@/lib/report/redact';
import { caseOf, type Report } from '@/lib/report/report';
import { reportSchema } from '@/lib/report/schema';
import { type Redaction, SECRET_KINDS, WAYS } from '@/lib/report/secrecy';
import { RECIPES } from '@/lib/sdk/dialects/computed';
import { uuidOf } from '@/lib/web/recipes';
import { anyReport, person } from './arbitraries';
import { hashOf, JANE, type Person, reportOfPerson, ruleIds, secretsOf, tokenOf } from './make';
import { readable } from './spellings';

vi.setConfig({ testTimeout: 60_000 });

const way = fc.constantFrom(...WAYS);
const ways: fc.Arbitrary<Redaction> = fc.record({ tokens: way, personal: way, ids: way });
const all = (one: Redaction['ids']): Redaction => ({ tokens: one, personal: one, ids: one });

const WAYS_TRIED: readonly Redaction[] = [
  ...WAYS.map(all),
  { tokens: 'pseudonym', personal: 'pseudonym', ids: 'kept' },
  { tokens: 'removed', personal: 'kept', ids: 'pseudonym' },
  { tokens: 'removed', personal: 'pseudonym', ids: 'removed' },
];

let key: CryptoKey;
beforeAll(async () => {
  key = await pseudonymKey(new Uint8Array(32).fill(1));
});
const redacted = async (report: Report, how: Redaction): Promise<Report> => (await redact(report, how, key)).report;

const KIND_OF: Readonly<Record<string, keyof Redaction>> = {
  token: 'tokens',
  opaque: 'tokens',
  clientId: 'ids',
  uuid: 'ids',
  firstUuid: 'ids',
};
/** A UUID of version 3 or 5 is derived from a name, and is redacted with personal data too. */
const isMade = (value: string): boolean => /^[\da-f]{8}-[\da-f]{4}-[35]/i.test(value);
const toGo = (who: Person, how: Redaction): string[] =>
  Object.entries(secretsOf(who)).flatMap(([name, value]) => {
    const stays = how[KIND_OF[name] ?? 'personal'] === 'kept' && (how.personal === 'kept' || !isMade(value));
    return stays ? [] : [value];
  });
const rulesOf = (report: Report): string[] => ruleIds(caseOf(report)).sort();

describe('a person', () => {
  it('is not in the report, as far as the choices require', async () => {
    await fc.assert(
      fc.asyncProperty(person, ways, async (who, how) => {
        const made = await redacted(reportOfPerson(who), how);
        // A token that is kept identifies its customer.
        const text = JSON.stringify(made).replaceAll(tokenOf(who), how.tokens === 'kept' ? '' : tokenOf(who));
        expect(readable(JSON.parse(text), toGo(who, how), { depth: 2 })).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('leaves a valid report, which a second redaction does not change', async () => {
    await fc.assert(
      fc.asyncProperty(person, ways, async (who, how) => {
        const made = await redacted(reportOfPerson(who), how);
        expect(readReport(writeReport(made))).toEqual({ report: made });
        expect(await redacted(made, how)).toEqual(made);
      }),
      { numRuns: 12 },
    );
  });

  it('gets the same findings Pseudonymized, and no new ones after removal', async () => {
    await fc.assert(
      fc.asyncProperty(person, ways, async (who, how) => {
        const report = reportOfPerson(who);
        const [before, after] = [rulesOf(report), rulesOf(await redacted(report, how))];
        if (!Object.values(how).includes('removed')) expect(after).toEqual(before);
        expect(before).toEqual(expect.arrayContaining(after));
      }),
      { numRuns: 20 },
    );
  });

  it('is unchanged if everything is kept', async () => {
    await fc.assert(
      fc.asyncProperty(person, async (who) => {
        const report = reportOfPerson(who);
        expect(await redacted(report, all('kept'))).toEqual(report);
      }),
      { numRuns: 12 },
    );
  });

  it('keeps the values that are kept', async () => {
    const made = JSON.stringify(await redacted(reportOfPerson(), { tokens: 'removed', personal: 'removed', ids: 'kept' }));
    for (const value of [JANE.firstUuid, JANE.clientId]) expect(made).toContain(value);
    // It is derived from her email: whoever guesses that can confirm it.
    expect(made).not.toContain(JANE.uuid);
    const personal = JSON.stringify(await redacted(reportOfPerson(), { tokens: 'removed', personal: 'kept', ids: 'removed' }));
    for (const value of [JANE.email, JANE.phone, JANE.customId, hashOf(JANE)]) expect(personal).toContain(value);
    const tokens = JSON.stringify(await redacted(reportOfPerson(), { tokens: 'kept', personal: 'removed', ids: 'removed' }));
    for (const value of [JANE.opaque, `Bearer ${tokenOf(JANE)}`, 'shop_session=']) expect(tokens).toContain(value);
  });
});

describe('a person with unusual data', () => {
  const odd: readonly (readonly [string, Partial<Person>])[] = [
    ['a custom ID that is their UUID', { customId: JANE.uuid }],
    ['a custom ID that is their client ID', { customId: JANE.clientId }],
    ['a custom ID that is their email', { customId: JANE.email }],
    ['a custom ID that is another UUID', { customId: '0cb1e29c-658c-4a14-95e6-0af593bd04cf' }],
    ['a custom ID that is one of our words', { customId: 'token' }],
    ['a name that is one of our words', { firstName: 'call', lastName: 'request', city: 'identity' }],
    ['a name that is a word of our marks', { firstName: 'secret', lastName: 'removed', city: 'pseudonym' }],
    ['a name that is one of our enum values', { firstName: 'web', lastName: 'devtools', city: 'page' }],
    ['a name with quotes', { firstName: 'Ann "Nan" \\ O’Neil', lastName: "D'Arc" }],
    ['a name with a comma', { firstName: 'Kowalska, Żaneta', lastName: 'Nowak; Anna' }],
    ['a name with lone surrogates', { firstName: 'Ann\ud800a', lastName: '\udc00Kowalska' }],
    ['a name with regular expression syntax', { firstName: 'A.*(b)+[c]$^', lastName: '$& $1 $$' }],
    ['a name with combining characters', { firstName: 'Z\u0307aneta', lastName: 'Nowa\u0301k' }],
    ['a name in capitals with special case rules', { firstName: 'İSTANBULLU', lastName: 'ΟΔΥΣΣΕΥΣ' }],
    ['an email in capitals', { email: 'Jane.KOWALSKA@Poczta.EXAMPLE' }],
    ['an email in other scripts', { email: 'людмила.żółć@пошта.example' }],
    ['a phone as one number', { phone: '48600100200' }],
    ['short values', { firstName: 'Al', lastName: 'Ó', city: 'Å', customId: '7', clientId: '4' }],
    ['no values', { firstName: '', lastName: '', city: '', customId: '', phone: '' }],
    ['values that look missing', { firstName: 'null', lastName: 'undefined', city: 'unknown', customId: 'NaN' }],
    ["a UUID that isn't valid", { uuid: 'customer-12345', firstUuid: 'undefined' }],
    ['the nil UUID', { firstUuid: '00000000-0000-0000-0000-000000000000' }],
    ['a UUID in capitals', { uuid: JANE.uuid.toUpperCase() }],
    [
      'a UUID of another recipe',
      { firstUuid: uuidOf(Object.keys(RECIPES)[1] as 'sylius', { identifier: 'x', salt: '', namespace: '' }) ?? '' },
    ],
    ['a token that is an email', { opaque: 'another.person@poczta.example' }],
    ['a token that ends in a word of a name', { opaque: 'x-83-shop-session-token' }],
    ['a token that is a number', { opaque: '830012345678' }],
  ];

  it.each(odd)('%s', async (name, over) => {
    const who = { ...JANE, ...over };
    const report = reportOfPerson(who);
    // Each with three of the ways, in turn.
    const first = odd.findIndex(([one]) => one === name);
    for (const how of [0, 2, 4].map((step) => WAYS_TRIED[(first + step) % WAYS_TRIED.length] as Redaction)) {
      const made = await redacted(report, how);
      expect(reportSchema.safeParse(made).success).toBe(true);
      expect(await redacted(made, how)).toEqual(made);
      const after = rulesOf(made);
      if (!Object.values(how).includes('removed')) expect(after).toEqual(rulesOf(report));
      expect(rulesOf(report)).toEqual(expect.arrayContaining(after));
      // A token that is kept identifies its customer, and ordinary words are everywhere.
      const isWord = (value: string) => /^(.{0,3}|null|undefined|unknown|NaN|0+-.*0|[a-z]{3,9})$/.test(value);
      const gone = how.tokens === 'kept' ? [] : toGo(who, how).filter((value) => !isWord(value));
      expect(readable(made, gone, { depth: 1 })).toEqual([]);
    }
  });
});

describe('redaction of any report', () => {
  it('leaves it valid', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, ways, async (report, how) => {
        const made = await redacted(report, how);
        expect(readReport(writeReport(made))).toEqual({ report: made });
        expect(made.timeline.map(({ kind, seq, nth, at }) => [kind, seq, nth, at])).toEqual(
          report.timeline.map(({ kind, seq, nth, at }) => [kind, seq, nth, at]),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('does not modify its input', async () => {
    const report = reportOfPerson();
    const copy = structuredClone(report);
    for (const one of WAYS) await redacted(report, all(one));
    expect(report).toEqual(copy);
  });

  it('records the combined choices', async () => {
    const report = reportOfPerson();
    expect((await redacted(report, { tokens: 'removed', personal: 'kept', ids: 'pseudonym' })).redaction).toEqual({
      tokens: 'removed',
      personal: 'kept',
      ids: 'pseudonym',
    });
    // What was removed once stays removed, whatever is chosen later.
    const twice = await redacted(await redacted(report, { tokens: 'removed', personal: 'pseudonym', ids: 'kept' }), all('kept'));
    expect(twice.redaction).toEqual({ tokens: 'removed', personal: 'pseudonym', ids: 'kept' });
    expect((await redacted(twice, all('pseudonym'))).redaction).toEqual({ tokens: 'removed', personal: 'pseudonym', ids: 'pseudonym' });
  });

  it('counts the redacted values of each kind', async () => {
    const { redacted: counts } = await redact(reportOfPerson(), all('pseudonym'), key);
    // The JWT, the other token, its copy in a query; email, phone, names, city, custom ID, their hashes, device; UUIDs and client ID.
    expect(counts).toEqual({ tokens: expect.any(Number), personal: expect.any(Number), ids: expect.any(Number) });
    for (const kind of SECRET_KINDS) expect(counts[kind]).toBeGreaterThan(2);
    expect((await redact(reportOfPerson(), all('kept'), key)).redacted).toEqual({ tokens: 0, personal: 0, ids: 0 });
    const { redacted: some } = await redact(reportOfPerson(), { ...all('kept'), ids: 'removed' }, key);
    expect(some).toMatchObject({ tokens: 0, personal: 0 });
    expect(some.ids).toBeGreaterThan(2);
  });
});
