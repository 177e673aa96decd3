/** Which carriers currently reach a tab's page, and the access that they give. */
import type { Problem } from '../session/problem';
import type { Access } from '../session/terms';
import type { Carrier } from './carrier';
import type { PanelCarrier } from './panel-carrier';
import type { Watching } from './platform';

export interface Reach {
  access(): Access;
  /** A panel connected, or disconnected (`null`). */
  panel(carrier: PanelCarrier | null): void;
  hasPanel(): boolean;
  /** Whether the page is accessible without a panel: after a toolbar click, or because its site is watched. */
  isOpen(): boolean;
  /** Whether a request has succeeded thanks to a toolbar click. */
  isVisited(): boolean;
  isWatched(): boolean;
  /** All usable carriers, best first: one may reach what another does not, such as sandboxed frames. */
  carriers(): Carrier[];
  /** The problem with which the browser last refused the scripting carrier; `null` if it did not. */
  denied(): Problem | null;
  /** Checks whether `site` is watched, if that may have changed. */
  look(site: string | null): Promise<void>;
  /** A request over this carrier succeeded. */
  reached(carrier: Carrier): void;
  /** A request over this carrier failed. Returns whether another way is left. @param isTop whether it went to the top frame */
  refused(carrier: Carrier, problem: Problem, isTop: boolean): boolean;
  /** The access that a toolbar click gave (`activeTab`) has ended. */
  left(): void;
  /** The page cannot be reached any more. */
  lost(): void;
  /** The scripting carrier may be tried again after a refusal. */
  retry(): void;
  /** The tab shows another page: all carriers may be tried again. */
  moved(): void;
  /** The browser's permissions changed: replies to earlier requests (those with another `epoch`) no longer count. */
  permitted(): void;
  epoch(): number;
}

/** @param scripting the carrier that works after a toolbar click or on a watched site */
export function createReach(tab: number, scripting: Carrier, watching: Pick<Watching, 'has' | 'access'>): Reach {
  let panel: PanelCarrier | null = null;
  /** Whether the toolbar click's grant was seen to work, and the problem when it was last seen not to. */
  let visit = false;
  let denied: Problem | null = null;
  /** DevTools has no access to the page, for example because it is sandboxed; a toolbar click may still give access. */
  let shut = false;
  /** Whether the tab's site is watched, and the site for which that was checked. */
  let watch: { readonly site: string | null; readonly granted: boolean } | null = null;
  let epoch = 0;
  const isWatched = () => watch?.granted === true;
  const carriers = (): Carrier[] => {
    const ways = isWatched() ? [scripting, panel] : panel ? [panel, visit ? scripting : null] : [scripting];
    return ways.filter((way) => way !== null && !(way === scripting ? denied : shut && visit)) as Carrier[];
  };
  return {
    access: () => (isWatched() ? watching.access : visit ? 'visit' : panel ? 'panel' : 'none'),
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
        // The panel may still reach the page.
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
