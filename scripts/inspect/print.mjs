// What `npm run inspect` prints: a table for people, or JSON for programs.
import { jsonOnTerminal, onTerminal } from '../terminal.mjs';

/** @typedef {import('../../lib/report/report').Report} Report */
/** @typedef {import('../../lib/diagnostics/rule').Finding} Finding */

/**
 * @typedef {object} Told
 * @property {Report} report
 * @property {ReturnType<import('./core.mjs').Core['setupOf']>} setup the SDK's state, and how it was set up
 * @property {readonly Finding[]} findings
 * @property {readonly string[]} muted
 * @property {readonly string[]} broken ids of rules that failed
 * @property {readonly import('./drive.mjs').StepResult[]} steps
 * @property {boolean} failed
 */

/** Increased when a program that reads the output may break; the schema is in docs/inspect.schema.json. */
export const OUTPUT_VERSION = 1;

/** @param {Told} told */
export function json({ report, setup, findings, muted, broken, steps, failed }) {
  const { session, createdAt, by, browser } = report;
  const text = JSON.stringify(
    {
      version: OUTPUT_VERSION,
      failed,
      createdAt,
      by,
      browser,
      session: jsonSession(session, setup),
      notShown: othersOf(session),
      findings,
      muted,
      broken,
      steps,
    },
    null,
    2,
  );
  return jsonOnTerminal(text);
}

/** A session for programs. @param {Report['session']} session @param {Told['setup']} setup */
export function jsonSession({ site, origin, path, phase, identity, sdk, customer, token, page }, setup) {
  return {
    phase,
    site: origin ?? site,
    path,
    sdk: sdk && { dialect: sdk.dialect, place: sdk.place, version: sdk.version, state: sdk.state },
    setup: setup && jsonSetup(setup.setup, page),
    identity,
    uuid: customer?.uuid ?? null,
    token: token && { origin: token.origin, createdAt: token.createdAt, expiresAt: token.expiresAt, kind: token.kind },
  };
}

/** @param {NonNullable<Told['setup']>['setup']} setup @param {Report['session']['page']} page */
const jsonSetup = ({ state, script, keys, options }, { readyAfter }) => ({ state, script, trackerKeys: keys, options, readyAfter });

/**
 * Times are local; in JSON they are in UTC.
 * @param {Told} told @param {Pick<import('./core.mjs').Core, 'localTime' | 'localTimes'>} core
 */
export function table({ report, setup, findings, muted, steps }, { localTime, localTimes }) {
  const { session } = report;
  const { sdk, customer, token } = session;
  const rows = [
    ['Page', `${session.origin ?? session.site ?? ''}${session.path}`],
    [
      'SDK',
      sdk ? [sdk.dialect, sdk.place, sdk.version, sdk.state === 'ready' ? null : sdk.state].filter(Boolean).join(', ') : 'none found',
    ],
    ...(setup ? [['SDK state', setup.label], ...setup.rows] : []),
    ...othersOf(session).map(({ dialect, place, origin, path }) => ['Not shown', `${dialect}, ${place}, on ${origin ?? ''}${path}`]),
    ['Customer', session.identity],
    ['UUID', customer?.uuid ?? customer?.trouble ?? 'none'],
    ['Token', token ? `${token.origin ?? 'site JWT'}${token.expiresAt === null ? '' : `, expires ${localTime(token.expiresAt)}`}` : 'none'],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return [
    ...rows.map(([name = '', value = '']) => `  ${name.padEnd(width)}  ${onTerminal(value)}`),
    ...(steps.length ? ['', 'Steps', ...steps.flatMap(stepLines)] : []),
    '',
    findings.length ? `Issues (${findings.length})` : 'No issues found.',
    ...findings.flatMap(({ severity, title, rule, evidence, advice }) => [
      `  ${severity.toUpperCase().padEnd(7)}  ${onTerminal(title)}  [${onTerminal(rule)}]`,
      ...evidence.map((line) => `           ${onTerminal(localTimes(line))}`),
      `           Fix: ${onTerminal(advice)}`,
    ]),
    ...(muted.length ? ['', `Hidden: ${onTerminal(muted.join(', '))}`] : []),
  ].join('\n');
}

/** The tab's SDKs besides the shown one, such as a frame's; those of the shown document come first. @param {Report['session']} session */
function othersOf({ clients, sdk }) {
  const shown = clients.findIndex(({ ref, place }) => ref === sdk?.ref && place === sdk.place);
  return clients.filter((_, at) => at !== shown).map(({ dialect, place, origin, path }) => ({ dialect, place, origin, path }));
}

/** @param {import('./drive.mjs').StepResult} step */
const stepLines = ({ step, ok, got, wanted }) => [
  `  ${ok ? 'ok  ' : 'FAIL'}  ${onTerminal(step)}`,
  ...(ok ? [] : [`        expected: ${onTerminal(wanted)}`, `        actual:   ${onTerminal(got)}`]),
];

/** The JSON output of a run that failed. @param {{ exit: number, reason: string }} ended @param {number} indent */
export const jsonProblem = ({ exit, reason }, indent) =>
  jsonOnTerminal(JSON.stringify({ version: OUTPUT_VERSION, failed: true, exit, reason }, null, indent));
