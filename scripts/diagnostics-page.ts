/** Generates docs/diagnostics.md from the rules: `npm run docs`. */
import { type Rule, SEVERITIES } from '../lib/diagnostics/rule';
import { RULES } from '../lib/diagnostics/rules';
import { ACCOUNT_RULES } from '../lib/diagnostics/sets/account';
import { CUSTOMER_RULES } from '../lib/diagnostics/sets/customer';
import { PAGE_RULES } from '../lib/diagnostics/sets/page';
import { TOKEN_RULES } from '../lib/diagnostics/sets/token';

const SETS: readonly (readonly [string, readonly Rule[]])[] = [
  ['Token', TOKEN_RULES],
  ['UUID and customer', CUSTOMER_RULES],
  ['Sign-in, sign-out and account', ACCOUNT_RULES],
  ['SDK, cookies and events', PAGE_RULES],
];

/** The situations of facts §5, one per line, in the order of their numbers there (from 1). */
export const SITUATIONS: readonly string[] = [
  'Two customers with the same UUID',
  'The sign-out callback fired twice',
  'A wrong anonymous session after a reinstall',
  'A new API key didn’t destroy the session',
  'Authentication failed on slow connections',
  'Anonymous sign-in failed after switching doNotTrack',
  'After one failed refresh, later ones failed too',
  'Too many anonymous sign-ins and refreshes',
  'Unexpected sign-out; a token or bearer header of the previous customer',
  'A conditional sign-in saved a wrong UUID',
  'Anonymous history wasn’t merged after sign-in',
  '`sex: NOT_SPECIFIED` failed with 400; agreements couldn’t be updated',
  'Bugs in refreshing and retrieving the token',
  "Android's backup restored an old UUID on a new device",
  'UUIDs that change often',
  '`regenerateUUID` silently did nothing while signed in',
  'A plain object passed as a context',
  '`city` never saved; `zipcode` and `countrycode` in Flutter',
  'Token origin is always UNKNOWN on Android with React Native',
  'Dates off by a factor of 1000',
  'Swapped arguments',
  '`refreshToken` returns `true` where code expects a token',
  'Two quick refreshes: the first is canceled, its callbacks never fire',
  'The same failure has different codes on each platform; -1 in Flutter',
  '`isSignedIn()` is false after Simple Authentication',
  'Several customers on one device, one UUID',
  '`_snrs_uuid` differs from `_snrs_puuid`: which one went to the backend?',
  'The identity hash belongs to a different email',
  'A reset cookie was never applied',
  'Site and backend derive UUIDs by different recipes',
  'A link with a customer ID was shared',
  'Snippet on the page, but the SDK never initializes',
  'Custom namespace, tracking domain, two tracker keys',
  "The Web SDK's JWT expired, is signed with an old key, or remains after sign-out",
  'Cookie lifetimes and formats of older SDKs',
  'A single-page app without `page.visit`',
  'The identifier migration of 2026-07-01 changed which profiles merge',
];

/** Why no rule covers a situation, or part of one; by situation number. */
export const NOT_RULES: Readonly<Record<number, string>> = {
  3: 'Pages aren’t reinstalled; data kept on a device isn’t visible to a page.',
  14: 'Device backups aren’t visible to a page.',
  33: 'Custom namespaces and tracking domains aren’t mistakes: the inspector detects and shows both.',
  34: 'For a token signed with an old key, use Token decoder: it needs the key.',
  37: 'Happens in the backend; merged profiles aren’t visible to a page.',
};

/** The source of the facts, by section. */
export const FOUND: Readonly<Record<string, string>> = {
  '1.2': "the SDKs' method references (hub.synerise.com) and public code; permissions of Synerise's docs",
  '1.3': 'react-native-synerise-sdk 1.7.0: its JavaScript and both bridges',
  '1.4': 'synerise-flutter-sdk 2.6.3: its Dart and both bridges',
  '1.5': 'models in the public SDK repositories; the public iOS framework 5.10.1',
  '2.1': "Synerise's docs on session management; the public iOS framework 5.10.1",
  '2.2': "Synerise's docs on session management; changelogs",
  '2.3': "Synerise's API reference (editions of 2024); SNRGeneralSettings.h of iOS 4.17",
  '2.4': 'settings classes of the public SDKs; changelogs',
  '2.5': "Synerise's docs on JWT authentication; expired tokens in public repositories",
  '3.1': 'the loader snippet in the Magento, WooCommerce, Sylius and FastStore integrations',
  '3.2': "the Web SDK's methods reference (hub.synerise.com); third-party typings",
  '3.3': "Synerise's docs on storage; cookies that the Magento and WooCommerce plugins write",
  '3.4': 'UuidManagement.php (Magento), HashString.php (PHP SDK), Tracking.php (WooCommerce), the Sylius plugin; RFC 9562',
  '3.5': "Synerise's docs on UUIDs (developers/web/uuids)",
  '3.6': 'the FastStore and VTEX integrations',
  '3.7': "Synerise's docs on UUIDs; cookies seen on live sites",
  '3.8': 'cookies in public repositories, 2018 to 2025, with other values',
  '4.3': "Synerise's API reference",
  '5': 'changelogs of the SDKs',
  '8': "the public React Native, Flutter and iOS SDKs' code, read or run in November 2026",
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const tellers = (situation: number): string[] =>
  RULES.filter(({ situations }) => situations?.includes(situation)).map(({ id }) => `\`${id}\``);

export function diagnosticsPage(): string {
  const counts = SEVERITIES.map((severity) => `${RULES.filter((rule) => rule.severity === severity).length} ${severity}`).join(', ');
  return `${[
    '# Diagnostics',
    '<!-- Generated from lib/diagnostics by `npm run docs`; a test compares. -->',
    `${RULES.length} rules (${counts}) check the session, its history, calls, requests and cookies whenever something changes: in the panel's Diagnostics tab and on the command line ([command-line.md](command-line.md)). Each issue has evidence, links to the timeline entries that it is based on, and disappears with its cause. Events count for 30 minutes; lasting values (UUIDs, tokens, identity) as long as they last. Rules can be hidden per site.`,
    '`error`: something doesn’t work, or is sent for the wrong customer. `warning`: that will or may happen. `info`: good to know.',
    'Rules only use what is recorded: page calls while a view is open or on watched sites; requests with DevTools open or on watched sites; cookie domains, expiry and flags on watched sites, otherwise only what scripts can read. If a tab has several SDKs (frames included), the rules check the selected one and skip requests, because a request can’t be attributed to one of them. “Facts” refers to [sdk-facts.md](sdk-facts.md); the sources of its sections are below. Times are local on screen and in UTC in files.',
    ...SETS.flatMap(([title, rules]) => [
      `## ${title}`,
      ...rules.map(({ id, severity, title: wrong, looksAt, advice, source }) =>
        [`### \`${id}\` · ${severity}`, `${wrong}.`, `- Checks: ${looksAt}`, `- Fix: ${advice}`, `- Source: ${source}`].join('\n'),
      ),
    ]),
    '## Sources of the facts',
    table(
      ['section', 'source'],
      Object.entries(FOUND).map(([section, found]) => [`§${section}`, found]),
    ),
    '## Real-life situations',
    'What goes wrong with these SDKs according to their changelogs and code, and the rules that detect it.',
    table(
      ['#', 'situation', 'rules'],
      SITUATIONS.map((words, index) => {
        const told = tellers(index + 1).join(', ');
        const not = NOT_RULES[index + 1];
        return [String(index + 1), words, [told, not].filter(Boolean).join('. ')];
      }),
    ),
  ].join('\n\n')}\n`;
}
