/** Detects Do Not Track of the Web SDK by its effects, because the SDK doesn't report it. */
import { tableOf } from '../sdk/dialects';
import type { Attached } from './events';
import type { Customer, Session } from './session';

/**
 * Whether a reading looks like Do Not Track: with its cookie set, the Web SDK generates a random UUID on each page load and
 * writes no cookies (hub.synerise.com, developers/web/do-not-track). Cookies that the browser blocks look the same.
 */
export function seemsUntracked(
  { page: { document }, history: { seen, lastUuid, spans }, visit: { jar, cookieNews } }: Session,
  { client }: Attached,
  { uuid, cookies }: Pick<Customer, 'uuid' | 'cookies'>,
): boolean {
  if (!tableOf(client.dialect)?.cookies || uuid === null || cookies.length > 0 || (jar !== null && jar.length > 0) || !seen) return false;
  // Within one document the SDK keeps the setting it started with.
  if (seen.document === document) return seen.facts['doNotTrack'] === 'likely';
  const since = spans.uuid?.from ?? 0;
  return lastUuid !== null && uuid !== lastUuid && !cookieNews.some(({ at }) => at >= since);
}
