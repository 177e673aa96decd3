import { agentOf } from './handle';
import { COMMON } from './setup';
import { AGENT_VERSION } from './wire';

/** Gives this document's agent the setup that all sites have: with a request, it would take the browser many times as long. */
export function prepareAgent(): void {
  const handle = agentOf();
  if (handle?.version === AGENT_VERSION) handle.setup(COMMON);
}
