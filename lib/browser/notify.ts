import type { Notice, Session } from '../session/session';
import { nativeBrowser } from './native-browser';

const PREFIX = 'session:';

const WORDS: Readonly<Record<Notice, string>> = {
  'near-expiry': 'Token expires soon.',
  failing: 'Token expires soon, and refreshing it failed.',
  expired: 'Token expired.',
};

/** Shows a browser notification about a token, if the user allowed notifications. It contains no token and no UUID. */
export async function notifyOf(
  { tab: { id: tab, site }, visit: { origin }, history: { signedOut } }: Session,
  notice: Notice,
): Promise<void> {
  // The polyfill has only the APIs that existed when the worker started; this permission may be newer.
  const { notifications } = nativeBrowser();
  const out = notice === 'expired' && signedOut?.expired ? ' Customer signed out.' : '';
  await notifications
    ?.create(`${PREFIX}${tab}`, {
      type: 'basic',
      iconUrl: '/icon-128.png',
      title: `Synerise session: ${(site ?? origin ?? 'a page').replace(/^https?:\/\//, '')}`,
      message: `${WORDS[notice]}${out}`,
    })
    .catch(() => undefined);
}

/** Shows a notification's tab when the notification is clicked. Call synchronously at startup: it adds a listener. */
export function followNotifications(): void {
  const { notifications, tabs, windows } = nativeBrowser();
  notifications?.onClicked.addListener((id) => {
    if (!id.startsWith(PREFIX)) return;
    void notifications.clear(id);
    void tabs
      .update(Number(id.slice(PREFIX.length)), { active: true })
      .then(({ windowId = windows.WINDOW_ID_CURRENT }) => windows.update(windowId, { focused: true }))
      // The tab was closed meanwhile.
      .catch(() => undefined);
  });
}
