/** The setup of an SDK: how far it got, how it was loaded, and the options it was initialized with. Pure. */
import type { InitOption, Markup, SdkScript } from '../page/markup';
import type { ClientInfo } from '../page/wire';
import { traitsOf } from '../sdk/dialects/names';
import { type Customer, type PageState, type Session, sdkOf } from './session';

/**
 * How far an SDK's setup got. `stalled`: its script was requested, but no response came. `blocked`: its script did not run, its
 * request ended without the SDK, or there is no record of a response on a page that has loaded. `waiting-for-consent`: its
 * snippet has a `type` that a consent tool changes. `out-of-reach`: it runs in a web worker. `not-started`: its snippet is in a
 * template.
 */
export type SdkState =
  | 'ready'
  | 'loading'
  | 'not-initialized'
  | 'stalled'
  | 'blocked'
  | 'waiting-for-consent'
  | 'out-of-reach'
  | 'not-started';

/** What is known about a document and its SDKs, from a live session or a report file. */
export interface SdkFacts {
  readonly phase: Session['stage']['phase'];
  /** The client that is shown, or the SDK that was found but isn't ready. */
  readonly sdk: ClientInfo | null;
  /** All SDKs of the document. */
  readonly clients: readonly ClientInfo[];
  readonly page: Pick<PageState, 'load' | 'idle' | 'readyAfter' | 'sawStart'> & Pick<Markup, 'scripts' | 'inits' | 'keys'>;
  readonly customer: Pick<Customer, 'facts'> | null;
}

/** How the shown SDK was set up. */
export interface SdkSetup {
  readonly state: SdkState;
  /** It is a Web SDK, or a snippet that would load one. */
  readonly isWeb: boolean;
  readonly script: SdkScript | null;
  /** Its tracker key; several if the page passes several. */
  readonly keys: readonly string[];
  /** Other Web SDKs of the document, if the key was read from the one object that all of them share. */
  readonly sharedWith: readonly string[];
  /** Options of `init()` that could be read, without the key. */
  readonly options: Readonly<Record<string, InitOption>>;
  /** Other SDKs of the document. */
  readonly others: readonly ClientInfo[];
}

/** The setup of the shown SDK; `null` if there is neither an SDK nor a snippet, or the page is unreachable. */
export function setupOf({ phase, sdk, clients, page, customer }: SdkFacts): SdkSetup | null {
  const [idle] = page.idle;
  if (phase === 'unreachable' || (!sdk && !idle)) return null;
  const others = sdk ? clients.filter(({ ref, place }) => ref !== sdk.ref || place !== sdk.place) : [];
  const isWeb = sdk ? traitsOf(sdk.dialect).onWeb : true;
  // The place of a namespace may be a path.
  const namespace = isWeb ? (sdk?.place.split('.').at(-1) ?? null) : '';
  const calls = page.inits.filter(({ of }) => namespace === null || of === namespace);
  const { trackerKey: _, ...options } = Object.assign({}, ...calls.map((call) => call.options)) as Record<string, InitOption>;
  const given = [...new Set(calls.flatMap((call) => (typeof call.options['trackerKey'] === 'string' ? call.options['trackerKey'] : [])))];
  const held = customer?.facts['trackerKey'];
  const twins = others.filter(({ dialect, state }) => traitsOf(dialect).onWeb && state === 'ready').map(({ place }) => place);
  return {
    state: stateOf(phase, sdk, page, idle),
    isWeb,
    script: isWeb ? (page.scripts[0] ?? null) : null,
    keys: given.length ? given : typeof held === 'string' && held !== '' ? [held] : [],
    // `SyneriseTC` is one object, whatever the namespaces are called (facts §3.1).
    sharedWith: given.length || !isWeb ? [] : twins,
    options,
    others,
  };
}

const IDLE_STATES: Readonly<Record<PageState['idle'][number]['why'], SdkState>> = {
  type: 'waiting-for-consent',
  worker: 'out-of-reach',
  template: 'not-started',
  blocked: 'blocked',
};

function stateOf(
  phase: SdkFacts['phase'],
  sdk: ClientInfo | null,
  page: SdkFacts['page'],
  idle: PageState['idle'][number] | undefined,
): SdkState {
  if (phase === 'attached' || sdk?.state === 'ready') return 'ready';
  if (!sdk) return idle ? IDLE_STATES[idle.why] : 'loading';
  if (phase === 'searching') return 'loading';
  if (sdk.state === 'not-initialised') return 'not-initialized';
  // A pending script of the initial document delays the page's load; for a script that was added later, there is no way to tell.
  return page.load === 'stuck' && page.scripts.length > 0 && page.scripts.every(({ took }) => took === null) ? 'stalled' : 'blocked';
}

/** The facts of a live session. */
export const sdkFactsOf = ({ stage, page }: Pick<Session, 'stage' | 'page'>): SdkFacts => ({
  phase: stage.phase,
  sdk: sdkOf(stage),
  clients: page.clients,
  page,
  customer: stage.phase === 'attached' ? stage.customer : null,
});
