/** The views' ports: which senders may connect, and how each message is handled. */

import { type BackgroundMessage, PORT_NAME } from '../protocol/background-message';
import { type MessageOf, parseViewMessage, type ViewMessage } from '../protocol/view-message';
import type { OperationName } from '../sdk/operations';
import { type Problem, problemOf } from '../session/problem';
import { isOpen } from '../session/terms';
import { MAX_MUTED, type SiteSettings, siteSettings, withSite } from '../settings/settings';
import type { Channels } from './channels';
import type { Locator } from './locator';
import { logBug } from './log';
import { panelCarrier } from './panel-carrier';
import type { Platform, Watching } from './platform';
import type { Registry } from './registry';
import type { SessionRequests } from './session-requests';
import type { SettingsStore } from './settings';
import { createStorageEdits } from './storage-edits';
import type { View, Views } from './views';

const MALFORMED: Problem = { kind: 'sdk', code: 'malformed', message: 'Invalid command (argument too long?).' };

/** The part of `runtime.Port` that is used. */
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
  /** A keyboard shortcut was pressed in a tab: the tab's popup, already open or opening, should run the operation. */
  wanted(tab: number, operation: OperationName): void;
  /** The tab was closed. */
  forget(tab: number): void;
}

/** How long a shortcut's operation waits for its popup to open (ms). */
const WISH = 5000;

/** @param home URL prefix of the extension's own pages: only they may connect. */
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
  /** Operations requested by keyboard shortcut, by tab, until the tab's popup takes them. */
  const wants = new Map<number, { readonly operation: OperationName; readonly at: number }>();
  const editStorage = createStorageEdits({ registry, channels, watching });
  const showing = (tab: number) => channels.of(tab).showing(views.isShown(tab));
  const lender = (tab: number) => channels.of(tab).panel(views.carrierOf(tab));

  async function hello(port: HubPort, message: MessageOf<'hello'>): Promise<View> {
    const { tab, lends, view: name } = message;
    const post = (answer: BackgroundMessage) => {
      try {
        port.postMessage(answer);
      } catch {
        // The view is gone; its disconnect event follows.
      }
    };
    // Send no patches before the whole state, which already includes them.
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
    // The tab may have navigated while no view was open. Its URL is known after a toolbar click, or with permission for the site.
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
    if (!lends || isOpen(session.tab.access)) void channels.of(tab).probe();
    return view;
  }

  /** Sends the operation that a shortcut requested to the tab's popup, unless the request is too old; either way, forgets it. */
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

  /** Changes the settings of the site that a tab shows. Ignored for incognito tabs, of which nothing may go to disk. */
  async function setForSite(tab: number, change: (site: SiteSettings) => Partial<SiteSettings>): Promise<void> {
    const { visit, tab: known } = await registry.get(tab);
    const { origin } = visit;
    if (origin === null || known.incognito) return;
    await settings.update((all) => withSite(all, origin, change(siteSettings(all, origin)))).catch(logBug);
  }

  /** Sends a view the sessions of other tabs that have a UUID. Incognito tabs see only incognito ones, and vice versa. */
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

  /** A handler for each message that a view sends after `hello`. A missing one is a compile error. */
  const handlers: { readonly [K in Exclude<ViewMessage['type'], 'hello'>]: (view: View, message: MessageOf<K>) => void } = {
    'page-answer': ({ carrier }, message) => carrier?.answered(message),
    showing(view, message) {
      view.showing = message.showing;
      showing(view.tab);
    },
    run: (view, message) => void command(view, message),
    read: (view, message) => void command(view, message),
    captured: (view, message) => void requests.captured(view, message),
    'edit-storage': (view, message) => void editStorage(view, message),
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
  /** TypeScript cannot match a handler's type to a message's, hence the cast. The table above checks each handler. */
  const handle = (view: View, message: Exclude<ViewMessage, { type: 'hello' }>) =>
    (handlers[message.type] as (view: View, message: ViewMessage) => void)(view, message);

  return {
    connected(port) {
      if (!port.sender?.url?.startsWith(home)) {
        port.disconnect();
        return;
      }
      if (port.name !== PORT_NAME) {
        // The view is from before an update: it shows that, with a button to reload.
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
          // A port stays bound to the tab of its first `hello`.
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
          // A closed tab no longer has a channel: don't create one.
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
