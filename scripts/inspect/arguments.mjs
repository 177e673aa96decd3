// The command line of `npm run inspect`.
import { parseArgs } from 'node:util';
import { addressOf } from '../address.mjs';
import { SetupError } from '../setup.mjs';

export const SEVERITIES = /** @type {const} */ (['error', 'warning', 'info']);
const WAYS = /** @type {const} */ (['removed', 'pseudonym', 'kept']);

/** Exit codes. */
export const EXIT = /** @type {const} */ ({ fine: 0, findings: 1, script: 2, page: 3, usage: 4, setup: 5, interrupted: 130 });

export const USAGE = `Inspects a page's Synerise session in headless Chromium and reports issues.

  npm run inspect -- URL [options]
  npm run inspect -- --connect ENDPOINT [--target WORDS] [options]
  npm run inspect -- --check report.json [options]

  --json              Print JSON instead of a table
  --watch             Print one JSON line per event, until stopped (docs/command-line.md)
  --fail-on SEVERITY  Exit 1 if an issue of this severity or higher is found:
                      error, warning, info
  --mute RULE,RULE    Skip these rules
  --report FILE       Write the report (.json, or .md for Markdown)
  --secrets MODE      Tokens and personal data in the report: pseudonym, removed, kept
                      (default: pseudonym for a page, unchanged for --check)
  --script FILE       Run the steps in this file (docs/command-line.md)
  --any-status        Continue if the server responds with an error
  --wait SECONDS      Timeout for page load and session detection (default 15)
  --connect ENDPOINT  Inspect what runs at a debugging endpoint (docs/apps.md)
  --target WORDS      The target's title, address or kind; default: the first
  --check FILE        Run the rules on a report, without a browser
  --help              Show this help

Exit codes
  0    No issue as severe as --fail-on, and every step passed
  1    Issues found (--fail-on)
  2    A script step failed
  3    Page couldn't be opened, or has no session
  4    Invalid command line, script or report file
  5    Chromium or build not found
  130  Interrupted
`;

/** The command line, the script or the report file is wrong. */
export class UsageError extends SetupError {
  exit = EXIT.usage;
}

/** The page could not be opened, or has no session. */
export class PageError extends SetupError {
  exit = EXIT.page;
}

/** A signal interrupted the run. */
export class Interrupted extends SetupError {
  exit = EXIT.interrupted;
}

/**
 * @typedef {object} Asked
 * @property {boolean} help
 * @property {boolean} json
 * @property {boolean} watch
 * @property {(typeof SEVERITIES)[number] | null} failOn
 * @property {readonly string[]} mute
 * @property {string | null} report
 * @property {(typeof WAYS)[number] | null} secrets
 * @property {string | null} script
 * @property {boolean} anyStatus
 * @property {number} wait ms
 * @property {string | null} check
 * @property {string | null} connect address of a debugging endpoint
 * @property {string} target words of the target there
 * @property {string | null} url
 */

/** @type {Asked} */
const NOTHING = {
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

/** @param {readonly string[]} args @returns {Asked} */
export function askedFor(args) {
  // npx passes `--` on; npm removes it.
  const { values, positionals } = parsed(args[0] === '--' ? args.slice(1) : args);
  if (values.help) return { ...NOTHING, help: true };
  const [text] = positionals;
  if (positionals.length > 1) throw new UsageError('Expected exactly one URL.');
  const { check, script, connect, target } = values;
  for (const name of /** @type {const} */ (['report', 'script', 'check', 'mute', 'connect']))
    if (values[name] === '') throw new UsageError(`--${name} requires a value.`);
  if ([text, check, connect].filter((one) => one !== undefined).length !== 1)
    throw new UsageError('Expected a URL, --connect with a debugging endpoint, or --check with a report file.');
  if (target !== undefined && connect === undefined) throw new UsageError('--target requires --connect.');
  if (check !== undefined && script !== undefined) throw new UsageError("--script can't be combined with --check.");
  for (const name of /** @type {const} */ (['check', 'script', 'report', 'fail-on', 'mute']))
    if (values.watch && values[name] !== undefined) throw new UsageError(`--watch can't be combined with --${name}.`);
  const seconds = Number(values.wait ?? 15);
  if (!(seconds > 0 && seconds <= 600)) throw new UsageError('--wait must be between 0 and 600 seconds.');
  return {
    help: false,
    json: values.json ?? false,
    watch: values.watch ?? false,
    failOn: oneOf('--fail-on', values['fail-on'], SEVERITIES) ?? null,
    mute:
      values.mute?.flatMap((list) =>
        list
          .split(',')
          .map((rule) => rule.trim())
          .filter(Boolean),
      ) ?? [],
    report: values.report ?? null,
    secrets: oneOf('--secrets', values.secrets, WAYS) ?? null,
    script: script ?? null,
    anyStatus: values['any-status'] ?? false,
    wait: seconds * 1000,
    check: check ?? null,
    connect: connect ?? null,
    target: target ?? '',
    url: text === undefined ? null : address(text),
  };
}

/** @param {readonly string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        json: { type: 'boolean' },
        watch: { type: 'boolean' },
        'fail-on': { type: 'string' },
        mute: { type: 'string', multiple: true },
        report: { type: 'string' },
        secrets: { type: 'string' },
        script: { type: 'string' },
        wait: { type: 'string' },
        'any-status': { type: 'boolean' },
        check: { type: 'string' },
        connect: { type: 'string' },
        target: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @template {string} T @param {string} option @param {string | undefined} value @param {readonly T[]} known @returns {T | undefined} */
function oneOf(option, value, known) {
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${option} must be one of ${known.join(', ')}.`);
  return found;
}

/** @param {string} text */
function address(text) {
  try {
    return addressOf(text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
