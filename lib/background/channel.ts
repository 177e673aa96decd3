/** The way to one tab's page: chooses the carrier, keeps a request waiting there while anybody looks, sends commands. */
import type { AgentCommand, AgentRequest } from '../sdk/wire';
import { type Problem, problemOf } from '../session/problem';
import type { Access } from '../session/session';
import type { Carrier } from './carrier';
import type { PanelCarrier } from './panel-carrier';
import type { Registry } from './registry';

/** How long one request waits for news (ms): under the agent's lease, and under the 30 s after which a worker is stopped. */
const WAIT = 5000;
/** The pause before trying again where the page is navigating or does not answer (ms). */
const SOON = 150;
/** The pause between two requests that brought news (ms). */
const BREATH = 30;
export interface Channel {
  /** Whether a view shows the tab just now. */
  showing(showing: boolean): void;
  /** A panel came or went. */
  panel(carrier: PanelCarrier | null): void;
  /** Something may have changed (a click on the toolbar, a navigation): try again. */
  probe(): Promise<void>;
  send(command: AgentCommand): Promise<void>;
  close(): void;
}

export function createChannel(tab: number, registry: Registry, scripting: Carrier): Channel {
  let panel: PanelCarrier | null = null;
  /** Whether the toolbar click's grant was seen to hold, and what the browser said when it was seen not to. */
  let visit = false;
  let denied: Problem | null = null;
  let showing = false;
  let pumping = false;
  let again = false;
  let closed = false;

  const access = (): Access => (visit ? 'visit' : panel ? 'panel' : 'none');

  async function request(wait: number, command?: AgentCommand): Promise<AgentRequest> {
    const { cursor, document } = await registry.get(tab);
    return { cursor, document, wait, showing, ...(command && { command }) };
  }

  /** Asks by the best carrier there is, and applies the answer. Gives false where no carrier reaches the page. */
  async function exchange(wait: number, command?: AgentCommand): Promise<boolean> {
    const carrier = panel ?? (denied ? null : scripting);
    if (!carrier) {
      if (denied) await registry.apply(tab, { type: 'access', access: access() }, { type: 'lost', problem: denied });
      return false;
    }
    try {
      const reply = await carrier.exchange(await request(wait, command));
      if (closed) return false;
      if (carrier === scripting) visit = true;
      await registry.apply(tab, { type: 'access', access: access() }, { type: 'reply', reply });
      return true;
    } catch (error) {
      if (closed) return false;
      const problem = problemOf(error);
      if (carrier === scripting && (problem.kind === 'access' || problem.kind === 'forbidden')) {
        visit = false;
        denied = problem;
      }
      if (problem.kind === 'bug') console.error(problem.message);
      // A navigation, or a panel that closed: the next round finds the new document, or the other carrier.
      if (problem.kind === 'gone' && problem.code) return pause(SOON);
      const lost = problem.kind === 'access' || problem.kind === 'forbidden' || problem.kind === 'gone';
      // With nobody looking, what is known stays: whoever looks next tries again.
      await registry.apply(
        tab,
        { type: 'access', access: access() },
        lost && showing ? { type: 'lost', problem } : { type: 'silent', problem },
      );
      return !lost;
    }
  }

  const pause = (ms: number) => new Promise<true>((resolve) => setTimeout(() => resolve(true), ms));

  async function wanted(): Promise<boolean> {
    if (closed) return false;
    if (showing) return true;
    const { stage } = await registry.get(tab);
    return stage.phase === 'attached' && stage.activity.kind !== 'idle';
  }

  /** Tells the agent that nobody looks any more, so that it unwraps the page's methods at once. */
  async function exchangeLast(): Promise<void> {
    await scripting.exchange({ ...(await request(0)), showing: false }).catch(() => undefined);
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
          if (!(await exchange(wait))) break;
          const { silence } = await registry.get(tab);
          // A page that does not answer is asked again soon; one that always has news gets no tight loop.
          if (silence || wait > 0) await pause(silence ? SOON : BREATH);
          wait = silence ? 0 : WAIT;
        }
      }
    } finally {
      pumping = false;
    }
  }

  return {
    showing(next) {
      if (showing && !next && visit) void exchangeLast();
      showing = next;
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
        await registry.apply(tab, { type: 'access', access: access() });
      }
      void pump();
    },
    async send(command) {
      await exchange(0, command);
      void pump();
    },
    close() {
      closed = true;
    },
  };
}
