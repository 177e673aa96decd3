import type { Markup } from '../page/markup';
import type { AgentReply, AgentRequest } from '../page/wire';
import { parseAgentReply } from '../protocol/agent';

/** How a carrier names a frame; `null` for the top frame. */
export type Frame = string | null;

/** What stands in the frames of a tab, as far as a carrier reaches. */
export interface FrameList {
  readonly frames: readonly { readonly frame: Frame; readonly reply: AgentReply }[];
  /** Addresses of the frames that it does not reach; empty for one whose address is not known. */
  readonly beyond: readonly string[];
}

/** One way to the agents in a tab's page. */
export interface Carrier {
  /** Puts the agent there if it is not, and asks it. @throws {ProblemError} */
  exchange(request: AgentRequest, frame: Frame): Promise<AgentReply>;
  /** Brings what drives clients to the agent in a frame. @throws {ProblemError} */
  equip(frame: Frame): Promise<void>;
  /** Puts the relay beside the agent in a frame, and tells it the name of the agent's bell; only where a site can be watched. @throws {ProblemError} */
  hang?(frame: Frame, bell: string): Promise<void>;
  /** What a frame's document says of its SDK. `null`: the page answered rubbish. @throws {ProblemError} */
  markup(frame: Frame): Promise<Markup | null>;
  /** Asks the agents of all frames. @throws {ProblemError} */
  list(request: AgentRequest): Promise<FrameList>;
}

/** The frames whose answer is an agent's. */
export function readable(answers: readonly { readonly frame: Frame; readonly answer: unknown }[]): FrameList['frames'] {
  return answers.flatMap(({ frame, answer }) => {
    try {
      return [{ frame, reply: parseAgentReply(answer) }];
    } catch {
      // One frame that answers rubbish, or went away, does not hide the others.
      return [];
    }
  });
}

/** The page gets so much longer than the wait that it was asked for (ms). */
export const CARRIER_GRACE = 4000;

/** Rejects with what `late` makes if `work` takes more than `ms`. */
export function withDeadline<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
