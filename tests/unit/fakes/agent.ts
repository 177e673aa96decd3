import { COMMON } from '@/lib/page/setup';
import type { AgentCommand, AgentReport, AgentRequest, Setup } from '@/lib/page/wire';
import { type Draft, loadedOf, ORIGIN } from './make';

/** A page with an agent that says what a test makes it say, and waits for news as the real one does. */
export interface FakeAgent {
  /** False: there is no agent there until it is injected. */
  present: boolean;
  injected: number;
  /** What it was given to look for, and how often what drives a client was brought. */
  readonly setups: Setup[];
  equipped: number;
  /** Names of the bells that it was given; `null` where it was told to watch no more. */
  readonly watches: (string | null)[];
  watching: boolean;
  /** Called after the page said something. */
  said: () => void;
  readonly requests: AgentRequest[];
  readonly commands: AgentCommand[];
  /** What the page does at a command. */
  onCommand: (command: AgentCommand) => void;
  say(...drafts: Draft[]): void;
  /** Another document stands there now; whoever waited for the last one hears nothing. */
  navigate(document: string, origin?: string): void;
  /** Gives it the setup of all sites, unless it has one. */
  prepare(): void;
  equip(): void;
  exchange(request: AgentRequest): Promise<string | null>;
}

/** The request that `pack` made ready for its way into a page. */
export function unpacked(packed: unknown): AgentRequest {
  const of = (data: unknown): unknown => {
    if (!Array.isArray(data)) return data;
    if (!data.length) return null;
    if (data[0] === 0) return data.slice(1).map(of);
    const made: Record<string, unknown> = {};
    for (let at = 1; at < data.length; at += 2) made[data[at] as string] = of(data[at + 1]);
    return made;
  };
  return of(packed) as AgentRequest;
}

export function fakeAgent(document: string, origin = ORIGIN): FakeAgent {
  let name = document;
  let at = origin;
  let reports: AgentReport[] = [];
  let heard = new Set<() => void>();
  let setup = '';
  let equipped = false;
  let ran = new Set<string>();
  const agent: FakeAgent = {
    present: true,
    injected: 0,
    setups: [],
    equipped: 0,
    watches: [],
    watching: false,
    said: () => undefined,
    requests: [],
    commands: [],
    onCommand: () => undefined,
    say(...drafts) {
      for (const draft of drafts)
        reports.push({
          ...draft,
          ...(draft.kind === 'page' && { loaded: loadedOf(name) }),
          seq: reports.length + 1,
          at: Date.now(),
        } as AgentReport);
      for (const hear of [...heard]) hear();
      agent.said();
    },
    navigate(next, nextOrigin = at) {
      [name, at, reports, heard, setup, equipped, ran] = [next, nextOrigin, [], new Set(), '', false, new Set()];
      agent.watching = false;
    },
    prepare() {
      if (setup) return;
      agent.setups.push(COMMON);
      setup = COMMON.id;
    },
    equip() {
      agent.equipped += 1;
      equipped = true;
    },
    async exchange(request) {
      agent.requests.push(request);
      if (request.origin !== null && request.origin !== at) return `${at}\n!moved`;
      if (!agent.present) return `${at}\n`;
      if (request.setup) {
        agent.setups.push(request.setup);
        setup = request.setup.id;
      }
      const pages = reports.filter((report) => report.kind === 'page');
      const last = pages.at(-1) ?? {
        kind: 'page',
        clients: [],
        absent: false,
        load: 'loaded',
        strays: [],
        frames: 0,
        entered: '/',
        by: 'navigate',
        loaded: loadedOf(name),
      };
      const bare = !equipped && last.clients.some(({ state }) => state === 'ready');
      const reply = (told: readonly unknown[]) =>
        `${at}\n${JSON.stringify({ document: name, path: '/', at: Date.now(), setup, bare, watching: agent.watching, waits: true, missing: [], reports: told })}`;
      if (request.list) return reply([{ ...last, seq: 0, at: Date.now() }]);
      const own = request.document === name;
      if (request.watch !== undefined) {
        agent.watches.push(request.watch);
        agent.watching = request.watch !== null;
      }
      if (request.command && own) {
        const { command } = request;
        agent.commands.push(command);
        // An id that it has seen is refused.
        if (command.kind !== 'run' || !ran.has(command.id)) agent.onCommand(command);
        if (command.kind === 'run') ran.add(command.id);
      }
      const news = () => reports.filter(({ seq }) => seq > (own ? request.cursor : 0));
      if (own && !news().length && request.wait) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => hear(), request.wait);
          const hear = () => {
            clearTimeout(timer);
            heard.delete(hear);
            resolve();
          };
          heard.add(hear);
        });
      }
      return reply(news());
    },
  };
  return agent;
}
