// What is secret does not come through a report, however it is written and wherever it stands in it.
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readReport, writeReport } from '@/lib/report/read';
import { pseudonymKey, redact } from '@/lib/report/redact';
import type { Report } from '@/lib/report/report';
import type { Redaction } from '@/lib/report/secrecy';
import { JANE, reportOfPerson, secretsOf, tokenOf } from './make';
import { anySpelling, readable, SPELLINGS, type Spelling, stands, textsOf } from './spellings';

// Many texts are read in many ways, and the machine may be busy with others.
vi.setConfig({ testTimeout: 60_000 });

const GONE: Readonly<Record<string, Redaction>> = {
  removed: { tokens: 'removed', personal: 'removed', ids: 'removed' },
  pseudonym: { tokens: 'pseudonym', personal: 'pseudonym', ids: 'pseudonym' },
};
const SECRETS = secretsOf(JANE);
const VALUES = Object.values(SECRETS);

let key: CryptoKey;
beforeAll(async () => {
  key = await pseudonymKey(new Uint8Array(32).fill(7));
});

describe('spellings say what they spell', () => {
  it.each(Object.entries(SPELLINGS))('%s', (_name, spell) => {
    for (const value of VALUES) expect(readable([spell(value)], [value])).not.toEqual([]);
  });
});

/** Every text of the report that may be anything, by its path. */
function placesOf(report: Report): string[][] {
  const places: string[][] = [];
  const visit = (value: unknown, path: string[]) => {
    if (typeof value === 'object' && value !== null) for (const [name, entry] of Object.entries(value)) visit(entry, [...path, name]);
    if (typeof value !== 'string' || ['by', 'browser', 'createdAt', 'format'].includes(path[0] ?? '')) return;
    if (!('problem' in readReport(JSON.stringify(planted(report, path, 'anything at all'))))) places.push(path);
  };
  visit(report, []);
  return places;
}

function planted(report: Report, path: readonly string[], text: string): Report {
  const copy = structuredClone(report);
  const last = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], copy) as Record<
    string,
    unknown
  >;
  holder[last] = text;
  return copy;
}

const WHOLE = reportOfPerson();
const SMALL: Report = { ...WHOLE, timeline: [], requests: WHOLE.requests.slice(2, 3) };
const PLACES = placesOf(WHOLE);
const kindOfPlace = (path: readonly string[]): string => path.map((name) => (/^\d+$/.test(name) ? '#' : name)).join('.');
/** How many places are tried in one report. */
const AT_ONCE = 6;
/** One place of each kind. */
const EACH = [...new Map(PLACES.map((path) => [kindOfPlace(path), path])).values()];

describe.each(Object.entries(GONE))('%s', (_way, ways) => {
  let unplanted: ReadonlySet<string>;
  beforeAll(async () => {
    unplanted = new Set(textsOf((await redact(WHOLE, ways, key)).report));
  });
  /** What is left of what was planted there. */
  async function leaks(report: Report, depth = 3): Promise<string[]> {
    const { report: made } = await redact(report, ways, key);
    const back = readReport(writeReport(made));
    if ('problem' in back) throw new Error(back.problem);
    return readable(made, VALUES, { but: unplanted, depth });
  }

  it('leaves nothing of the customer in the report as it is', async () => {
    expect(readable((await redact(WHOLE, ways, key)).report, VALUES, { depth: 2 })).toEqual([]);
  });

  it.each(Object.entries(SPELLINGS))('leaves nothing that is written as %s', async (_name, spell: Spelling) => {
    const texts = VALUES.map(spell);
    const bodies = WHOLE.requests.map((request, index) => ({
      ...request,
      body: { text: texts[index] ?? null, size: null },
      answer: { text: texts[index + 6] ?? null, size: null },
      statusText: texts[(index + 3) % texts.length] ?? '',
    }));
    expect(await leaks({ ...WHOLE, requests: bodies })).toEqual([]);
  });

  it('leaves nothing at any place', async () => {
    for (const spell of ['a sentence', 'base64 of JSON']) {
      const text = (SPELLINGS[spell] as Spelling)(`${JANE.email} ${JANE.firstName}`);
      // Several places in one report: what is known of the customer stands in others.
      for (let from = 0; from < EACH.length; from += AT_ONCE) {
        const paths = EACH.slice(from, from + AT_ONCE);
        const report = paths.reduce((made, path) => planted(made, path, text), WHOLE);
        expect(await leaks(report, 2), paths.map(kindOfPlace).join()).toEqual([]);
      }
    }
  });

  it('leaves nothing where it stands in one text several times, each in another way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PLACES),
        fc.array(fc.tuple(fc.constantFrom(...VALUES), anySpelling), { minLength: 2, maxLength: 4 }),
        async (path, parts) => {
          const text = parts.map(([value, { spell }]) => spell(value)).join(' and ');
          expect(await leaks(planted(WHOLE, path, text))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('leaves nothing of what stands nowhere else, where it is known by its look', async () => {
    const others = [
      'somebody.else@poczta.example',
      '+48 501 502 503',
      '5b7f2f0e-9f3c-4f6e-8a43-6d2f1f0d9c11',
      tokenOf({ ...JANE, customId: 'another' }),
    ];
    for (const value of others)
      for (const [name, spell] of Object.entries(SPELLINGS)) {
        const { report: made } = await redact(planted(SMALL, ['requests', '0', 'answer', 'text'], spell(value)), ways, key);
        expect(readable(made.requests[0]?.answer, [value]), name).toEqual([]);
      }
  });

  it('leaves nothing anywhere, however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PLACES), fc.constantFrom(...VALUES), anySpelling, async (path, value, { spell }) => {
        expect(await leaks(planted(WHOLE, path, spell(value)))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

it('stands', () => {
  expect(stands('anna', 'x Anna.')).toBe(true);
  expect(stands('anna', 'annabel')).toBe(false);
});
