/** The SDKs' requests as the history records them: each once, whether DevTools, the page or both saw it. */

import type { Captured, RequestRecord } from '../network/request';
import { isSameRequest, nearestTo } from '../network/requests';
import type { Effect, Transition } from './events';
import { numbered } from './history/numbering';
import { type Session, withPart } from './session';

/** How many of the latest requests a new one is compared with. */
const KEPT = 100;

/** Merges two sightings of one request; known values of the first take precedence. */
const together = (first: Captured, other: Captured): Captured => ({
  ...first,
  endedAt: first.endedAt ?? other.endedAt,
  status: first.status ?? other.status,
  problem: other.status === null ? first.problem : null,
  bearer: first.bearer ?? other.bearer,
  gave: first.gave ?? other.gave,
  size: first.size ?? other.size,
});

/**
 * Notes requests that were seen. One that is already noted, or that the other source saw too, gets another entry only if more
 * is known about it now: of several entries with one key the latest counts. `records`: their full data for the views.
 */
export function noteRequests(session: Session, requests: readonly Captured[], records: readonly RequestRecord[] = []): Transition {
  let next = session;
  const effects: Effect[] = [];
  for (const request of requests) {
    const { captured } = next.tab;
    const known = captured.find(({ key, same }) => key === request.key || same === request.key);
    const alike = captured.filter((one) => one.same === null && isSameRequest(one, request));
    const same = known ?? nearestTo(request, alike);
    if (same) {
      if (same.key !== request.key) effects.push({ type: 'same', key: request.key, as: same.key });
      const { same: seenAs, ...told } = same;
      const more = together(told, request);
      const isMore = JSON.stringify(more) !== JSON.stringify(told);
      if (!isMore && known) continue;
      const kept = { ...more, same: seenAs ?? (same.key === request.key ? null : request.key) };
      if (isMore) {
        const made = numbered(next, next.history.nth, { kind: 'request', ...more });
        effects.push({ type: 'note', entry: made.entry });
        next = made.session;
      }
      next = withPart(next, 'tab', { captured: captured.map((one) => (one === same ? kept : one)) });
      continue;
    }
    const made = numbered(next, next.history.nth, { kind: 'request', ...request });
    effects.push({ type: 'note', entry: made.entry });
    next = withPart(made.session, 'tab', { captured: [...captured, { ...request, same: null }].slice(-KEPT) });
  }
  for (const record of records) effects.push({ type: 'detail', key: record.key, detail: { request: record } });
  return { session: next, effects };
}
