/** By which ways a tab's page is reached just now, and how far that goes. */
import type { Problem } from '../session/problem';
import type { Access } from '../session/terms';
import type { Carrier } from './carrier';
import type { PanelCarrier } from './panel-carrier';
import type { Watching } from './platform';

export interface Reach {
  access(): Access;
  /** A panel came (`null`: it went). */
  panel(carrier: PanelCarrier | null): void;
  hasPanel(): boolean;
  /** The browser lets us in without a panel: after a click on the toolbar button, or since the site is watched. */
  isOpen(): boolean;
  /** A click on the toolbar button was seen to hold. */
  isVisited(): boolean;
  isWatched(): boolean;
  /** All ways there are, best first: what one does not reach another may, such as sandboxed frames. */
  carriers(): Carrier[];
  /** What the browser said as it refused the last way there was; `null` where it did not. */
  denied(): Problem | null;
  /** Asks whether `site` is watched, where that may have changed. */
  look(site: string | null): Promise<void>;
  /** A carrier was let in. */
  reached(carrier: Carrier): void;
  /** A carrier was refused; gives whether another way is left. @param isTop it asked the top frame */
  refused(carrier: Carrier, problem: Problem, isTop: boolean): boolean;
  /** The click's grant holds no more. */
  left(): void;
  /** Nothing is reached any more. */
  lost(): void;
  /** What was refused before may be open now. */
  retry(): void;
  /** The tab shows another page. */
  moved(): void;
  /** The browser's permissions changed: an answer to what was asked before (another `epoch`) says nothing of them. */
  permitted(): void;
  epoch(): number;
}

/** @param scripting the way that a click on the toolbar button, or a watched site, opens */
export function createReach(tab: number, scripting: Carrier, watching: Pick<Watching, 'has'>): Reach {
  let panel: PanelCarrier | null = null;
  /** Whether the toolbar click's grant was seen to hold, and what the browser said when it was seen not to. */
  let visit = false;
  let denied: Problem | null = null;
  /** DevTools was not let into the page, which a click on the toolbar button may open: a sandboxed one. */
  let shut = false;
  /** Whether the tab's site is watched, as it was for the site that it showed then. */
  let watch: { readonly site: string | null; readonly granted: boolean } | null = null;
  let epoch = 0;
  const isWatched = () => watch?.granted === true;
  const carriers = (): Carrier[] => {
    const ways = isWatched() ? [scripting, panel] : panel ? [panel, visit ? scripting : null] : [scripting];
    return ways.filter((way) => way !== null && !(way === scripting ? denied : shut && visit)) as Carrier[];
  };
  return {
    access: () => (isWatched() ? 'watched' : visit ? 'visit' : panel ? 'panel' : 'none'),
    panel(carrier) {
      panel = carrier;
      shut = false;
    },
    hasPanel: () => panel !== null,
    isOpen: () => visit || isWatched(),
    isVisited: () => visit,
    isWatched,
    carriers,
    denied: () => denied,
    async look(site) {
      if (!watch || (site !== null && watch.site !== site)) watch = { site, granted: await watching.has(tab) };
    },
    reached(carrier) {
      if (carrier === scripting) visit = true;
    },
    refused(carrier, problem, isTop) {
      if (carrier === scripting && (problem.kind === 'access' || problem.kind === 'forbidden')) {
        visit = false;
        denied = problem;
        // The panel reaches it still.
        return carriers().length > 0;
      }
      if (carrier !== panel || problem.kind !== 'forbidden' || !isTop) return false;
      shut = true;
      return visit;
    },
    left() {
      visit = false;
    },
    lost() {
      watch = null;
    },
    retry() {
      denied = null;
    },
    moved() {
      denied = null;
      shut = false;
    },
    permitted() {
      epoch += 1;
      watch = null;
      visit = false;
      denied = null;
    },
    epoch: () => epoch,
  };
}
