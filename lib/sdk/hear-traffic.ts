import { agentOf } from './handle';
import { observeTraffic } from './traffic';
import { AGENT_VERSION } from './wire';

/** Has this document's agent hear of the page's requests, for as long as the site is watched. */
export function hearTraffic(): void {
  const handle = agentOf();
  if (handle?.version === AGENT_VERSION) handle.hear(observeTraffic);
}
