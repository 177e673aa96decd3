/** Finds the agent's handle in a page. */
import type { Driving } from './driver';
import { page } from './global';
import type { KIT } from './kit';
import { symbolOf } from './symbols';
import { type AgentRequest, type Awaited, HANDLE_KEY, type Setup } from './wire';

/** The agent's handle in the page. Contains nothing that the page could not read from its SDK. */
export interface AgentHandle {
  readonly version: number;
  /** Returns the answer as JSON text, or something to await if `wait` allows the answer to wait. */
  exchange(request: AgentRequest): string | Awaited;
  /** Gives the agent a setup, unless it has one. */
  setup(common: Setup): void;
  /** What the agent lends to the client driver. */
  readonly kit: typeof KIT;
  /** Hands the client driver to the agent; the first one stays. */
  equip(make: Driving): void;
  /**
   * Looks now, and wraps what it finds; called from the first line of a watched page on. Returns the places of SDKs that
   * aren't ready; `null` if nothing more is expected.
   */
  look(): readonly string[] | null;
  revert(): void;
}

/** The handle in this document, of any version. */
export const agentOf = (): AgentHandle | undefined =>
  (page as unknown as Record<PropertyKey, AgentHandle | undefined>)[symbolOf(HANDLE_KEY)];
