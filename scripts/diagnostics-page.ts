/** Generates docs/diagnostics.md from the rules: `npm run docs`. */
import { type Rule, SEVERITIES } from '../lib/diagnostics/rule';
import { RULES } from '../lib/diagnostics/rules';
import { ACCOUNT_RULES } from '../lib/diagnostics/sets/account';
import { CUSTOMER_RULES } from '../lib/diagnostics/sets/customer';
import { PAGE_RULES } from '../lib/diagnostics/sets/page';
import { TOKEN_RULES } from '../lib/diagnostics/sets/token';

const SETS: readonly (readonly [string, readonly Rule[]])[] = [
  ['The token', TOKEN_RULES],
  ['The UUID, and whose it is', CUSTOMER_RULES],
  ['Signing in and out, and the account', ACCOUNT_RULES],
  ['The SDK on the page, its cookies and events', PAGE_RULES],
];

/** The situations of facts §5, one per line, in the order of their numbers there (from 1). */
export const SITUATIONS: readonly string[] = [
  'Another customer, the same UUID',
  'The sign-out callback came twice',
  'A wrong anonymous session after a reinstallation',
  'Another API key did not destroy the session',
  'Authentication failed on slow connections',
  'The anonymous login broke after switching doNotTrack',
  'One failed refresh poisoned the later ones',
  'Too many anonymous logins and refreshes',
  'Signed out unexpectedly; a token or bearer header of the customer before',
  'A conditional sign-in saved a wrong UUID',
  'The anonymous history was not merged after the sign-in',
  '`sex: NOT_SPECIFIED` gave 400; agreements could not be updated',
  'Bugs of refreshing and retrieving the token',
  "Android's backup restored an old UUID onto a new device",
  'UUIDs that change often, with what hangs on them',
  '`regenerateUUID` while signed in did nothing, silently',
  'A plain object passed as a context',
  '`city` never saved; `zipcode` and `countrycode` in Flutter',
  'The origin is always UNKNOWN on Android with React Native',
  'Dates off by a factor of 1000',
  'Swapped arguments',
  '`refreshToken` answers `true`, and code expects a token',
  'Two quick refreshes: the first is canceled, its callbacks never come',
  'The same failure with other codes on each platform; -1 in Flutter',
  '`isSignedIn()` is false after Simple Authentication',
  'Several customers on one device, one UUID',
  '`_snrs_uuid` differs from `_snrs_puuid`: which one went to the backend?',
  'The identity hash belongs to another e-mail',
  'A reset cookie was never consumed',
  'Site and back end make UUIDs by different recipes',
  'A link with a customer in it was shared',
  'The snippet is there, and the SDK never initializes',
  'A namespace of its own, a tracking domain, two tracker keys',
  "The Web SDK's JWT has ended, is signed with an old key, or outlives a logout",
  'Cookie lifetimes and formats of older SDKs',
  'A single-page app without `page.visit`',
  'The identifier migration of 2026-07-01 changed which profiles merge',
];

/** Why no rule covers a situation, or part of one; by situation number. */
export const NOT_RULES: Readonly<Record<number, string>> = {
  3: 'A page cannot be reinstalled: what a device kept from before is out of its sight.',
  14: "Backups of a device are out of a page's sight.",
  33: 'A namespace of its own and a tracking domain are no mistakes: the inspector finds both and shows them.',
  34: 'Whether it is signed with an old key is a check by hand (“Check a token”): only who has the key can tell.',
  37: 'It happens in the backend: no page shows which profiles were merged.',
};

/** The source of the facts, by section. */
export const FOUND: Readonly<Record<string, string>> = {
  '1.2': "the SDKs' method references (hub.synerise.com) and public code; permissions of the vendor's pages",
  '1.3': 'react-native-synerise-sdk 1.7.0: its JavaScript and both bridges',
  '1.4': 'synerise-flutter-sdk 2.6.3: its Dart and both bridges',
  '1.5': 'models in the public SDK repositories; the public iOS framework 5.10.1',
  '2.1': "the vendor's pages on session management; the public iOS framework 5.10.1",
  '2.2': "the vendor's page on session management; changelogs",
  '2.3': "the vendor's API reference (editions of 2024); SNRGeneralSettings.h of iOS 4.17",
  '2.4': 'settings classes of the public SDKs; changelogs',
  '2.5': "the vendor's pages on JWT authentication; expired tokens in public repositories",
  '3.1': 'the loader snippet in the Magento, WooCommerce, Sylius and FastStore integrations',
  '3.2': "the Web SDK's methods reference (hub.synerise.com); third-party typings",
  '3.3': "the vendor's page on storage; cookies that the Magento and WooCommerce plugins write",
  '3.4': 'UuidManagement.php (Magento), HashString.php (PHP SDK), Tracking.php (WooCommerce), the Sylius plugin; RFC 9562',
  '3.5': "the vendor's page on UUIDs (developers/web/uuids)",
  '3.6': 'the FastStore and VTEX integrations',
  '3.7': "the vendor's page on UUIDs; cookies seen on live sites",
  '3.8': 'cookies in public repositories, 2018 to 2025, with other values',
  '4.3': "the vendor's API reference",
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
    '<!-- Made from lib/diagnostics by `npm run docs`; a test compares. -->',
    `${RULES.length} rules (${counts}) look at the session, its history, calls, requests and cookies whenever something changes: in the panel's Diagnostics tab, and on the command line ([command-line.md](command-line.md)). Each finding says what was seen, names the entries of the timeline that it rests on, and goes when its cause does. Events count for half an hour; what lasts (UUIDs, tokens, who the customer is) as long as it lasts. A rule can be muted on a site.`,
    '`error`: something does not work, or is sent for somebody else. `warning`: it will, or may. `info`: good to know.',
    'A rule speaks only of what it can see. Calls of the page are seen while a view shows it, or on watched sites; requests with DevTools open, or on watched sites; cookies by place, expiry and flags on watched sites, else as script sees them. Of several SDKs in a tab, those of frames included, the rules look at the one that is shown, and at no requests, since nothing tells which of them sent one: choose another client to have that one looked at. “Facts” are the notes on the SDKs that this inspector was built from; where each of their sections comes from stands below.',
    ...SETS.flatMap(([title, rules]) => [
      `## ${title}`,
      ...rules.map(({ id, severity, title: wrong, looksAt, advice, source }) =>
        [`### \`${id}\` · ${severity}`, `${wrong}.`, `- Looks at: ${looksAt}`, `- What to do: ${advice}`, `- Source: ${source}`].join('\n'),
      ),
    ]),
    '## Where the facts were found',
    table(
      ['section', 'found in'],
      Object.entries(FOUND).map(([section, found]) => [`§${section}`, found]),
    ),
    '## Situations of real life',
    'What goes wrong with these SDKs by their changelogs and code, and which rules tell it.',
    table(
      ['#', 'situation', 'told by'],
      SITUATIONS.map((words, index) => {
        const told = tellers(index + 1).join(', ');
        const not = NOT_RULES[index + 1];
        return [String(index + 1), words, [told, not].filter(Boolean).join('. ')];
      }),
    ),
  ].join('\n\n')}\n`;
}
