/** The ports that views speak through: who may speak, and what is done with each message. */

import { type BackgroundMessage, PORT_NAME } from '../protocol/background-message';
import { type MessageOf, parseViewMessage, type ViewMessage } from '../protocol/view-message';
import type { OperationName } from '../sdk/operations';
import { type Problem, problemOf } from '../session/problem';
import { MAX_MUTED, type SiteSettings, siteSettings, withSite } from '../settings/settings';
import type { Channels } from './channels';
import { createKeeping } from './keeping';
import type { Locator } from './locator';
import { logBug } from './log';
import { panelCarrier } from './panel-carrier';
import type { Platform, Watching } from './platform';
import type { Registry } from './registry';
import type { SessionRequests } from './session-requests';
import type { SettingsStore } from './settings';
import type { View, Views } from './views';

const MALFORMED: Problem = { kind: 'sdk', code: 'malformed', message: 'The command was not understood: an argument may be too long.' };

/** The little that is needed of a `runtime.Port`. */
export interface HubPort {
  readonly name: string;
  readonly sender?: { readonly id?: string | undefined; readonly url?: string | undefined } | undefined;
  postMessage(message: unknown): void;
  disconnect(): void;
  readonly onMessage: { addListener(listener: (message: unknown) => void): void };
  readonly onDisconnect: { addListener(listener: () => void): void };
}

export interface ViewPorts {
  connected(port: HubPort): void;
  /** A keyboard shortcut was pressed over a tab: its popup, open or opening, is to run that. */
  wanted(tab: number, operation: OperationName): void;
  /** The tab is closed. */
  forget(tab: number): void;
}

/** A popup opens for a shortcut within this time (ms). */
const WISH = 5000;

/** @param home URL prefix of the extension's own pages: only they may speak. */
export function createViewPorts(
  home: string,
  {
    registry,
    channels,
    views,
    settings,
    watching,
    requests,
    locator,
    tabs,
  }: {
    readonly registry: Registry;
    readonly channels: Channels;
    readonly views: Views;
    readonly settings: SettingsStore;
    readonly watching: Watching;
    readonly requests: SessionRequests;
    readonly locator: Locator;
    readonly tabs: Platform['tabs'];
  },
): ViewPorts {
  /** What a keyboard shortcut asked for, until the popup that opens for it takes it up. */
  const wants = new Map<number, { readonly operation: OperationName; readonly at: number }>();
  const keep = createKeeping({ registry, channels, watching });
  const showing = (tab: number) => channels.of(tab).showing(views.isShown(tab));
  const lender = (tab: number) => channels.of(tab).panel(views.carrierOf(tab));

  async function hello(port: HubPort, message: MessageOf<'hello'>): Promise<View> {
    const { tab, lends, view: name } = message;
    const post = (answer: BackgroundMessage) => {
      try {
        port.postMessage(answer);
      } catch {
        // The view went away; its disconnect follows.
      }
    };
    // Until its whole state is told a view gets no patch: the state then holds what the patches told.
    let told = false;
    const view: View = {
      tab,
      carrier: lends ? panelCarrier(post) : null,
      isPopup: name === 'popup',
      reads: name === 'panel',
      showing: true,
      post: (answer) => void (told && post(answer)),
    };
    views.add(view);
    if (view.carrier) lender(tab);
    showing(tab);
    // The tab may have gone elsewhere while nobody looked: told where the view's click, or the panel's site, lets us know.
    const url = (await tabs.get(tab))?.url;
    if (url !== undefined) await locator.seenAt(tab, url).catch(logBug);
    const session = await registry.get(tab);
    post({ type: 'state', session });
    told = true;
    if (view.reads) {
      const { entries, dropped } = await registry.history(tab);
      post({ type: 'history', entries, dropped, whole: true });
    }
    if (name === 'popup') giveWanted(tab, view);
    if (!lends || session.tab.access === 'visit' || session.tab.access === 'watched') void channels.of(tab).probe();
    return view;
  }

  /** What a shortcut asked for goes to the popup that opens for it, or is open; a wish that none took up is forgotten. */
  function giveWanted(tab: number, view: View): void {
    const want = wants.get(tab);
    wants.delete(tab);
    if (want && Date.now() - want.at < WISH) view.post({ type: 'wanted', operation: want.operation });
  }

  async function command(view: View, message: MessageOf<'run' | 'read'>): Promise<void> {
    const { id } = message;
    let problem: Problem | null;
    try {
      const effects = await registry.apply(view.tab, message);
      problem = effects.find((effect) => effect.type === 'refuse')?.problem ?? null;
      if (message.type === 'read') await channels.of(view.tab).probe();
    } catch (error) {
      problem = problemOf(error);
    }
    view.post({ type: 'answer', id, problem });
  }

  /** Sets something for the site that a tab shows; of incognito nothing goes to disk. */
  async function setForSite(tab: number, change: (site: SiteSettings) => Partial<SiteSettings>): Promise<void> {
    const { visit, tab: known } = await registry.get(tab);
    const { origin } = visit;
    if (origin === null || known.incognito) return;
    await settings.update((all) => withSite(all, origin, change(siteSettings(all, origin)))).catch(logBug);
  }

  /** Of incognito the other tabs of incognito alone, and the other way round. */
  async function tellOthers({ tab, post }: View): Promise<void> {
    const { incognito } = (await registry.get(tab)).tab;
    const all = await registry.sessions();
    post({
      type: 'others',
      sessions: all.filter((one) => one.tab.id !== tab && one.tab.incognito === incognito && one.history.spans.uuid !== null),
    });
  }

  const withMute = (muted: readonly string[], rule: string, on: boolean) =>
    [...muted.filter((one) => one !== rule), ...(on ? [rule] : [])].slice(-MAX_MUTED);

  /** What is done with each message of a view, once it has said which tab it shows. One that is missing here does not compile. */
  const handlers: { readonly [K in Exclude<ViewMessage['type'], 'hello'>]: (view: View, message: MessageOf<K>) => void } = {
    'page-answer': ({ carrier }, message) => carrier?.answered(message),
    showing(view, message) {
      view.showing = message.showing;
      showing(view.tab);
    },
    run: (view, message) => void command(view, message),
    read: (view, message) => void command(view, message),
    captured: (view, message) => void requests.captured(view, message),
    keep: (view, message) => void keep(view, message),
    navigated: ({ tab }, { origin }) => void locator.leftFor(tab, origin),
    choose: ({ tab }, { document, ref }) => void channels.of(tab).choose(document, ref),
    'auto-refresh': ({ tab }, { on }) => void setForSite(tab, () => ({ autoRefresh: on })),
    mute: ({ tab }, { rule, muted }) => void setForSite(tab, (site) => ({ muted: withMute(site.muted, rule, muted) })),
    others: (view) => void tellOthers(view).catch(logBug),
    survey: ({ tab, post }, { id }) =>
      void channels
        .of(tab)
        .survey()
        .catch(logBug)
        .then(() => post({ type: 'answer', id, problem: null })),
  };
  /** The type of a table's entry does not follow from a message's own: the table above checks each. */
  const handle = (view: View, message: Exclude<ViewMessage, { type: 'hello' }>) =>
    (handlers[message.type] as (view: View, message: ViewMessage) => void)(view, message);

  return {
    connected(port) {
      if (!port.sender?.url?.startsWith(home)) {
        port.disconnect();
        return;
      }
      if (port.name !== PORT_NAME) {
        // A view from before an update: it says so, with the button that helps.
        port.postMessage({ type: 'outdated' } satisfies BackgroundMessage);
        port.disconnect();
        return;
      }
      let view: Promise<View> | null = null;
      let gone = false;
      port.onMessage.addListener((raw) => {
        const message = parseViewMessage(raw);
        if (!message) {
          const id = (raw as { id?: unknown } | null)?.id;
          if (typeof id === 'string') port.postMessage({ type: 'answer', id, problem: MALFORMED } satisfies BackgroundMessage);
          return;
        }
        if (message.type === 'hello') {
          // Bound once: a port cannot be moved to another tab.
          view ??= hello(port, message);
          return;
        }
        void view?.then((known) => {
          if (gone) return;
          handle(known, message);
        });
      });
      port.onDisconnect.addListener(() => {
        gone = true;
        void view?.then((known) => {
          views.remove(known);
          // A closed tab has no channel any more, and needs none.
          if (channels.has(known.tab)) lender(known.tab);
          known.carrier?.closed();
          if (channels.has(known.tab)) showing(known.tab);
        });
      });
    },
    wanted(tab, operation) {
      wants.set(tab, { operation, at: Date.now() });
      const open = views.of(tab).find((view) => view.isPopup);
      if (open) giveWanted(tab, open);
    },
    forget: (tab) => void wants.delete(tab),
  };
}
