/** The messages between the panel's tab and the process that serves it, around those of the panel's port. */

export const PORT_PATH = '/port';
/** The WebSocket subprotocol; the tab's key follows it as a second one, because a page can't set any other header. */
export const PROTOCOL = 'synerise-session-inspector';

export type ToPanel =
  /** The tab's own key, to connect with again. */
  | { readonly key: string }
  | { readonly port: unknown }
  | { readonly answer: number; readonly value: unknown }
  | { readonly changed: Readonly<Record<string, { readonly newValue?: unknown }>> };

export type ToServer =
  /** Opens the port of this name. */
  | { readonly open: string }
  | { readonly port: unknown }
  /** Reads or writes `storage.local`. */
  | { readonly ask: number; readonly get?: string | readonly string[]; readonly set?: Readonly<Record<string, unknown>> };
