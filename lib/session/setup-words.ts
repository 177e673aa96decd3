/** The SDK's setup as text: one list for the card, the report and the command line. Pure. */
import type { InitOption, SdkScript } from '../page/markup';
import { traitsOf } from '../sdk/dialects/names';
import { type SdkFacts, type SdkSetup, type SdkState, setupOf } from './sdk-setup';

export const SDK_STATE_WORDS: Readonly<Record<SdkState, string>> = {
  ready: 'Ready',
  loading: 'Loading',
  'not-initialized': 'Not initialized',
  stalled: 'Stalled',
  blocked: 'Blocked',
  'waiting-for-consent': 'Waiting for consent',
  'out-of-reach': 'Not accessible',
  'not-started': 'Not started',
};

/** One line: a label and its value. */
export type SetupRow = readonly [name: string, value: string];

/** Text for a duration (ms) within a page load. */
const duration = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);
const optionText = ([name, value]: readonly [string, InitOption]): string => `${name}: ${JSON.stringify(value)}`;

/** The lines for a setup, without its state, place and version. */
export function setupRows(setup: SdkSetup, { sdk, page, customer }: SdkFacts): readonly SetupRow[] {
  const { isWeb, script, keys, sharedWith, options, others } = setup;
  const rows: SetupRow[] = [];
  if (setup.state === 'ready' && page.readyAfter !== null)
    rows.push(['Ready', `${page.sawStart ? 'about ' : 'at most '}${duration(page.readyAfter)} after navigation`]);
  if (script) rows.push(['Script', `${script.address} · ${requestText(script, setup.state, page.load)}`]);
  // While the page loads, nothing is known yet.
  const isEarly = setup.state === 'loading';
  if (isWeb && (keys.length || !isEarly)) {
    const shared = sharedWith.length ? ` · from SyneriseTC, shared by ${[sdk?.place, ...sharedWith].join(' and ')}` : '';
    rows.push([keys.length > 1 ? 'Tracker keys' : 'Tracker key', keys.length ? `${keys.join(', ')}${shared}` : 'unknown']);
  }
  const given = Object.entries(options).map(optionText);
  if (given.length || (isWeb && !isEarly)) rows.push(['Init options', given.length ? given.join(', ') : 'none in inline scripts']);
  const doNotTrack = customer?.facts['doNotTrack'];
  if (typeof doNotTrack === 'boolean') rows.push(['Do Not Track', doNotTrack ? 'on' : 'off']);
  else if (doNotTrack === 'likely') rows.push(['Do Not Track', 'probably on: new UUID on page load and no cookies']);
  if (isWeb && page.keys.length > 1) rows.push(['Tracker keys on page', page.keys.join(', ')]);
  if (others.length)
    rows.push([
      'Also on this page',
      others.map(({ place, dialect, state }) => `${place} (${traitsOf(dialect).label}${state === 'ready' ? '' : `, ${state}`})`).join(', '),
    ]);
  return rows;
}

/** Text for the outcome of the script's request. */
function requestText({ from, took }: SdkScript, state: SdkState, load: SdkFacts['page']['load']): string {
  const isOver = from !== null && took !== null;
  if (isOver && state === 'blocked') return `requested after ${duration(from)}, failed after ${duration(took)}`;
  if (isOver) return `requested after ${duration(from)}, took ${duration(took)}`;
  if (state === 'stalled' || load === 'loading') return 'pending';
  return state === 'blocked' ? 'no response recorded: blocked (extension, CSP) or pending' : 'no request recorded';
}

/** A setup and its text. */
export interface SetupText {
  readonly setup: SdkSetup;
  /** Text for its state. */
  readonly label: string;
  readonly rows: readonly SetupRow[];
}

/** The setup of the shown SDK as text; `null` if there is none. */
export function setupText(facts: SdkFacts): SetupText | null {
  const setup = setupOf(facts);
  return setup && { setup, label: SDK_STATE_WORDS[setup.state], rows: setupRows(setup, facts) };
}
