/** Where the agent's handle stands in a page. */
import { page } from './global';
import { type AgentHandle, HANDLE_KEY } from './wire';

/** A registered symbol; the key itself where the page replaced `Symbol`. `callAgent` does the same. */
export function symbolOf(key: string): PropertyKey {
  try {
    const symbol = Symbol.for(key);
    return typeof symbol === 'symbol' ? symbol : key;
  } catch {
    return key;
  }
}

/** The handle that stands in this document, of whatever version. */
export const agentOf = (): AgentHandle | undefined =>
  (page as unknown as Record<PropertyKey, AgentHandle | undefined>)[symbolOf(HANDLE_KEY)];
