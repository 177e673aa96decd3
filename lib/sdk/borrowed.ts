/**
 * In the build of what drives a client this stands in for `own.ts`, `builtins.ts` and `path.ts` (wxt.config.ts): the agent
 * that it comes to lends them.
 */
import { agentOf } from './handle';
import type { KIT } from './kit';
import { AGENT_VERSION } from './wire';

export { page } from './global';

const handle = agentOf();
// Where the page took the agent away, nothing is driven: what is tried as this is loaded finds nothing.
const nothing = [() => undefined] as unknown as typeof KIT;

export const [
  working,
  apply,
  defineProperty,
  getOwnPropertyDescriptor,
  isArray,
  missingBuiltins,
  pageNow,
  concat,
  each,
  filter,
  find,
  includes,
  indexIn,
  isAt,
  join,
  jsonOf,
  map,
  part,
  push,
  some,
  split,
  starts,
  table,
  take,
  reach,
  read,
] = handle?.version === AGENT_VERSION ? handle.kit : nothing;
