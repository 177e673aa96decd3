// The command-line arguments of `npm run inspect`, and the message for each mistake.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '@/lib/diagnostics/rule';
import { WAYS } from '@/lib/report/secrecy';
import { askedFor, EXIT, SEVERITIES as OPTION_SEVERITIES, PageError, USAGE, UsageError } from '../../../scripts/inspect/arguments.mjs';
import { SetupError } from '../../../scripts/setup.mjs';
import { anyChar } from '../any-char';

const SHOP = 'https://shop.example/';
const NOTHING_ASKED = {
  help: false,
  json: false,
  watch: false,
  failOn: null,
  mute: [],
  report: null,
  secrets: null,
  script: null,
  anyStatus: false,
  wait: 15_000,
  check: null,
  connect: null,
  target: '',
  url: null,
};
/** The message of the usage error that the arguments must cause. */
function mistake(...args: readonly string[]): string {
  try {
    askedFor(args);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ exit: EXIT.usage });
    return (error as Error).message;
  }
  throw new Error(`${args.join(' ')} is no mistake`);
}

describe('valid arguments', () => {
  it.each<[readonly string[], object]>([
    [['shop.example'], {}],
    [['--json', SHOP], { json: true }],
    [[SHOP, '--fail-on', 'error'], { failOn: 'error' }],
    [[SHOP, '--fail-on=warning'], { failOn: 'warning' }],
    [[SHOP, '--fail-on', 'info'], { failOn: 'info' }],
    [[SHOP, '--mute', 'a-rule,other'], { mute: ['a-rule', 'other'] }],
    [[SHOP, '--mute', ' a , ,b,', '--mute', 'c'], { mute: ['a', 'b', 'c'] }],
    [[SHOP, '--report', 'out.md'], { report: 'out.md' }],
    [[SHOP, '--secrets', 'kept'], { secrets: 'kept' }],
    [[SHOP, '--secrets', 'removed'], { secrets: 'removed' }],
    [[SHOP, '--secrets', 'pseudonym'], { secrets: 'pseudonym' }],
    [[SHOP, '--script', 'steps.json'], { script: 'steps.json' }],
    [[SHOP, '--wait', '5'], { wait: 5000 }],
    [[SHOP, '--wait', '0.5'], { wait: 500 }],
    [[SHOP, '--wait', '600'], { wait: 600_000 }],
    [[SHOP, '--fail-on', 'error', '--fail-on', 'info'], { failOn: 'info' }],
    [['--', 'shop.example'], {}],
  ])('%j', (args, asked) => {
    expect(askedFor(args)).toEqual({ ...NOTHING_ASKED, url: SHOP, ...asked });
  });

  it('accepts a report instead of a page', () => {
    expect(askedFor(['--check', 'report.json', '--json', '--fail-on', 'error', '--mute', 'x', '--report', 'out.md'])).toEqual({
      ...NOTHING_ASKED,
      check: 'report.json',
      json: true,
      failOn: 'error',
      mute: ['x'],
      report: 'out.md',
    });
  });

  it('accepts --help alone, and lets it override everything else', () => {
    expect(askedFor(['--help'])).toEqual({ ...NOTHING_ASKED, help: true });
    expect(askedFor(['--help', SHOP, '--check', 'x'])).toMatchObject({ help: true });
  });

  it.each([
    ['shop.example/cart?a=1#top', 'https://shop.example/cart?a=1#top'],
    ['http://localhost:3000', 'http://localhost:3000/'],
    ['localhost:3000/x', 'https://localhost:3000/x'],
    ['HTTPS://Shop.Example', SHOP],
    ['127.0.0.1:8080', 'https://127.0.0.1:8080/'],
  ])('normalizes the address %s', (text, url) => {
    expect(askedFor([text]).url).toBe(url);
  });

  it('documents every option and every exit code in the help text', () => {
    for (const option of [
      '--json',
      '--watch',
      '--connect',
      '--target',
      '--fail-on',
      '--mute',
      '--report',
      '--secrets',
      '--script',
      '--wait',
      '--any-status',
      '--check',
      '--help',
    ])
      expect(USAGE).toContain(`\n  ${option}`);
    for (const exit of Object.values(EXIT)) expect(USAGE).toMatch(new RegExp(`^ {2}${exit} {2,}\\w`, 'm'));
    expect(new Set(Object.values(EXIT)).size).toBe(7);
  });

  it('accepts the severities and redaction choices that exist', () => {
    expect(OPTION_SEVERITIES).toEqual(SEVERITIES);
    for (const way of WAYS) expect(askedFor([SHOP, '--secrets', way]).secrets).toBe(way);
  });
});

describe('invalid arguments', () => {
  it.each<[readonly string[], RegExp]>([
    [[], /Expected a URL.*--check/],
    [['--json'], /Expected a URL.*--check/],
    [[SHOP, SHOP], /exactly one URL/],
    [[SHOP, '--check', 'report.json'], /Expected a URL, --connect/],
    [[SHOP, '--connect', '127.0.0.1:9222'], /Expected a URL, --connect/],
    [['--connect', ''], /--connect requires a value/],
    [[SHOP, '--target', 'shop'], /--target requires --connect/],
    [['--check', 'report.json', '--script', 'steps.json'], /--script can't be combined with --check/],
    [[SHOP, '--watch', '--script', 'steps.json'], /--watch can't be combined with --script/],
    [['--check', 'report.json', '--watch'], /--watch can't be combined with --check/],
    [[SHOP, '--watch', '--fail-on', 'error'], /--watch can't be combined with --fail-on/],
    [['--check'], /--check.*missing/],
    [[SHOP, '--fail-on'], /--fail-on.*missing/],
    [[SHOP, '--fail-on', 'bad'], /--fail-on must be one of error, warning, info/],
    [[SHOP, '--fail-on', 'Error'], /--fail-on must be one of/],
    [[SHOP, '--fail-on', ''], /--fail-on must be one of/],
    [[SHOP, '--fail-on', 'toString'], /--fail-on must be one of/],
    [[SHOP, '--secrets', 'hidden'], /--secrets must be one of removed, pseudonym, kept/],
    [[SHOP, '--wait', 'long'], /--wait must be between 0 and 600 seconds/],
    [[SHOP, '--wait', '0'], /--wait must be between/],
    [[SHOP, '--wait', ''], /--wait must be between/],
    [[SHOP, '--wait=-1'], /--wait must be between/],
    [[SHOP, '--wait', '-1'], /--wait/],
    [[SHOP, '--wait', '601'], /--wait must be between/],
    [[SHOP, '--wait', 'Infinity'], /--wait must be between/],
    [[SHOP, '--wait', '5s'], /--wait must be between/],
    [[SHOP, '--json=yes'], /--json.*argument/],
    [[SHOP, '--nonsense'], /--nonsense/],
    [[SHOP, '-j'], /-j/],
    [['file:///etc/passwd'], /isn't a valid URL.*https:\/\/shop\.example/],
    [['chrome://version'], /isn't a valid URL/],
    [['javascript:alert(1)'], /isn't a valid URL/],
    [['data:text/html,x'], /isn't a valid URL/],
    [['http://'], /isn't a valid URL/],
    [['a b'], /isn't a valid URL/],
    [[''], /isn't a valid URL/],
  ])('%j', (args, words) => {
    expect(mistake(...args)).toMatch(words);
  });

  it('use another exit code than setup and page errors', () => {
    expect(new UsageError('x')).toBeInstanceOf(SetupError);
    expect(new PageError('x')).toMatchObject({ exit: 3, message: 'x' });
    expect(new UsageError('x').exit).toBe(4);
  });

  it('cause no other kind of error', () => {
    const word = fc.oneof(
      fc.constantFrom('--json', '--mute', '--check', '--wait', '--fail-on', '--help', '--secrets', '--', '-', 'error', '5', SHOP),
      fc.string({ unit: anyChar }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (args) => {
        try {
          const { url, check, help } = askedFor(args);
          expect(help || (url === null) !== (check === null)).toBe(true);
          if (url !== null) expect(new URL(url).protocol).toMatch(/^https?:$/);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          expect(error.message).toMatch(/\w/);
        }
      }),
    );
  });

  it('include a report without a name', () => {
    expect(mistake(SHOP, '--report', '')).toMatch(/--report/);
  });

  it('are ignored next to --help', () => {
    expect(askedFor(['--help', SHOP, SHOP]).help).toBe(true);
    expect(askedFor(['--help', '--wait', 'x']).help).toBe(true);
  });
});
