import type { AgentCommand, AgentRequest, Report } from '@/lib/sdk/wire';
import { type Draft, ORIGIN } from './make';

/** A page with an agent that says what a test makes it say, and waits for news as the real one does. */
export interface FakeAgent {
  /** False: there is no agent there until it is injected. */
  present: boolean;
  injected: number;
  readonly requests: AgentRequest[];
  readonly commands: AgentCommand[];
  /** What the page does at a command. */
  onCommand: (command: AgentCommand) => void;
  say(...drafts: Draft[]): void;
  /** Another document stands there now; whoever waited for the last one hears nothing. */
  navigate(document: string, origin?: string): void;
  exchange(request: AgentRequest): Promise<string | null>;
}

export function fakeAgent(document: string, origin = ORIGIN): FakeAgent {
  let name = document;
  let at = origin;
  let reports: Report[] = [];
  let heard = new Set<() => void>();
  const agent: FakeAgent = {
    present: true,
    injected: 0,
    requests: [],
    commands: [],
    onCommand: () => undefined,
    say(...drafts) {
      for (const draft of drafts) reports.push({ ...draft, seq: reports.length + 1, at: Date.now() } as Report);
      for (const hear of [...heard]) hear();
    },
    navigate(next, nextOrigin = at) {
      [name, at, reports, heard] = [next, nextOrigin, [], new Set()];
    },
    async exchange(request) {
      agent.requests.push(request);
      if (!agent.present) return null;
      const own = request.document === name;
      if (request.command && (own || request.document === null)) {
        agent.commands.push(request.command);
        agent.onCommand(request.command);
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
      return JSON.stringify({ document: name, origin: at, at: Date.now(), reports: news() });
    },
  };
  return agent;
}
