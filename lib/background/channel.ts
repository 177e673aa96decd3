/** The way to one tab's page: chooses the carrier, keeps a request waiting there while anybody looks, sends commands. */
import type { AgentCommand, AgentRequest } from '../sdk/wire';
import { type Problem, problemOf } from '../session/problem';
import type { Access } from '../session/session';
import type { Carrier } from './carrier';
import type { PanelCarrier } from './panel-carrier';
import type { Registry } from './registry';

/** How long one request waits for news (ms): under the agent's lease, and under the 30 s after which a worker is stopped. */
const WAIT = 5000;
/** The pause before trying again where the page is navigating (ms). */
const SOON = 150;
/** The pause before asking a page again that does not answer, or answers rubbish (ms). */
const LATER = 500;
/** The pause between two requests that brought news (ms). */
const BREATH = 30;
/** An open panel connects again within this time (ms). */
const PANEL_COMES = 1000;
/** So many times in a row a page may be gone between two documents, before that is told. */
const GONE_PATIENCE = 12;
/** Requests that collect what a reading brings while nobody looks: the SDK answers in its own time. */
const COLLECT = 3;

export interface Channel {
  /** Whether a view shows the tab just now. */
  showing(showing: boolean): void;
  /** A panel came or went. */
  panel(carrier: PanelCarrier | null): void;
  /** Something may have changed (a click on the toolbar, a navigation): try again. */
  probe(): Promise<void>;
  /** Sends a command now, and stays until what it brings is known. */
  send(command: AgentCommand): Promise<void>;
  /** The tab is gone: nothing is asked or applied any more. */
  close(): void;
}

/** `reached`: answered. `silent`: reached, and no answer. `between`: between two documents. `lost`: no way there. */
type Exchanged = 'reached' | 'silent' | 'between' | 'lost';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The channel of one tab. `scripting` is tried first after a toolbar click; a panel comes and goes. */
export function createChannel(tab: number, registry: Registry, scripting: Carrier): Channel {
  let panel: PanelCarrier | null = null;
  /** Whether the toolbar click's grant was seen to hold, and what the browser said when it was seen not to. */
  let visit = false;
  let denied: Problem | null = null;
  let showing = false;
  let pumping = false;
  let again = false;
  let closed = false;
  let between = 0;

  const access = (): Access => (visit ? 'visit' : panel ? 'panel' : 'none');

  async function request(wait: number, command?: AgentCommand): Promise<AgentRequest> {
    const { cursor, document } = await registry.get(tab);
    return { cursor, document, wait, showing, ...(command && { command }) };
  }

  /** Asks by the best carrier there is, and applies the answer. @throws what the store throws */
  async function exchange(wait: number, command?: AgentCommand): Promise<Exchanged> {
    if (closed) return 'lost';
    const carrier = panel ?? (denied ? null : scripting);
    if (!carrier) return denied ? fail(denied) : 'lost';
    try {
      const reply = await carrier.exchange(await request(wait, command));
      if (closed) return 'lost';
      if (carrier === scripting) visit = true;
      between = 0;
      await registry.apply(tab, { type: 'access', access: access() }, { type: 'reply', reply });
      return 'reached';
    } catch (error) {
      const problem = problemOf(error);
      if (carrier === scripting && (problem.kind === 'access' || problem.kind === 'forbidden')) {
        visit = false;
        denied = problem;
      }
      return fail(problem);
    }
  }

  async function fail(problem: Problem): Promise<Exchanged> {
    if (closed) return 'lost';
    if (problem.kind === 'bug') console.error(problem.message);
    // A navigation, or a panel that closed: the next round finds the new document, or the other carrier.
    if (problem.kind === 'gone' && problem.code) {
      between += 1;
      if (between % GONE_PATIENCE === 0) await registry.apply(tab, { type: 'silent', problem });
      return 'between';
    }
    const lost = problem.kind === 'access' || problem.kind === 'forbidden' || problem.kind === 'gone';
    await registry.apply(tab, { type: 'access', access: access() }, lost ? { type: 'lost', problem } : { type: 'silent', problem });
    return lost ? 'lost' : 'silent';
  }

  async function wanted(): Promise<boolean> {
    if (closed) return false;
    if (showing) return true;
    const { stage } = await registry.get(tab);
    return stage.phase === 'attached' && stage.activity.kind !== 'idle';
  }

  /** Tells the agent that nobody looks any more, so that it unwraps the page's methods at once. */
  async function release(): Promise<void> {
    const last = await request(0);
    if (!showing) await scripting.exchange(last).catch(() => undefined);
  }

  /** Keeps a request waiting in the page while it is wanted. One loop: a call while it runs makes it look once more. */
  async function pump(): Promise<void> {
    again = true;
    if (pumping) return;
    pumping = true;
    try {
      while (again) {
        again = false;
        // The first answer comes at once, so that a view is filled at once.
        for (let wait = 0; await wanted(); ) {
          const exchanged = await exchange(wait).catch(storeFailed);
          if (exchanged === 'lost') break;
          // A page that does not answer is asked again in a while; one that always has news gets no tight loop.
          if (exchanged !== 'reached') await pause(exchanged === 'between' ? SOON : LATER);
          else if (wait > 0) await pause(BREATH);
          wait = exchanged === 'reached' ? WAIT : 0;
        }
      }
    } finally {
      pumping = false;
    }
  }

  return {
    showing(next) {
      const was = showing;
      showing = next;
      if (was && !next && visit) void release();
      void pump();
    },
    panel(carrier) {
      panel = carrier;
      void pump();
    },
    async probe() {
      // With a panel open nothing else tries the click's grant, nor notices that it ended with the origin.
      if (visit && !panel) return;
      denied = null;
      if (panel) {
        visit = await scripting.exchange(await request(0)).then(
          () => true,
          () => false,
        );
        await registry.apply(tab, { type: 'access', access: access() }).catch(storeFailed);
      }
      void pump();
    },
    async send(command) {
      // A worker that an alarm woke is there before the panel has connected again.
      if (!panel && (await registry.get(tab)).access === 'panel') await pause(PANEL_COMES);
      let exchanged = await exchange(0, command).catch(storeFailed);
      // Between two documents nobody took it; in a new one the agent refuses it.
      for (let tries = 1; exchanged === 'between' && tries < GONE_PATIENCE; tries += 1) {
        await pause(SOON);
        exchanged = await exchange(0, command).catch(storeFailed);
      }
      if (command.kind === 'read' && !(await wanted())) {
        for (let round = 0; round < COLLECT && exchanged === 'reached'; round += 1) exchanged = await exchange(WAIT).catch(storeFailed);
        await registry.apply(tab, { type: 'tick' }).catch(storeFailed);
      }
      void pump();
    },
    close() {
      closed = true;
    },
  };
}

/** What could not be stored was not told either: the same news come with the next request. */
function storeFailed(error: unknown): Exchanged {
  console.error(problemOf(error).message);
  return 'silent';
}
