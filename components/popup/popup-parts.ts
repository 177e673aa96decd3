/** The parts of the popup that are chunks of their own. */
import { computed } from '@preact/signals';
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
export const isPopupReady = computed(() => AT_START.every(({ isSettled }) => isSettled.value));
