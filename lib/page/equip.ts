import { createClient } from './driver';
import { agentOf } from './handle';
import { AGENT_VERSION } from './wire';

/** Hands the client driver to this document's agent. */
export function equipAgent(): void {
  const handle = agentOf();
  if (handle?.version === AGENT_VERSION) handle.equip(createClient);
}
