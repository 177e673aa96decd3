import { browser } from 'wxt/browser';
import type { Session } from '../session/session';

/** Raised when `Session` changes shape: what another version stored is thrown away (DESIGN §3). */
const STORE_VERSION = 3;
const PREFIX = 'session:';
const keyOf = (tab: number) => `${PREFIX}${tab}`;

/** Sessions in `storage.session`: in memory, out of reach of pages, gone with the browser. */
export const store = {
  async load(): Promise<Session[]> {
    const all = await browser.storage.session.get(null);
    return Object.entries(all)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([, value]) => value as { version: number; session: Session })
      .filter(({ version }) => version === STORE_VERSION)
      .map(({ session }) => session);
  },
  save: (session: Session): Promise<void> => browser.storage.session.set({ [keyOf(session.tab)]: { version: STORE_VERSION, session } }),
  remove: (tab: number): Promise<void> => browser.storage.session.remove(keyOf(tab)),
};
