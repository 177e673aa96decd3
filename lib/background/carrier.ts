import type { AgentReply, AgentRequest } from '../sdk/wire';

/** One way to the agent in a tab's page. */
export interface Carrier {
  /** Puts the agent there if it is not, and asks it. @throws {ProblemError} */
  exchange(request: AgentRequest): Promise<AgentReply>;
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
