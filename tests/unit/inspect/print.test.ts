// The output of `npm run inspect`: a table for people, into which a page can write only plain text, and JSON for programs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setupFactsOf } from '@/lib/diagnostics/case';
import { type Report, reportOf } from '@/lib/report/report';
import { setupText } from '@/lib/session/setup-words';
import { utc, withInstants } from '@/lib/text/instants';
import { problemSchema, resultSchema } from '../../../scripts/inspect/output';
import { json, jsonProblem, table } from '../../../scripts/inspect/print.mjs';
import { onTerminal } from '../../../scripts/terminal.mjs';
import { anyChar } from '../any-char';
import { absent, type Given, NOW, native, signedIn, UUID } from '../diagnostics/make';
import { MINUTE, ORIGIN } from '../fakes/make';
import { anyReport } from '../report/arbitraries';

const maker = { by: { name: 'Inspector', version: '1' }, browser: 'Chromium', findings: [], muted: [], broken: [], dropped: 0 };
const finding = {
  rule: 'token-expired',
  severity: 'error',
  title: 'The token has ended',
  evidence: ['It ended at 2027-01-15 08:00:00 UTC.'],
  advice: 'Renew it.',
  entries: [1],
} as const;
type Told = Parameters<typeof table>[0];
/** Times as a person in UTC sees them. */
const local = {
  localTime: (at: number) => `local ${utc(at)}`,
  localTimes: (text: string) => withInstants(text, (at) => `local ${utc(at)}`),
};
const printed = (told: Told): string => table(told, local);
const told = (report: Report = reportOf(native(), maker), over: Partial<Told> = {}): Told => ({
  ...{ report, setup: setupText(setupFactsOf(report.session)), findings: [], muted: [], broken: [], steps: [], failed: false },
  ...over,
});
const step = (over: Partial<Told['steps'][number]> = {}) => ({ step: 'signIn', ok: true, got: 'done', wanted: 'done', ...over });

describe('the table', () => {
  it('describes the session', () => {
    const report = reportOf(signedIn({ session: { page: { path: '/cart' } } }), maker);
    expect(printed(told(report)).split('\n')).toEqual([
      `  Page          ${ORIGIN}/cart`,
      '  SDK           react-native, Synerise.Client, 1.5.0',
      '  SDK state     Ready',
      '  Do Not Track  off',
      '  Customer      signed-in',
      `  UUID          ${UUID}`,
      `  Token         SYNERISE, expires local ${utc(NOW + 50 * MINUTE)}`,
      '',
      'No issues found.',
    ]);
  });

  it('marks missing parts', () => {
    expect(printed(told(reportOf(absent(null), maker)))).toMatch(/SDK {7}none found\n.*unknown\n {2}UUID {6}none\n {2}Token {5}none/);
    const given: Given = {
      token: { says: { raw: 'opaque', origin: null, expiresAt: null } },
      customer: { uuid: null, trouble: 'It threw.' },
    };
    expect(printed(told(reportOf(native(given), maker)))).toMatch(/UUID {10}It threw\.\n {2}Token {9}site JWT\n/);
    const waiting = { ref: 1, dialect: 'web', place: 'SR', version: null, state: 'not-initialised', missing: [], unobserved: [] } as const;
    expect(printed(told(reportOf(absent(waiting), maker)))).toMatch(
      / {2}SDK +web, SR, not-initialised\n {2}SDK state +Not initialized\n {2}Tracker key +unknown\n/,
    );
  });

  it('lists steps, findings and muted rules', () => {
    const lines = printed(
      told(undefined, {
        findings: [finding, { ...finding, severity: 'warning', evidence: [] }],
        muted: ['uuid-not-v5', 'x'],
        steps: [step(), step({ step: 'state', ok: false, got: 'identity anonymous', wanted: 'identity signed-in' })],
      }),
    ).split('\n');
    expect(lines.slice(8)).toEqual([
      'Steps',
      '  ok    signIn',
      '  FAIL  state',
      '        expected: identity signed-in',
      '        actual:   identity anonymous',
      '',
      'Issues (2)',
      '  ERROR    The token has ended  [token-expired]',
      '           It ended at local 2027-01-15 08:00:00 UTC.',
      '           Fix: Renew it.',
      '  WARNING  The token has ended  [token-expired]',
      '           Fix: Renew it.',
      '',
      'Hidden: uuid-not-v5, x',
    ]);
  });
});

describe('JSON', () => {
  it('contains the data that programs need, and no token', () => {
    const report = reportOf(signedIn(), maker);
    const text = json(told(report, { findings: [finding], muted: ['x'], steps: [step()], failed: true }));
    expect(JSON.parse(text)).toEqual({
      version: 1,
      failed: true,
      createdAt: report.createdAt,
      by: maker.by,
      browser: 'Chromium',
      session: {
        phase: 'attached',
        site: ORIGIN,
        path: '/',
        sdk: { dialect: 'react-native', place: 'Synerise.Client', version: '1.5.0', state: 'ready' },
        setup: { state: 'ready', script: null, trackerKeys: [], options: {}, readyAfter: null },
        identity: 'signed-in',
        uuid: UUID,
        token: { origin: 'SYNERISE', createdAt: report.session.token?.createdAt, expiresAt: NOW + 50 * MINUTE, kind: 'readable' },
      },
      notShown: [],
      findings: [finding],
      muted: ['x'],
      broken: [],
      steps: [step()],
    });
    expect(text).not.toContain('eyJ');
  });

  it('of any report is what the published schema says, and nothing else', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = json(told(report, { setup: setupText(setupFactsOf(report.session)), findings: report.findings }));
        expect(resultSchema.safeParse(JSON.parse(text)).error?.issues).toBeUndefined();
      }),
      { numRuns: 100 },
    );
    const problem = JSON.parse(jsonProblem({ exit: 3, reason: 'No SDK' }, 0));
    expect(problemSchema.parse(problem)).toEqual({ version: 1, failed: true, exit: 3, reason: 'No SDK' });
  });

  it('has null for missing parts', () => {
    expect(JSON.parse(json(told(reportOf(absent(null), maker)))).session).toMatchObject({ sdk: null, uuid: null, token: null });
  });
});

it('lists SDKs that are not shown', () => {
  const report = reportOf(signedIn(), maker);
  const [shown] = report.session.clients;
  if (!shown) throw new Error('no client');
  const frame = { ...shown, dialect: 'ios' as const, document: 'frame', origin: 'https://pay.example', path: '/checkout' };
  const several = { ...report, session: { ...report.session, clients: [shown, frame] } };
  expect(JSON.parse(json(told(several))).notShown).toEqual([
    { dialect: 'ios', place: shown.place, origin: 'https://pay.example', path: '/checkout' },
  ]);
  expect(printed(told(several))).toContain('Not shown     ios, Synerise.Client, on https://pay.example/checkout');
  expect(printed(told(report))).not.toContain('Not shown');
});

/** A report with `hostile` in every place that a page can fill. */
const hostileTold = (hostile: string): Told => {
  const said = { session: { page: { path: `/${hostile}` } }, client: { place: hostile, version: hostile } };
  const report = reportOf(native({ ...said, customer: { uuid: hostile }, token: { says: { origin: hostile } } }), maker);
  return told(report, { findings: [{ ...finding, evidence: [hostile] }], steps: [step({ ok: false, got: hostile })] });
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are intended
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]/;

describe('text from a page', () => {
  const lines = printed(hostileTold('x')).split('\n').length;

  it.each([
    ['color codes', '\u001b[31mred\u001b[0m'],
    ['a terminal title', '\u001b]0;pwned\u0007'],
    ['a forged line', 'x\n  ok    nothing is wrong'],
    ['a carriage return', 'x\rNothing is wrong'],
    ['backspaces', 'x\b\b\b\u007f'],
    ['C1 controls', '\u009b2J\u0090\u009d0;pwned\u009c'],
    ['other line separators', 'a\u2028b\u2029c\u0085d\u000be\u000cf'],
    ['NUL', '\u0000'],
  ])('is printed inertly: %s', (_what, hostile) => {
    const text = printed(hostileTold(hostile));
    expect(text).not.toMatch(CONTROLS);
    expect(text.split('\n')).toHaveLength(lines);
  });

  it('never moves the cursor, for arbitrary text', () => {
    const piece = fc.oneof(
      fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code)),
      fc.string({ unit: anyChar, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const hostile = pieces.join('');
        const text = printed(hostileTold(hostile));
        expect(text).not.toMatch(CONTROLS);
        expect(text.split('\n')).toHaveLength(lines);
        // Nothing is dropped: control characters are shown in escaped form.
        expect(text).toContain(onTerminal(hostile));
      }),
    );
  });

  it('contains no C0 controls in JSON', () => {
    const text = json(hostileTold('\u001b[2J\u0007\r\n'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are intended
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(JSON.parse(text).session.uuid).toBe('\u001b[2J\u0007\r\n');
  });

  it('contains no DEL or C1 controls in JSON, which terminals treat as escapes', () => {
    expect(json(hostileTold('\u009b2J\u007f'))).not.toMatch(CONTROLS);
  });

  it('contains no controls in the muted rules of a report file', () => {
    expect(printed(told(undefined, { muted: ['\u001b]0;pwned\u0007'] }))).not.toMatch(CONTROLS);
  });
});
