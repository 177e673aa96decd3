import { createClient } from './driver';
import { agentOf } from './handle';
import { AGENT_VERSION } from './wire';

/** Gives this document's agent what drives a client. */
export function equipAgent(): void {
  const handle = agentOf();
  if (handle?.version === AGENT_VERSION) handle.equip(createClient);
}
