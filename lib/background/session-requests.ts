/** Requests of the SDKs on their way into a session: those that a panel saw, and those of watched pages. */

import type { Captured } from '../network/request';
import { isSameRequest, nearestTo } from '../network/requests';
import type { MessageOf } from '../protocol/view-message';
import type { HistoryEntry } from '../session/history/history';
import { originOf } from '../settings/site-pattern';
import type { Channels } from './channels';
import { logBug } from './log';
import type { Heard, Platform, Requester, Watching } from './platform';
import type { Registry } from './registry';
import type { View, Views } from './views';

/** Requests among the latest entries are compared by the session itself, which remembers more of them (`lib/session/captured.ts`). */
const RECENT = 50;

const pageOf = ({ tab, origin, top }: Requester) => `${tab} ${top} ${origin}`;

export interface SessionRequests {
  /** Notes what a panel saw of the network, and says so: until then the panel sends it again. */
  captured(view: View, message: MessageOf<'captured'>): Promise<void>;
  /** Notes requests of watched pages, where they are of the session that their tab shows. @throws what the store throws */
  note(heard: readonly Heard[]): Promise<void>;
  /** The tab is closed. */
  forget(tab: number): void;
}

export function createSessionRequests({
  registry,
  channels,
  views,
  watching,
  tabs,
}: {
  readonly registry: Registry;
  readonly channels: Channels;
  readonly views: Views;
  readonly watching: Watching;
  readonly tabs: Platform['tabs'];
}): SessionRequests {
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
    views.tell(tab, { type: 'same', key: request.key, as: twin.key });
    return true;
  }

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
      logBug(error);
    }
  }

  /** Notes requests of a watched page, where they are of the session that its tab shows. */
  async function noteRequests({ tab, origin, top }: Requester, heard: readonly Heard[]): Promise<void> {
    if (!(await watching.watches(origin))) return;
    const shownTab = await tabs.get(tab);
    // One that was closed meanwhile keeps the session that it had, and gets none.
    if (!shownTab && !(await registry.sessions()).some((one) => one.tab.id === tab)) return;
    const shown = async () => {
      const session = await registry.get(tab);
      return session.visit.origin ?? session.tab.site;
    };
    // The first requests of a page may be here before the news of it. A page that is being left is no news.
    if (top && ![null, origin].includes(await shown()) && shownTab?.url !== undefined) {
      const to = originOf(shownTab.url);
      const { site } = (await registry.get(tab)).tab;
      if (site !== null && site !== to) await channels.of(tab).navigated(to);
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

  async function note(heard: readonly Heard[]): Promise<void> {
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

  return { captured, note, forget: (tab) => void paired.delete(tab) };
}
