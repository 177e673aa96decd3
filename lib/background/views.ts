/** The open views, and which messages each receives. */
import type { BackgroundMessage } from '../protocol/background-message';
import type { PanelCarrier } from './panel-carrier';

export interface View {
  readonly tab: number;
  /** The carrier over the view's `eval`; `null` if it lends none. */
  readonly carrier: PanelCarrier | null;
  readonly isPopup: boolean;
  /** Whether it shows the history. */
  readonly reads: boolean;
  /** Whether it is visible. */
  showing: boolean;
  post(message: BackgroundMessage): void;
}

export interface Views {
  add(view: View): void;
  remove(view: View): void;
  of(tab: number): readonly View[];
  /** Whether any visible view shows a tab. */
  isShown(tab: number): boolean;
  carrierOf(tab: number): PanelCarrier | null;
  /** Sends a message to all views of a tab that need it. */
  tell(tab: number, message: BackgroundMessage): void;
}

/** Messages that only views showing the history need. */
const FOR_READERS: ReadonlySet<BackgroundMessage['type']> = new Set(['history', 'detail', 'same'] as const);

export function createViews(): Views {
  const all = new Set<View>();
  const of = (tab: number): View[] => [...all].filter((view) => view.tab === tab);
  return {
    add: (view) => void all.add(view),
    remove: (view) => void all.delete(view),
    of,
    isShown: (tab) => of(tab).some(({ showing }) => showing),
    carrierOf: (tab) => of(tab).find(({ carrier }) => carrier)?.carrier ?? null,
    tell(tab, message) {
      for (const view of of(tab)) if (!FOR_READERS.has(message.type) || view.reads) view.post(message);
    },
  };
}
