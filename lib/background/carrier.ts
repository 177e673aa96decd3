import type { Markup } from '../page/markup';
import type { AgentReply, AgentRequest } from '../page/wire';
import { parseAgentReply } from '../protocol/agent';

/** A carrier's name for a frame; `null` for the top frame. */
export type Frame = string | null;

/** The agents' replies in the frames of a tab that a carrier reaches. */
export interface FrameList {
  readonly frames: readonly { readonly frame: Frame; readonly reply: AgentReply }[];
  /** URLs of the frames that it does not reach; an empty string for an unknown URL. */
  readonly beyond: readonly string[];
}

/** One way to the agents in a tab's page. */
export interface Carrier {
  /** Sends a request to the agent in a frame, and injects the agent first if it is missing. @throws {ProblemError} */
  exchange(request: AgentRequest, frame: Frame): Promise<AgentReply>;
  /** Injects the driver script for the agent in a frame. @throws {ProblemError} */
  equip(frame: Frame): Promise<void>;
  /**
   * Injects the relay beside the agent in a frame, and sends it the name of the agent's bell. Missing in carriers that cannot
   * watch a site. @throws {ProblemError}
   */
  hang?(frame: Frame, bell: string): Promise<void>;
  /** Reads the markup of a frame's document. `null` if the page's answer is invalid. @throws {ProblemError} */
  markup(frame: Frame): Promise<Markup | null>;
  /** Sends a request to the agents of all frames. @throws {ProblemError} */
  list(request: AgentRequest): Promise<FrameList>;
}

/** The frames with a valid agent reply. */
export function readable(answers: readonly { readonly frame: Frame; readonly answer: unknown }[]): FrameList['frames'] {
  return answers.flatMap(({ frame, answer }) => {
    try {
      return [{ frame, reply: parseAgentReply(answer) }];
    } catch {
      // A frame that is gone or gives an invalid answer must not hide the others.
      return [];
    }
  });
}

/** How much longer than the requested wait a page may take to answer (ms). */
export const CARRIER_GRACE = 4000;

/** Rejects with the error from `late` if `work` takes more than `ms` milliseconds. */
export function withDeadline<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
