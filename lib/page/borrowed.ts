/** The agent's kit; in the build of the client driver it replaces `own.ts`, `builtins.ts` and `path.ts` (scripts/page-build.ts). */
import { agentOf } from './handle';
import type { KIT } from './kit';
import { AGENT_VERSION } from './wire';

export { page } from './global';

const handle = agentOf();
// If the page removed the agent, nothing is driven: `working`, which runs while this script loads, finds nothing.
const nothing = [() => undefined] as unknown as typeof KIT;

export const kit = handle?.version === AGENT_VERSION ? handle.kit : nothing;
