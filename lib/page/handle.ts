/** Where the agent's handle stands in a page. */
import type { Driving } from './driver';
import { page } from './global';
import type { KIT } from './kit';
import { symbolOf } from './symbols';
import { type AgentRequest, type Awaited, HANDLE_KEY } from './wire';

/** The handle in the page. Holds nothing that the page could not read from its SDK. */
export interface AgentHandle {
  readonly version: number;
  /** Gives the answer's JSON; where `wait` says that it may wait, something to be awaited. */
  exchange(request: AgentRequest): string | Awaited;
  /** What it lends to what drives clients. */
  readonly kit: typeof KIT;
  /** Gives the agent what drives clients; the first that comes stays. */
  equip(make: Driving): void;
  /** Looks now, and wraps what it finds: for the first line of a watched page. Gives the places where an SDK stands that is not ready; `null` where nothing more is to be waited for. */
  look(): readonly string[] | null;
  revert(): void;
}

/** The handle that stands in this document, of whatever version. */
export const agentOf = (): AgentHandle | undefined =>
  (page as unknown as Record<PropertyKey, AgentHandle | undefined>)[symbolOf(HANDLE_KEY)];
