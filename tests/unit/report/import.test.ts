// Any file that is opened gives either a valid report or a message that says what is wrong, and never throws.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { diagnose } from '@/lib/diagnostics/diagnose';
import { RULES } from '@/lib/diagnostics/rules';
import { harOf } from '@/lib/network/har';
import { MAX_REPORT, readReport, writeReport } from '@/lib/report/read';
import { pseudonymKey, redact } from '@/lib/report/redact';
import { caseOf, type Report, type ReportEntry } from '@/lib/report/report';
import { MOST_ENTRIES, reportSchema } from '@/lib/report/schema';
import { anyChar } from '../any-char';
import { MAKER, reportOfPerson } from './make';

// The files are long, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const REPORT = reportOfPerson();
const FILE = writeReport(REPORT);

/** The message that says what is wrong with a file; `null` if it opens, valid and usable. */
function problemOf(file: string): string | null {
  const back = readReport(file);
  if (!('problem' in back)) {
    expect(reportSchema.safeParse(back.report).success).toBe(true);
    expect(diagnose(RULES, caseOf(back.report)).broken).toEqual([]);
    return null;
  }
  expect(back.problem).toMatch(/^(File|Report|Not|Unknown|This is) .{5,300}\.$/);
  expect(back.problem).not.toMatch(/undefined|\[object|SyntaxError|ZodError/);
  return back.problem;
}
const told = (value: unknown): string | null => problemOf(JSON.stringify(value));
const over = (more: Readonly<Record<string, unknown>>): string | null => told({ ...REPORT, ...more });

describe('a truncated file', () => {
  it('is reported, wherever it ends', () => {
    for (let end = 0; end < FILE.trimEnd().length; end += 61) expect(problemOf(FILE.slice(0, end))).not.toBeNull();
    expect(problemOf(FILE.slice(0, 5000))).toMatch(/^File is truncated|^Not valid JSON/);
    expect(problemOf(FILE.slice(0, -3))).toMatch(/^File is truncated/);
  });

  it('is reported for copied rows', () => {
    const rows = JSON.stringify(REPORT.timeline, null, 2);
    for (let end = 0; end < rows.length; end += 101) expect(problemOf(rows.slice(0, end))).not.toBeNull();
  });

  it('is reported if its beginning is missing', () => {
    for (let from = 1; from < FILE.length; from += 499) expect(problemOf(FILE.slice(from))).not.toBeNull();
  });
});

describe('a file of another kind is reported', () => {
  it.each([
    ['nothing', '', /empty/],
    ['white space', ' \n\t', /empty/],
    ['a byte order mark', '\ufeff', /empty/],
    ['a HAR file', JSON.stringify(harOf(REPORT.requests, MAKER.by)), /HAR/],
    ['settings', JSON.stringify({ version: 3, settings: { lead: 60 }, sites: [] }), /Not a session report/],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('latin1'), /Not valid JSON/],
    ['zero bytes', '\0'.repeat(500), /Not valid JSON/],
    ['prose', 'Dear all, please find attached', /Not valid JSON/],
    ['HTML', '<!doctype html><p>{}', /Not valid JSON/],
    ['a number', '17', /Not a session report/],
    ['null', 'null', /Not a session report/],
    ['a string', '"report"', /Not a session report/],
    ['a boolean', 'true', /Not a session report/],
    ['an empty object', '{}', /Not a session report/],
    ['an empty list', '[]', /list/],
    ['a list of numbers', '[1,2,3]', /list/],
    ['a list of lists', '[[],[[]]]', /list/],
    ['a list of other objects', JSON.stringify([{ name: 'a' }, null]), /list/],
    ['two reports', FILE + FILE, /Not valid JSON/],
    ['a report inside a string', JSON.stringify(FILE), /Not a session report/],
  ])('%s', (_name, file, problem) => {
    expect(problemOf(file)).toMatch(problem);
  });

  it('for arbitrary text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: anyChar })), (file) => {
        expect(problemOf(file)).not.toBeNull();
      }),
    );
  });
});

describe('a version', () => {
  it.each([2, 3, 99, 1e9])('%d is reported as one for a newer inspector', (version) => {
    expect(over({ version })).toMatch(new RegExp(`version ${version} isn’t supported \\(up to 1\\)\\. Update the inspector\\.`));
  });
  it.each([0, -1, 1.5, '1', null, [1], {}, true])('%j is reported as damaged', (version) => {
    expect(over({ version })).toMatch(/no version/);
  });
  it('is reported if it is missing, as is a different format', () => {
    const { version: _version, ...rest } = REPORT;
    expect(told(rest)).toMatch(/no version/);
    expect(over({ format: 'another-report' })).toMatch(/Not a session report/);
    expect(over({ format: null })).toMatch(/Not a session report/);
  });
});

describe('hostile data', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
  const withArgs = (args: string) => FILE.replace('"args": [', `"args": ${args}, "was": [`);

  it('is rejected if it is nested too deeply', () => {
    expect(problemOf(withArgs(nested(100)))).toBeNull();
    for (const depth of [3000, 50_000, 500_000]) {
      const back = readReport(withArgs(nested(depth)));
      if ('problem' in back) expect(back.problem).toBe('Not a session report (nested too deeply).');
      problemOf(nested(depth));
      problemOf('{"a":'.repeat(depth));
    }
  });

  it('is rejected if it is nested too deeply in a browser with its own error type for that', () => {
    const parse = vi.spyOn(JSON, 'parse').mockImplementation(
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw Object.assign(new Error('too much recursion'), { name: 'InternalError' });
            },
          },
        ),
    );
    try {
      expect(readReport('{}')).toEqual({ problem: 'Not a session report (nested too deeply).' });
    } finally {
      parse.mockRestore();
    }
  });

  it('pollutes no prototype', () => {
    const polluted = [
      FILE.replace(/"told": \{/g, '"told": {"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, '),
      FILE.replace(/"facts": \{/g, '"facts": {"__proto__": {"polluted": true}, '),
      FILE.replace(/^\{/, '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}},'),
      FILE.replace(/"claims": \{/g, '"claims": {"__proto__": null, "hasOwnProperty": 1, "toString": 2, "toJSON": 3, '),
    ];
    for (const file of polluted) {
      expect(file).not.toBe(FILE);
      expect(problemOf(file)).toBeNull();
      const back = readReport(file) as { report: Report };
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect((back.report as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(Object.getPrototypeOf(back.report.session.customer?.facts)).toBe(Object.prototype);
    }
  });

  it('survives redaction', async () => {
    const key = await pseudonymKey(new Uint8Array(32));
    const file = withArgs(nested(1500)).replace(/"told": \{/g, '"told": {"__proto__": {"polluted": true}, ');
    const back = readReport(file);
    if ('problem' in back) throw new Error(back.problem);
    const { report } = await redact(back.report, { tokens: 'removed', personal: 'removed', ids: 'removed' }, key);
    expect(problemOf(writeReport(report))).toBeNull();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('may contain huge texts', () => {
    const text = 'x'.repeat(5_000_000);
    const [request] = REPORT.requests;
    expect(over({ requests: [{ ...request, body: { text, size: 1 } }], browser: text })).toBeNull();
    expect(problemOf(text)).toMatch(/Not valid JSON/);
    expect(readReport(' '.repeat(MAX_REPORT + 1))).toEqual({ problem: 'File is too large: 200 MB (limit 200 MB).' });
  });

  it('may contain very many entries, up to a limit', () => {
    const many = (count: number): ReportEntry[] =>
      Array.from({ length: count }, (_one, seq) => ({ kind: 'alarm', seq, nth: 0, at: seq, expiresAt: null }));
    expect(over({ timeline: many(50_000) })).toBeNull();
    expect(told(many(50_000))).toBeNull();
    expect(over({ timeline: many(MOST_ENTRIES + 1) })).toMatch(/damaged at timeline/);
    expect(told(many(MOST_ENTRIES + 1))).toMatch(/list/);
    expect(told(Array.from({ length: 200_000 }, (_one, n) => n))).toMatch(/list/);
  });
});

describe('damaged data', () => {
  it.each([
    ['an invalid date', { createdAt: 'yesterday' }, /createdAt/],
    ['a date that is a number', { createdAt: 17 }, /createdAt/],
    ['a time outside the range of a Date', { session: { ...REPORT.session, at: 8.65e15 } }, /session → at/],
    ['a time as text', { session: { ...REPORT.session, at: '2027' } }, /session → at/],
    ['a missing time', { session: { ...REPORT.session, since: null } }, /session → since/],
    ['an unknown enum value', { session: { ...REPORT.session, access: 'all' } }, /session → access/],
    ['an unknown kind of entry', { timeline: [{ ...REPORT.timeline[0], kind: 'another' }] }, /timeline → 0/],
    ['a negative count', { dropped: -1 }, /dropped/],
    ['a fractional sequence number', { timeline: [{ ...REPORT.timeline[0], seq: 1.5 }] }, /timeline → 0 → seq/],
    ['a missing part', { requests: undefined }, /requests/],
    ['a list in place of an object', { session: [] }, /session/],
  ])('%s', (_name, more, place) => {
    const problem = over(more);
    expect(problem).toMatch(/^Report is damaged at /);
    expect(problem).toMatch(place);
  });

  it('includes numbers that overflow', () => {
    expect(problemOf(FILE.replace(/"clockOffset": \d+/, '"clockOffset": 1e999'))).toMatch(/damaged at session → clockOffset/);
  });

  it('does not include repeated or unordered sequence numbers', () => {
    const [first, second, third] = REPORT.timeline;
    expect(over({ timeline: [second, first, second, third, { ...third, seq: 1 }] })).toBeNull();
    expect(told([second, second, first])).toBeNull();
  });

  it('gives a valid report or a message, for any changed value', () => {
    const places: (readonly string[])[] = [];
    const visit = (value: unknown, path: readonly string[]) => {
      if (path.length) places.push(path);
      if (typeof value === 'object' && value !== null) for (const [name, entry] of Object.entries(value)) visit(entry, [...path, name]);
    };
    visit(REPORT, []);
    const odd = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        undefined,
        true,
        -1,
        0.5,
        8.65e15,
        -8.65e15,
        1e300,
        '',
        'x',
        '2027-01-01',
        [],
        [[]],
        {},
        { kind: 'uuid' },
        { toJSON: 1 },
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), odd, (path, value) => {
        const copy = structuredClone(REPORT) as unknown as Record<string, unknown>;
        const holder = path.slice(0, -1).reduce((one, name) => one[name] as Record<string, unknown>, copy);
        holder[path.at(-1) ?? ''] = value;
        told(copy);
      }),
      { numRuns: 100 },
    );
  });

  it('gives a valid report or a message, for any changed character', () => {
    fc.assert(
      fc.property(
        fc.nat(FILE.length - 1),
        fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '0', '-', 'e', '\\', '\n', 'x'),
        (at, char) => {
          problemOf(FILE.slice(0, at) + char + FILE.slice(at + 1));
        },
      ),
      { numRuns: 200 },
    );
  });
});
