import { observeTraffic } from './traffic';
import { AGENT_VERSION, type AgentHandle, HANDLE_KEY } from './wire';

/** Has this document's agent hear of the page's requests, for as long as the site is watched. */
export function hearTraffic(): void {
  const handle = (globalThis as unknown as Record<symbol, AgentHandle | undefined>)[Symbol.for(HANDLE_KEY)];
  if (handle?.version === AGENT_VERSION) handle.hear(observeTraffic);
}
