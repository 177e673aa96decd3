import { createClient } from './client';
import { AGENT_VERSION, type AgentHandle, HANDLE_KEY } from './wire';

/** Gives this document's agent what drives a client. */
export function equipAgent(): void {
  const handle = (globalThis as unknown as Record<symbol, AgentHandle | undefined>)[Symbol.for(HANDLE_KEY)];
  if (handle?.version === AGENT_VERSION) handle.equip(createClient);
}
