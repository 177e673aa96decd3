/** Joins views, sessions and pages: ports of views on one side, a channel per tab on the other. */
import { browser } from 'wxt/browser';
import type { Captured } from '../network/request';
import { isSameRequest, nearestTo } from '../network/requests';
import { type BackgroundMessage, PORT_NAME } from '../protocol/background-message';
import { type CookieChange, type MessageOf, parseViewMessage, type ViewMessage } from '../protocol/view-message';
import type { OperationName } from '../sdk/operations';
import type { HistoryEntry } from '../session/history/history';
import { type Problem, ProblemError, problemOf } from '../session/problem';
import { MAX_MUTED, type SiteSettings, siteSettings, withSite } from '../settings/settings';
import { covers, originOf } from '../settings/site-pattern';
import { createTurns } from '../tasks/turns';
import { isCookieOf } from '../web/cookies';
import { type Channel, createChannel, type Surroundings } from './channel';
import { notifyOf } from './notify';
import { type PanelCarrier, panelCarrier } from './panel-carrier';
import { createRegistry, type Registry } from './registry';
import { scriptingCarrier } from './scripting-carrier';
import { createSettings } from './settings';
import { followTraffic, type Heard, type Requester } from './traffic';
import { createWatching, unwatchPages, type Watching } from './watching';

const MALFORMED: Problem = { kind: 'sdk', code: 'malformed', message: 'The command was not understood: an argument may be too long.' };

const ELSEWHERE: Problem = { kind: 'gone', code: 'navigated', message: 'The tab shows another site by now: nothing was changed.' };

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
  readonly isPopup: boolean;
  /** Whether it shows the history. */
  readonly reads: boolean;
  showing: boolean;
  post(message: BackgroundMessage): void;
}

export interface Hub {
  connected(port: HubPort): void;
  alarm(name: string): Promise<void>;
  /** The relay of a document in a tab rang. `lifecycle`: the browser's word for what the document is just now. */
  bell(tab: number, lifecycle: string | undefined): void;
  /** Notes requests that SDKs made. @throws what the store throws */
  requested(heard: readonly Heard[]): Promise<void>;
  /** A keyboard shortcut was pressed over a tab. */
  command(tab: number, operation: OperationName): Promise<void>;
  /** The browser put a tab to sleep. */
  tabAsleep(tab: number, why: 'discarded' | 'frozen'): Promise<void>;
  /** A tab that slept goes on. */
  tabAwake(tab: number): Promise<void>;
  /** The browser gave a tab another number. */
  tabReplaced(from: number, to: number): Promise<void>;
  /** A tab loads or has loaded a document. `url`: where the browser tells that it is another. */
  tabUpdated(tab: number, url?: string): void;
  tabRemoved(tab: number): void;
  /** The worker woke up: settles or takes up what it finds. */
  woken(): Promise<void>;
}

/** A popup opens for a shortcut within this time (ms). */
const WISH = 5000;
/** Cookies that hold a UUID, alone or before a colon (facts §3.3). */
const UUID_COOKIES = ['_snrs_uuid', '_snrs_reset_uuid', '_snrs_reset_uuid_and_identity_hash'];

/** So many of the latest entries the session itself compares with (`lib/session/captured.ts`). */
const RECENT = 50;

const pageOf = ({ tab, origin, top }: Requester) => `${tab} ${top} ${origin}`;

/** Messages that only a view with the history in it needs. */
const FOR_READERS: ReadonlySet<BackgroundMessage['type']> = new Set(['history', 'detail', 'same'] as const);

const report = (error: unknown): void => {
  const problem = problemOf(error);
  if (problem.kind === 'bug') console.error(problem.message);
};

/** @param home URL prefix of the extension's own pages: only they may speak. */
export function createHub(home: string): Hub {
  const views = new Set<View>();
  /** What a keyboard shortcut asked for, until the popup that opens for it takes it up. */
  const wants = new Map<number, { readonly operation: OperationName; readonly at: number }>();
  const channels = new Map<number, Channel>();
  const settings = createSettings(() => void everywhere((one) => one.lookAnew()));
  const watching: Watching = createWatching({
    changed: (removed) => void fitPermissions(true, removed).catch(report),
    async cookie({ cookie, removed, cause }) {
      const { name, value, domain, hostOnly, storeId } = cookie;
      const uuid = UUID_COOKIES.includes(name) ? (value.split(':')[0]?.slice(0, 100) ?? null) : null;
      const seen = { name, httpOnly: false, secure: false, path: '/', ...(hostOnly ? { host: domain } : { domain }), expiresAt: null };
      for (const {
        tab: { id: tab, incognito },
        visit: { origin },
      } of await registry.sessions()) {
        // Chromium's store of incognito is "1".
        if (origin === null || !/^http/.test(origin) || incognito !== (storeId === '1' || storeId === 'firefox-private')) continue;
        if (!isCookieOf(seen, origin, 0)) continue;
        void registry
          .apply(tab, { type: 'cookie', news: { name, removed, cause, uuid } })
          .then(() => (viewsOf(tab).length ? channel(tab).cookies() : undefined))
          .catch(report);
      }
    },
  });
  const surroundings: Surroundings = { settings, watching };
  const registry: Registry = createRegistry({
    send: (tab, command) => void channel(tab).send(command),
    tell: (tab, message) => {
      for (const view of viewsOf(tab)) if (!FOR_READERS.has(message.type) || view.reads) view.post(message);
    },
    notify: (session, notice) => {
      // Whoever looks sees it.
      if (!viewsOf(session.tab.id).some((view) => view.showing)) void notifyOf(session, notice);
    },
  });

  /** Tells the channel of each session, made where there is none. */
  async function everywhere(tell: (channel: Channel) => Promise<void>): Promise<void> {
    const open = (await registry.sessions()).filter(({ tab: { closedAt } }) => closedAt === null);
    await Promise.all(
      [...new Set([...channels.keys(), ...open.map(({ tab: { id: tab } }) => tab)])].map((tab) => tell(channel(tab)).catch(report)),
    );
  }

  /** One after another: a site that is taken back and given again at once must not be left by the slower of the two. */
  const inTurn = createTurns();
  const fitPermissions = (changed: boolean, removed: readonly string[] = []): Promise<void> =>
    inTurn(() => applyPermissions(changed, removed));

  /** Makes pages, scripts, settings and sessions fit what the browser has granted, whatever of it was left undone. @param changed it just changed @param removed what was taken back */
  async function applyPermissions(changed: boolean, removed: readonly string[]): Promise<void> {
    const gone = [...new Set([...(await watching.gone()), ...removed])];
    const isNew = await watching.register();
    if (gone.length) await unwatched(gone);
    if (changed || isNew || gone.length) await everywhere((one) => one.permitted());
    // Pages that were there before our scripts were registered, or have those of a version before, or told what nobody heard.
    // Not waited for: a frozen page answers when it thaws.
    for (const tab of await watching.tabs()) void channel(tab).rung(isNew).catch(report);
    for (const {
      stage,
      tab: { id: tab, closedAt },
    } of await registry.sessions()) {
      if (gone.length && stage.phase === 'unreachable' && closedAt === null && !viewsOf(tab).length) await registry.forget(tab);
    }
    await watching.settled();
  }

  /** Sites are watched no more: what was put into their pages goes at once, and what was to be done for them. */
  async function unwatched(patterns: readonly string[]): Promise<void> {
    const origins = (await registry.sessions()).flatMap(({ visit: { origin } }) => (origin === null ? [] : [origin]));
    await unwatchPages(patterns);
    await settings.update((all) =>
      [...new Set([...Object.keys(all.sites), ...origins])]
        .filter((origin) => patterns.some((pattern) => covers(pattern, origin)))
        .reduce((changed, origin) => withSite(changed, origin, { autoRefresh: false, notify: false }), all),
    );
  }

  /** The browser says where a tab is: the session of another site ends. */
  async function wentTo(tab: number, url: string): Promise<void> {
    const known = (await registry.sessions()).find((one) => one.tab.id === tab && one.tab.closedAt === null);
    const origin = originOf(url);
    if (known && known.tab.site !== null && known.tab.site !== origin) await leftFor(tab, origin);
  }

  /** The tab is elsewhere: what is known of the requests of the page before is noted first, as its own. */
  async function leftFor(tab: number, origin: string): Promise<void> {
    await traffic.flush(tab).catch(report);
    await channel(tab).navigated(origin);
  }

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
    const { url } = await browser.tabs.get(tab).catch(() => ({ url: undefined }));
    if (url !== undefined) await wentTo(tab, url).catch(report);
    const session = await registry.get(tab);
    post({ type: 'state', session });
    told = true;
    if (view.reads) {
      const { entries, dropped } = await registry.history(tab);
      post({ type: 'history', entries, dropped, whole: true });
    }
    if (name === 'popup') giveWanted(tab, view);
    if (!lends || session.tab.access === 'visit' || session.tab.access === 'watched') void channel(tab).probe();
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
      if (message.type === 'read') await channel(view.tab).probe();
    } catch (error) {
      problem = problemOf(error);
    }
    view.post({ type: 'answer', id, problem });
  }

  /** Requests that the page saw long before a panel was there to see them, and by which key the panel did. */
  const paired = new Map<number, Map<string, string>>();

  /** Whether the history has a request as the page saw it; the views then hear that it is the same. What was seen lately is the session's own matter. */
  function seenInPage({ tab }: View, request: Captured, entries: readonly HistoryEntry[]): boolean {
    const pairs = paired.get(tab) ?? new Map<string, string>();
    paired.set(tab, pairs);
    const alike = entries
      .slice(0, -RECENT)
      .filter((entry) => entry.kind === 'request')
      .filter((entry) => isSameRequest(entry, request) && (pairs.get(entry.key) ?? request.key) === request.key);
    const twin = nearestTo(request, alike);
    if (!twin) return false;
    pairs.set(twin.key, request.key);
    for (const view of viewsOf(tab)) if (view.reads) view.post({ type: 'same', key: request.key, as: twin.key });
    return true;
  }

  /** Notes what a panel saw of the network, and says so: until then the panel sends it again. */
  async function captured(view: View, { id, requests }: MessageOf<'captured'>): Promise<void> {
    const { entries } = await registry.history(view.tab);
    // A panel that was opened anew tells all of it again.
    const known = new Map(entries.flatMap((entry) => (entry.kind === 'request' ? [[entry.key, entry] as const] : [])));
    const isNews = ({ key, status, gave }: Captured) => known.get(key)?.status !== status || known.get(key)?.gave !== gave;
    const news = requests.filter(isNews).filter((request) => !seenInPage(view, request, entries));
    try {
      await registry.apply(view.tab, { type: 'requests', requests: news });
      view.post({ type: 'answer', id, problem: null });
    } catch (error) {
      // Not answered, it is told again when the panel comes back.
      report(error);
    }
  }

  /** Changes what is kept: what the browser told of by the browser, all else in the page. */
  async function keep(view: View, { id, origin, changes }: MessageOf<'keep'>): Promise<void> {
    try {
      if ((await registry.get(view.tab)).visit.origin !== origin) throw new ProblemError(ELSEWHERE);
      const undo: CookieChange[] = [];
      const failed: string[] = [];
      for (const { area, name, value, cookie } of changes) {
        if (!cookie) continue;
        const isMade = await watching.keepCookie(view.tab, cookie, value).catch(() => false);
        if (isMade) undo.push({ area, name, value: cookie.value ?? null, cookie });
        else failed.push(name);
      }
      const inPage = changes.filter(({ cookie }) => !cookie);
      // The view goes on from what is there now.
      if (undo.length) await channel(view.tab).cookies();
      if (undo.length || failed.length || !inPage.length) view.post({ type: 'kept', id, undo, failed });
      if (inPage.length) await registry.apply(view.tab, { type: 'keep', id, origin, changes: inPage });
      await channel(view.tab).probe();
    } catch (error) {
      view.post({ type: 'answer', id, problem: problemOf(error) });
    }
  }

  /** Notes requests of a watched page, where they are of the session that its tab shows. */
  async function noteRequests({ tab, origin, top }: Requester, heard: readonly Heard[]): Promise<void> {
    if (!(await watching.watches(origin))) return;
    const shownTab = await browser.tabs.get(tab).catch(() => null);
    // One that was closed meanwhile keeps the session that it had, and gets none.
    if (!shownTab && !(await registry.sessions()).some((one) => one.tab.id === tab)) return;
    const shown = async () => {
      const session = await registry.get(tab);
      return session.visit.origin ?? session.tab.site;
    };
    // The first requests of a page may be here before the news of it. A page that is being left is no news.
    if (top && ![null, origin].includes(await shown()) && shownTab?.url !== undefined) {
      const to = originOf(shownTab.url);
      const {
        tab: { site },
      } = await registry.get(tab);
      if (site !== null && site !== to) await channel(tab).navigated(to);
    }
    const now = await shown();
    // Of a tab with no session yet only what its page makes; a page that was left at once has none.
    const isFirst = top && now === null && originOf(shownTab?.url ?? '') === origin;
    if (now !== origin && !isFirst) return;
    const records = heard.flatMap(({ record }) => record ?? []);
    await registry.apply(tab, {
      type: 'requests',
      requests: heard.map(({ captured: one }) => one),
      records,
      ...(isFirst && { site: origin }),
    });
  }

  async function requested(heard: readonly Heard[]): Promise<void> {
    const pages = new Map(heard.map(({ by }) => [pageOf(by), by]));
    await Promise.all(
      [...pages].map(([page, by]) =>
        noteRequests(
          by,
          heard.filter((one) => pageOf(one.by) === page),
        ),
      ),
    );
  }
  const traffic = followTraffic(requested);

  /** Sets something for the site that a tab shows; of incognito nothing goes to disk. */
  async function setForSite(tab: number, change: (site: SiteSettings) => Partial<SiteSettings>): Promise<void> {
    const {
      visit: { origin },
      tab: { incognito },
    } = await registry.get(tab);
    if (origin === null || incognito) return;
    await settings.update((all) => withSite(all, origin, change(siteSettings(all, origin)))).catch(report);
  }

  /** Of incognito the other tabs of incognito alone, and the other way round. */
  async function tellOthers({ tab, post }: View): Promise<void> {
    const {
      tab: { incognito },
    } = await registry.get(tab);
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
    captured: (view, message) => void captured(view, message),
    keep: (view, message) => void keep(view, message),
    navigated: ({ tab }, { origin }) => void leftFor(tab, origin),
    choose: ({ tab }, { document, ref }) => void channel(tab).choose(document, ref),
    'auto-refresh': ({ tab }, { on }) => void setForSite(tab, () => ({ autoRefresh: on })),
    mute: ({ tab }, { rule, muted }) => void setForSite(tab, (site) => ({ muted: withMute(site.muted, rule, muted) })),
    others: (view) => void tellOthers(view).catch(report),
    survey: ({ tab, post }, { id }) =>
      void channel(tab)
        .survey()
        .catch(report)
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
          views.delete(known);
          // A closed tab has no channel any more, and needs none.
          if (channels.has(known.tab)) lender(known.tab);
          known.carrier?.closed();
          if (channels.has(known.tab)) showing(known.tab);
        });
      });
    },
    async alarm(name) {
      const tab = registry.tabOfAlarm(name);
      if (tab === null) return void (await registry.prune().catch(report));
      if (!(await registry.sessions()).some((one) => one.tab.id === tab && one.tab.closedAt === null)) return;
      // A tab that is gone, or that the browser put to sleep, is left alone.
      const shown = await browser.tabs.get(tab).catch(() => null);
      const { discarded = false, frozen = false } = (shown ?? {}) as { discarded?: boolean; frozen?: boolean };
      if (!shown) await registry.close(tab);
      else if (discarded || frozen) await registry.apply(tab, { type: 'asleep', why: discarded ? 'discarded' : 'frozen' });
      else await registry.apply(tab, { type: 'alarm' });
    },
    bell(tab, lifecycle) {
      // One that is rendered ahead, or kept in the back-forward cache, is not what the tab shows.
      if (lifecycle === undefined || lifecycle === 'active') void channel(tab).rung().catch(report);
    },
    requested,
    async command(tab, operation) {
      wants.set(tab, { operation, at: Date.now() });
      const open = viewsOf(tab).find((view) => view.isPopup);
      if (open) giveWanted(tab, open);
      await channel(tab).probe();
    },
    async tabAsleep(tab, why) {
      if ((await registry.sessions()).some((one) => one.tab.id === tab)) await registry.apply(tab, { type: 'asleep', why }).catch(report);
    },
    async tabAwake(tab) {
      if ((await registry.sessions()).some((one) => one.tab.id === tab && one.tab.asleep !== null)) await channel(tab).rung().catch(report);
    },
    async tabReplaced(from, to) {
      channels.get(from)?.close();
      channels.delete(from);
      await registry.move(from, to).catch(report);
      // Chromium gives a tab another number when it discards it.
      const { discarded } = await browser.tabs.get(to).catch(() => ({ discarded: false }));
      if (discarded) await this.tabAsleep(to, 'discarded');
    },
    tabUpdated(tab, url) {
      if (url !== undefined) void wentTo(tab, url).catch(report);
      if (viewsOf(tab).length) void channel(tab).probe();
    },
    tabRemoved(tab) {
      channels.get(tab)?.close();
      channels.delete(tab);
      paired.delete(tab);
      wants.delete(tab);
      void registry.close(tab).catch(report);
    },
    async woken() {
      const open = new Set((await browser.tabs.query({})).map(({ id }) => id));
      for (const {
        tab: { id: tab, closedAt },
        visit: { origin },
      } of await registry.sessions()) {
        if (closedAt !== null) continue;
        // Closed while no worker lived, or while one died.
        if (!open.has(tab)) {
          await registry.close(tab);
          continue;
        }
        const policy = origin === null ? [] : [{ type: 'policy' as const, policy: await settings.policy(origin) }];
        await registry.apply(tab, ...policy, { type: 'tick' }).catch(report);
        // An operation may be under way in the page with no view open. A panel comes back by itself.
        const {
          tab: { access },
        } = await registry.get(tab);
        if (access === 'visit' || access === 'watched') void channel(tab).probe();
      }
      await registry.rearm();
      await fitPermissions(false);
      await registry.prune();
    },
  };
}
