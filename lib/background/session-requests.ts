/** Passes requests of the SDKs to the sessions: those that a panel saw, and those of watched pages. */

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

/** The session itself compares requests among this many latest entries; it remembers more than that (`lib/session/captured.ts`). */
const RECENT = 50;

const pageOf = ({ tab, origin, top }: Requester) => `${tab} ${top} ${origin}`;

export interface SessionRequests {
  /** Adds requests that a panel saw to the session and confirms them: until then, the panel resends them when it reconnects. */
  captured(view: View, message: MessageOf<'captured'>): Promise<void>;
  /** Adds requests of watched pages that belong to the session their tab shows. @throws what the store throws */
  note(heard: readonly Heard[]): Promise<void>;
  /** The tab was closed. */
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
  /** By tab: maps the key of an older request, seen on the watched page, to the key under which a panel reported it later. */
  const paired = new Map<number, Map<string, string>>();

  /**
   * Whether the history already has a panel's request as seen on the watched page; if so, tells the views that they are the
   * same. Skips recent entries, which the session itself compares.
   */
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
    // A newly opened panel sends all requests again.
    const known = new Map(entries.flatMap((entry) => (entry.kind === 'request' ? [[entry.key, entry] as const] : [])));
    const isNews = ({ key, status, gave }: Captured) => known.get(key)?.status !== status || known.get(key)?.gave !== gave;
    const news = requests.filter(isNews).filter((request) => !seenInPage(view, request, entries));
    try {
      await registry.apply(view.tab, { type: 'requests', requests: news });
      view.post({ type: 'answer', id, problem: null });
    } catch (error) {
      // Unconfirmed requests are sent again when the panel reconnects.
      logBug(error);
    }
  }

  /** Adds requests of a watched page if they belong to the session its tab shows. */
  async function noteRequests({ tab, origin, top }: Requester, heard: readonly Heard[]): Promise<void> {
    if (!(await watching.watches(origin))) return;
    const shownTab = await tabs.get(tab);
    // A tab that was closed meanwhile keeps the session it has, but does not get a new one.
    if (!shownTab && !(await registry.sessions()).some((one) => one.tab.id === tab)) return;
    const shown = async () => {
      const session = await registry.get(tab);
      return session.visit.origin ?? session.tab.site;
    };
    // A page's first requests may arrive before its navigation event. Requests of a page being left are not a navigation.
    if (top && ![null, origin].includes(await shown()) && shownTab?.url !== undefined) {
      const to = originOf(shownTab.url);
      const { site } = (await registry.get(tab)).tab;
      if (site !== null && site !== to) await channels.of(tab).navigated(to);
    }
    const now = await shown();
    // If the tab has no session yet, accept only requests of its current page; a page that was left at once gets no session.
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
