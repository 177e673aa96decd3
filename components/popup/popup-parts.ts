/** The parts of the popup that are chunks of their own. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { holderOf, isUnread, type Session } from '@/lib/session/session';
import { later } from '../ui/later';

export const Actions = later(async () => (await import('../operations/actions')).Actions);
export const EmptyState = later(async () => (await import('../header/empty-state')).EmptyState);
export const Limits = later(async () => (await import('../header/limits')).Limits);
/** These load after what the popup is opened for. */
export const PopupDetails = later(async () => (await import('./popup-details')).PopupDetails);
export const PopupIssues = later(async () => (await import('./popup-issues')).PopupIssues);

/** They load while the page is read: a session, or why there is none, shows together with what can be done. */
const AT_START = [Actions, EmptyState, Limits];
for (const { request } of AT_START) request();

/** How long a session of which nothing was read yet is held back (ms): most popups know it sooner, and would only jump. */
const HOLD = 400;

/** Whether nothing of the page was read yet, not even that it has no SDK. */
function isUnknown({ stage }: Session): boolean {
  const holder = holderOf(stage);
  if (!holder) return stage.phase === 'searching' && !stage.candidate;
  return holder.customer.uuid === null && holder.customer.trouble === null && isUnread(holder.token);
}

/** What the popup shows of a session; `null` as long as it is better to wait. */
export function useShown(session: Session | null): Session | null {
  const isLate = useSignal(false);
  const isThere = session !== null;
  useEffect(() => {
    if (!isThere) return undefined;
    const timer = setTimeout(() => {
      isLate.value = true;
    }, HOLD);
    return () => clearTimeout(timer);
  }, [isThere]);
  const isReady = AT_START.every(({ isSettled }) => isSettled.value);
  return session && isReady && (isLate.value || !isUnknown(session)) ? session : null;
}
