/** Joins views, sessions and pages: ports of views on one side, a channel per tab on the other. */
import { type BackgroundMessage, PORT_NAME, type ViewMessage } from '../protocol/messages';
import { parseViewMessage } from '../protocol/view-schema';
import { type Problem, problemOf } from '../session/problem';
import { type Channel, createChannel, type Surroundings } from './channel';
import { type PanelCarrier, panelCarrier } from './panel-carrier';
import { createRegistry, type Registry } from './registry';
import { scriptingCarrier } from './scripting-carrier';
import { createSetups } from './setup';
import { createWatching } from './watching';

const MALFORMED: Problem = { kind: 'sdk', code: 'malformed', message: 'The command was not understood: an argument may be too long.' };
const CLOSED: Problem = { kind: 'gone', message: 'The tab was closed.' };

/** The little that is needed of a `runtime.Port`. */
export interface HubPort {
  readonly name: string;
  readonly sender?: { readonly id?: string | undefined; readonly url?: string | undefined } | undefined;
  postMessage(message: unknown): void;
  disconnect(): void;
  readonly onMessage: { addListener(listener: (message: unknown) => void): void };
  readonly onDisconnect: { addListener(listener: () => void): void };
}

interface View {
  readonly tab: number;
  readonly carrier: PanelCarrier | null;
  showing: boolean;
  post(message: BackgroundMessage): void;
}

export interface Hub {
  connected(port: HubPort): void;
  alarm(name: string): void;
  /** A tab loads or has loaded a document. */
  tabUpdated(tab: number): void;
  tabRemoved(tab: number): void;
  /** The worker woke up: settles or takes up what it finds. */
  woken(): Promise<void>;
}

/** @param home URL prefix of the extension's own pages: only they may speak. */
export function createHub(home: string): Hub {
  const views = new Set<View>();
  const channels = new Map<number, Channel>();
  const surroundings: Surroundings = {
    setups: createSetups(() => {
      for (const one of channels.values()) one.lookAnew();
    }),
    watching: createWatching(() => {
      for (const one of channels.values()) void one.permitted();
    }),
  };
  const registry: Registry = createRegistry({
    send: (tab, command) => void channel(tab).send(command),
    tell: (tab, message) => {
      for (const view of viewsOf(tab)) view.post(message);
    },
  });

  const viewsOf = (tab: number) => [...views].filter((view) => view.tab === tab);
  const showing = (tab: number) => channel(tab).showing(viewsOf(tab).some((view) => view.showing));
  const lender = (tab: number) => channel(tab).panel(viewsOf(tab).find(({ carrier }) => carrier)?.carrier ?? null);

  function channel(tab: number): Channel {
    const known = channels.get(tab);
    if (known) return known;
    const made = createChannel(tab, registry, scriptingCarrier(tab), surroundings);
    channels.set(tab, made);
    return made;
  }

  async function hello(port: HubPort, message: Extract<ViewMessage, { type: 'hello' }>): Promise<View> {
    const { tab, lends } = message;
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
      showing: true,
      post: (answer) => void (told && post(answer)),
    };
    views.add(view);
    if (view.carrier) lender(tab);
    showing(tab);
    const session = await registry.get(tab);
    post({ type: 'state', session });
    told = true;
    if (!lends || session.access === 'visit' || session.access === 'watched') void channel(tab).probe();
    return view;
  }

  async function command(view: View, message: Extract<ViewMessage, { type: 'run' | 'read' }>): Promise<void> {
    const { id } = message;
    let problem: Problem | null;
    try {
      const effects = await registry.apply(view.tab, message);
      problem = effects.find((effect) => effect.type === 'refuse')?.problem ?? null;
      if (message.type === 'read') await channel(view.tab).probe();
    } catch (error) {
      problem = problemOf(error);
    }
    view.post({ type: 'answer', id, problem });
  }

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
          if (message.type === 'page-answer') known.carrier?.answered(message);
          else if (message.type === 'showing') {
            known.showing = message.showing;
            showing(known.tab);
          } else if (message.type === 'choose') void channel(known.tab).choose(message.document, message.ref);
          else void command(known, message);
        });
      });
      port.onDisconnect.addListener(() => {
        gone = true;
        void view?.then((known) => {
          views.delete(known);
          // A closed tab has no channel any more, and needs none.
          if (channels.has(known.tab)) lender(known.tab);
          known.carrier?.closed();
          if (channels.has(known.tab)) showing(known.tab);
        });
      });
    },
    alarm(name) {
      const tab = registry.tabOfAlarm(name);
      if (tab !== null) void registry.apply(tab, { type: 'alarm' });
    },
    tabUpdated(tab) {
      if (viewsOf(tab).length) void channel(tab).probe();
    },
    tabRemoved(tab) {
      channels.get(tab)?.close();
      channels.delete(tab);
      // A view of its own may still show the tab.
      if (viewsOf(tab).length) void registry.apply(tab, { type: 'access', access: 'none' }, { type: 'lost', problem: CLOSED });
      void registry.forget(tab);
    },
    async woken() {
      await registry.rearm();
      for (const tab of await registry.tabs()) {
        await registry.apply(tab, { type: 'tick' });
        // An operation may be under way in the page with no view open. A panel comes back by itself.
        const { access } = await registry.get(tab);
        if (access === 'visit' || access === 'watched') void channel(tab).probe();
      }
    },
  };
}
