// Whoever the customer is, and whatever of them is to go: it is gone, the report is sound, and the rules say the same of it.
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
/** A UUID of version 3 or 5 says of what name it was made, and goes with personal data too. */
const isMade = (value: string): boolean => /^[\da-f]{8}-[\da-f]{4}-[35]/i.test(value);
const toGo = (who: Person, how: Redaction): string[] =>
  Object.entries(secretsOf(who)).flatMap(([name, value]) => {
    const stays = how[KIND_OF[name] ?? 'personal'] === 'kept' && (how.personal === 'kept' || !isMade(value));
    return stays ? [] : [value];
  });
const rulesOf = (report: Report): string[] => ruleIds(caseOf(report)).sort();

describe('somebody', () => {
  it('is not in the report, as far as they were to go', async () => {
    await fc.assert(
      fc.asyncProperty(person, ways, async (who, how) => {
        const made = await redacted(reportOfPerson(who), how);
        // A token that is kept says whom it is for.
        const text = JSON.stringify(made).replaceAll(tokenOf(who), how.tokens === 'kept' ? '' : tokenOf(who));
        expect(readable(JSON.parse(text), toGo(who, how), { depth: 2 })).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('leaves a report that is sound, and that no second time changes', async () => {
    await fc.assert(
      fc.asyncProperty(person, ways, async (who, how) => {
        const made = await redacted(reportOfPerson(who), how);
        expect(readReport(writeReport(made))).toEqual({ report: made });
        expect(await redacted(made, how)).toEqual(made);
      }),
      { numRuns: 25 },
    );
  });

  it('is told the same by the rules under pseudonyms, and nothing new where things were removed', async () => {
    await fc.assert(
      fc.asyncProperty(person, ways, async (who, how) => {
        const report = reportOfPerson(who);
        const [before, after] = [rulesOf(report), rulesOf(await redacted(report, how))];
        if (!Object.values(how).includes('removed')) expect(after).toEqual(before);
        expect(before).toEqual(expect.arrayContaining(after));
      }),
      { numRuns: 40 },
    );
  });

  it('is kept as they are, where all is to be kept', async () => {
    await fc.assert(
      fc.asyncProperty(person, async (who) => {
        const report = reportOfPerson(who);
        expect(await redacted(report, all('kept'))).toEqual(report);
      }),
      { numRuns: 30 },
    );
  });

  it('stays what was kept of them', async () => {
    const made = JSON.stringify(await redacted(reportOfPerson(), { tokens: 'removed', personal: 'removed', ids: 'kept' }));
    for (const value of [JANE.firstUuid, JANE.clientId]) expect(made).toContain(value);
    // It is made of her e-mail: whoever guesses that has it.
    expect(made).not.toContain(JANE.uuid);
    const personal = JSON.stringify(await redacted(reportOfPerson(), { tokens: 'removed', personal: 'kept', ids: 'removed' }));
    for (const value of [JANE.email, JANE.phone, JANE.customId, hashOf(JANE)]) expect(personal).toContain(value);
    const tokens = JSON.stringify(await redacted(reportOfPerson(), { tokens: 'kept', personal: 'removed', ids: 'removed' }));
    for (const value of [JANE.opaque, `Bearer ${tokenOf(JANE)}`, 'shop_session=']) expect(tokens).toContain(value);
  });
});

describe('somebody whose data is odd', () => {
  const odd: readonly (readonly [string, Partial<Person>])[] = [
    ['a custom id that is their UUID', { customId: JANE.uuid }],
    ['a custom id that is their client id', { customId: JANE.clientId }],
    ['a custom id that is their e-mail', { customId: JANE.email }],
    ['a custom id that is another UUID', { customId: '0cb1e29c-658c-4a14-95e6-0af593bd04cf' }],
    ['a custom id that is a word of ours', { customId: 'token' }],
    ['a name that is a word of ours', { firstName: 'call', lastName: 'request', city: 'identity' }],
    ['a name that is a word of marks', { firstName: 'secret', lastName: 'removed', city: 'pseudonym' }],
    ['a name that is a kind of ours', { firstName: 'web', lastName: 'devtools', city: 'page' }],
    ['a name with quotes', { firstName: 'Ann "Nan" \\ O’Neil', lastName: "D'Arc" }],
    ['a name with a comma', { firstName: 'Kowalska, Żaneta', lastName: 'Nowak; Anna' }],
    ['a name with half a character', { firstName: 'Ann\ud800a', lastName: '\udc00Kowalska' }],
    ['a name with signs of expressions', { firstName: 'A.*(b)+[c]$^', lastName: '$& $1 $$' }],
    ['a name in parts of letters', { firstName: 'Z\u0307aneta', lastName: 'Nowa\u0301k' }],
    ['a name in capitals with a dot', { firstName: 'İSTANBULLU', lastName: 'ΟΔΥΣΣΕΥΣ' }],
    ['an e-mail in capitals', { email: 'Jane.KOWALSKA@Poczta.EXAMPLE' }],
    ['an e-mail of other letters', { email: 'людмила.żółć@пошта.example' }],
    ['a phone as one number', { phone: '48600100200' }],
    ['short values', { firstName: 'Al', lastName: 'Ó', city: 'Å', customId: '7', clientId: '4' }],
    ['no values', { firstName: '', lastName: '', city: '', customId: '', phone: '' }],
    ['values that are none', { firstName: 'null', lastName: 'undefined', city: 'unknown', customId: 'NaN' }],
    ['a UUID that is none', { uuid: 'customer-12345', firstUuid: 'undefined' }],
    ['the UUID of nobody', { firstUuid: '00000000-0000-0000-0000-000000000000' }],
    ['a UUID in capitals', { uuid: JANE.uuid.toUpperCase() }],
    [
      'a UUID of every recipe',
      { firstUuid: uuidOf(Object.keys(RECIPES)[1] as 'sylius', { identifier: 'x', salt: '', namespace: '' }) ?? '' },
    ],
    ['a token that is an e-mail', { opaque: 'another.person@poczta.example' }],
    ['a token that ends in a name', { opaque: 'x-83-shop-session-token' }],
    ['a token that is a number', { opaque: '830012345678' }],
  ];

  it.each(odd)('%s', async (_name, over) => {
    const who = { ...JANE, ...over };
    const report = reportOfPerson(who);
    for (const how of WAYS_TRIED) {
      const made = await redacted(report, how);
      expect(reportSchema.safeParse(made).success).toBe(true);
      expect(await redacted(made, how)).toEqual(made);
      const after = rulesOf(made);
      if (!Object.values(how).includes('removed')) expect(after).toEqual(rulesOf(report));
      expect(rulesOf(report)).toEqual(expect.arrayContaining(after));
      // A token that is kept says whom it is for; and words are everywhere.
      const isWord = (value: string) => /^(.{0,3}|null|undefined|unknown|NaN|0+-.*0|[a-z]{3,9})$/.test(value);
      const gone = how.tokens === 'kept' ? [] : toGo(who, how).filter((value) => !isWord(value));
      expect(readable(made, gone, { depth: 1 })).toEqual([]);
    }
  });
});

describe('any report', () => {
  it('is sound afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, ways, async (report, how) => {
        const made = await redacted(report, how);
        expect(readReport(writeReport(made))).toEqual({ report: made });
        expect(made.timeline.map(({ kind, seq, nth, at }) => [kind, seq, nth, at])).toEqual(
          report.timeline.map(({ kind, seq, nth, at }) => [kind, seq, nth, at]),
        );
      }),
      { numRuns: 120 },
    );
  });

  it('is not changed itself', async () => {
    const report = reportOfPerson();
    const copy = structuredClone(report);
    for (const one of WAYS) await redacted(report, all(one));
    expect(report).toEqual(copy);
  });

  it('says what was done with it, all in all', async () => {
    const report = reportOfPerson();
    expect((await redacted(report, { tokens: 'removed', personal: 'kept', ids: 'pseudonym' })).redaction).toEqual({
      tokens: 'removed',
      personal: 'kept',
      ids: 'pseudonym',
    });
    // What was removed once is not there afterwards, whatever is done later.
    const twice = await redacted(await redacted(report, { tokens: 'removed', personal: 'pseudonym', ids: 'kept' }), all('kept'));
    expect(twice.redaction).toEqual({ tokens: 'removed', personal: 'pseudonym', ids: 'kept' });
    expect((await redacted(twice, all('pseudonym'))).redaction).toEqual({ tokens: 'removed', personal: 'pseudonym', ids: 'pseudonym' });
  });

  it('tells how many values of each kind went', async () => {
    const { redacted: counts } = await redact(reportOfPerson(), all('pseudonym'), key);
    // The JWT, the other token, its copy in a query; e-mail, phone, names, city, custom id, their hashes, device; UUIDs and client id.
    expect(counts).toEqual({ tokens: expect.any(Number), personal: expect.any(Number), ids: expect.any(Number) });
    for (const kind of SECRET_KINDS) expect(counts[kind]).toBeGreaterThan(2);
    expect((await redact(reportOfPerson(), all('kept'), key)).redacted).toEqual({ tokens: 0, personal: 0, ids: 0 });
    const { redacted: some } = await redact(reportOfPerson(), { ...all('kept'), ids: 'removed' }, key);
    expect(some).toMatchObject({ tokens: 0, personal: 0 });
    expect(some.ids).toBeGreaterThan(2);
  });
});
