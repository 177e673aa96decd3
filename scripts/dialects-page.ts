/** Generates docs/dialects.md from the tables that the product itself uses: `npm run docs`. */

import { CONDITIONS, ERROR_HINTS, type HintRule } from '../lib/forms/error-hints';
import { TABLES } from '../lib/sdk/dialects';
import { RECIPES } from '../lib/sdk/dialects/computed';
import type { Binding, Convention, DialectTable, Passed, Step } from '../lib/sdk/dialects/dialect';
import { type DialectName, traitsOf } from '../lib/sdk/dialects/names';
import type { Operation } from '../lib/sdk/operation';
import { ACCOUNT_OPERATION_NAMES, OPERATIONS, type OperationName, SESSION_OPERATION_NAMES } from '../lib/sdk/operations';
import { ACCOUNT_CELLS, type AccountCell } from '../tests/browser/account-matrix';
import { cellsOf } from '../tests/browser/matrix';

const CONVENTIONS: Readonly<Record<Convention, string>> = {
  sync: 'returns its value, or a promise of it',
  callbacks: 'success and failure callbacks last, by position',
  named: 'one object `{ onSuccess, onError }` last',
  call: 'returns an object to `execute(onSuccess, onFailure)`',
};

/** The dialects that support accounts. */
const NATIVE = TABLES.filter(({ bindings }) => bindings.getAccount?.kind === 'native');
const webReason = (): string => {
  const binding = TABLES.find(({ name }) => name === 'web')?.bindings.getAccount;
  return binding?.kind === 'unavailable' ? binding.reason : '';
};

/** When an SDK regenerates the UUID. Source: facts §2.2 (the vendor's page on session management, and changelogs). */
const REGENERATED_WHEN = [
  'the app was reinstalled and its UUID can’t be recovered',
  'one of the regenerate methods is called (for an anonymous customer)',
  'the session is destroyed',
  'the SDK is reinitialized with a different API key (`changeApiKey`), unless `shouldDestroySessionOnApiKeyChange` is off',
  'Simple Authentication is used with a UUID of your own',
  'a customer authenticates (Simple Authentication, RaaS, OAuth, an external provider) with an `authID`',
  'a customer signs out with `SIGN_OUT_WITH_SESSION_DESTROY`',
  'the customer account is deleted',
  'Do Not Track is turned on (a random UUID replaces it)',
  'another account authenticates while one is signed in (some versions wrongly keep the UUID: iOS 4.23.4 to 4.24.3 and 5.0.0 to 5.0.5, Flutter 2.0.0)',
  'iOS recovers a session from a client token after a reinstall (3.7.6)',
  "Web SDK: `SR.client.setUuid`, the cookie `_snrs_reset_uuid` at the next init, `snrs_reset_uuid` or `snrs_cl` in the URL, removed cookies, or another customer's identifier on the same browser",
];

const LISTENER = "Sets the app's own listener. The inspector never replaces it; it observes the calls to it.";
const PUSH = 'Registers the device for push messages; not part of the session.';
const EVENTS = 'Reads profile events; not part of the session.';
const SENDS = 'Sends an event (shown in the Network tab); doesn’t change the session.';
const READS = 'Reads or computes; changes nothing.';
/** Methods of the vendor's client classes that the inspector neither runs nor observes, by dialect, with the reason. */
export const ASIDE: Readonly<Partial<Record<DialectName, Readonly<Record<string, string>>>>> = {
  'react-native': { setClientStateChangeListener: LISTENER },
  ios: { setClientStateDelegate: LISTENER, registerForPush: PUSH, getEvents: EVENTS },
  android: { setOnClientStateChangeListener: LISTENER, removeClientStateChangeListener: LISTENER, registerForPush: PUSH },
  web: {
    'client.getCurrentClient': READS,
    'client.getIdentityHash': 'Sampled: the identity hash in the Session tab.',
    'client.hashIdentity': READS,
    'client.notify': 'Not documented.',
    'event.pageVisit': SENDS,
    'event.trackCustomEvent': SENDS,
    'event.itemSearchClick': SENDS,
    'event.recommendationView': SENDS,
    'event.recommendationClick': SENDS,
    'dynamicContent.get': 'Renders dynamic content; not part of the session.',
  },
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

function bindingWords(binding: Binding | undefined): string {
  if (!binding) return 'n/a: Web SDK only';
  if (binding.kind === 'unavailable') return `n/a: ${binding.reason}`;
  if (binding.kind === 'emulated') return `emulated: ${binding.steps.map(stepWords).join('; ')}`;
  const args = [...binding.args.map(passedWords), ...(binding.named ? [`{ ${Object.keys(binding.named).join(', ')} }`] : [])];
  const method = binding.method.split('|').map((way) => `\`${way}(${args.join(', ')})\``);
  return `${method.join(' or ')}${binding.since === undefined ? '' : `, since ${binding.since}`}`;
}

/** A context with more than three fields is only named: the table of contexts lists its fields. */
function passedWords(passed: Passed): string {
  if (typeof passed === 'string') return passed;
  return passed.of.length > 3 ? 'context' : `{ ${passed.of.map((name) => passed.called?.[name] ?? name).join(', ')} }`;
}

/** Fields that a dialect's context renames or lacks; `all` if none, `—` if the operation has no large context. */
function contextWords({ bindings }: DialectTable, operation: OperationName): string {
  const binding = bindings[operation];
  if (binding?.kind !== 'native') return '—';
  const made = binding.args.find((one) => typeof one !== 'string' && one.of.length > 3);
  if (!made || typeof made === 'string') return '—';
  const all = OPERATIONS[operation].args.map(({ name }) => name);
  const lacks = all.filter((name) => !made.of.includes(name) && !binding.args.includes(name));
  const renamed = Object.entries(made.called ?? {}).map(([name, called]) => `\`${name}\` is \`${called}\``);
  return [...renamed, ...(lacks.length ? [`lacks ${lacks.map((name) => `\`${name}\``).join(', ')}`] : [])].join('; ') || 'all';
}

const WITH_CONTEXT: readonly OperationName[] = [
  'updateAccount',
  'updateAccountBasicInformation',
  'registerAccount',
  'simpleAuthentication',
];

function whenWords({ operations, dialects, codes, status, from, says }: HintRule): string {
  return [
    ...(operations ? [operations.map((name) => `\`${name}\``).join(', ')] : ['any operation']),
    ...(dialects ? [dialects.map((name) => traitsOf(name).label).join(', ')] : []),
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(from ? [`status ${from[0]} to ${from[1]}`] : []),
    ...(codes ? [`code ${codes.join(', ')}`] : []),
    ...(says
      ? [
          `message contains ${says.source
            .split('|')
            .map((text) => `\`${text}\``)
            .join(' or ')}`,
        ]
      : []),
  ].join('; ');
}

function stepWords(step: Step): string {
  switch (step.do) {
    case 'call':
      return `\`${step.method.split('|')[0]}(${step.args.join(', ')})\`${step.optional ? ' (if it exists)' : ''}`;
    case 'answer':
      return `reads \`${step.value.replace('^', '')}\``;
    case 'give':
      return 'computed; no SDK call';
    case 'forget':
      return `removes \`${step.cookies}*\` cookies`;
    case 'reload':
      return 'reloads the page';
  }
}

/** The result that the browser tests' operation matrix expects for this cell. */
function resultWords(dialect: DialectTable, operation: OperationName): string {
  const found = cellsOf(dialect).find((one) => one.operation === operation);
  if (!found) return '—';
  return found.verdict === 'done' ? 'done' : 'disabled';
}

const accountWords = (verdict: AccountCell['verdict'] | undefined): string => (verdict === 'done' ? 'done' : 'disabled');

/** The whole page, as Markdown. */
export function dialectsPage(): string {
  const labels = TABLES.map(({ name }) => traitsOf(name).label);
  return `# Dialects

<!-- Generated by \`npm run docs\` from lib/sdk/dialects and lib/sdk/operations.ts; \`npm test\` fails if they differ. -->

A dialect is one form of a Synerise SDK on a page. Each is a table in \`lib/sdk/dialects/\`; the agent in the page gets the tables as
data and interprets them.

## Detection

${table(
  ['Dialect', 'Global', 'Recognized by', 'Token'],
  TABLES.map(({ name, stand, token }) => [
    `${traitsOf(name).label} (\`${name}\`)`,
    [
      ...(stand.rootNamedBy ? [`the one named by \`${stand.rootNamedBy}\``] : []),
      ...stand.roots.map((root) => `\`${stand.member ? `${root}.${stand.member}` : root}\``),
    ].join(', '),
    stand.shape.map((path) => `\`${path.replace('^', '')}\``).join(' and '),
    token.raw === '' ? 'the value itself, a JWT' : `\`${token.raw}\`, expiry \`${token.expiresAt}\``,
  ]),
)}

\`a|b\` means the first one that exists. Besides these globals, the inspector checks what a page registers with \`connect\` and the paths in
Options: an SDK's root, its client, or the whole module that it was imported as.

Synerise publishes only React Native and the Web SDK for pages. The Flutter package has no web build (it imports \`dart:ffi\` and \`dart:io\`), and
the iOS and Android SDKs are native: these three exist on a page only if an app bridges its SDK into a web view, or if the page has an adapter
with the same methods.

## Operations

${table(
  ['Operation', ...labels],
  SESSION_OPERATION_NAMES.map((name) => [
    `**${OPERATIONS[name].label}** \`${name}\``,
    ...TABLES.map(({ bindings }) => bindingWords(bindings[name])),
  ]),
)}

## Account operations

${table(
  ['Operation', 'Needs', 'API key permission', ...NATIVE.map(({ name }) => traitsOf(name).label)],
  ACCOUNT_OPERATION_NAMES.map((name) => {
    const { label, account } = OPERATIONS[name] as Operation;
    return [
      `**${label}** \`${name}\``,
      account?.needs === 'customer' ? 'sign-in' : 'no sign-in',
      account?.permission ? `\`${account.permission}\`` : '—',
      ...NATIVE.map(({ bindings }) => bindingWords(bindings[name])),
    ];
  }),
)}

${webReason()} The client state listener is observed but never set, because that would replace the app's own.

### Contexts

The inspector creates a context from the fields that were filled in: as properties, through \`toObject()\` (which React Native calls on every
context), and on Android through a getter for each. The table lists fields that an SDK names differently or doesn't have.

${table(
  ['Context of', ...NATIVE.map(({ name }) => traitsOf(name).label)],
  WITH_CONTEXT.map((name) => [`\`${name}\``, ...NATIVE.map((one) => contextWords(one, name))]),
)}

### Likely causes of errors

Shown with the SDK's error, most specific first. If an operation needs a permission, a 403 that names it is reported as such.

${table(
  ['When', 'Likely cause', 'Source'],
  ERROR_HINTS.map((rule) => [whenWords(rule), rule.text, rule.source]),
)}

Conditional sign-ins return a status:

${table(
  ['Status', 'Meaning'],
  Object.entries(CONDITIONS).map(([status, meaning]) => [`\`${status}\``, meaning]),
)}

## How methods return

${table(
  ['Convention', 'Meaning', 'Used by'],
  Object.entries(CONVENTIONS).map(([convention, words]) => [
    convention,
    words,
    TABLES.filter(({ bindings }) => Object.values(bindings).some((one) => one.kind === 'native' && one.convention === convention))
      .map(({ name }) => traitsOf(name).label)
      .join(', '),
  ]),
)}

## Other methods

Page calls that the inspector observes, and reports as causes if they change the session:

${table(
  ['Dialect', 'Observed'],
  TABLES.map(({ name, alsoChange }) => [
    traitsOf(name).label,
    Object.keys(alsoChange)
      .map((path) => `\`${path.replace('^', '')}()\``)
      .join(', '),
  ]),
)}

Neither run nor observed:

${table(
  ['Dialect', 'Method', 'Reason'],
  TABLES.flatMap(({ name }) => Object.entries(ASIDE[name] ?? {}).map(([method, why]) => [traitsOf(name).label, `\`${method}()\``, why])),
)}

\`tests/fixtures/vendor-methods.json\` lists the vendor's methods by SDK and version; a test fails if one of them is in none of these tables.

## Results in the panel

Each cell is a step of \`tests/unit/components/operations/dialects.test.ts\`: run through the real panel against the sandbox's SDK of that dialect, and compared with
that SDK's state afterwards. *disabled*: the button is disabled, with the reason above.

${table(
  ['Operation', ...labels],
  SESSION_OPERATION_NAMES.map((name) => [`\`${name}\``, ...TABLES.map((one) => resultWords(one, name))]),
)}

The same for accounts, by \`tests/unit/components/account/account-life.test.ts\`, compared with what the sandbox's server knows afterwards:

${table(
  ['Operation', ...labels],
  ACCOUNT_OPERATION_NAMES.map((operation) => [
    `\`${operation}\``,
    ...TABLES.map((one) => accountWords(ACCOUNT_CELLS.find((cell) => cell.operation === operation && cell.dialect === one.name)?.verdict)),
  ]),
)}

## UUIDs from identifiers

The mobile SDKs' algorithm for deriving a UUID from a seed isn't published. Web SDK integrations use UUIDv5 with one of these recipes:

${Object.entries(RECIPES)
  .map(([name, words]) => `- \`${name}\`: ${words}`)
  .join('\n')}

## When a UUID is regenerated

${REGENERATED_WHEN.map((when) => `- ${when}`).join('\n')}
`;
}
