/** The script for an app's engine: agent, tables and client driver in one. Bundled by scripts/node-build.mjs. */
import { installAgent } from './agent';
import { equipAgent } from './equip';
import { prepareAgent } from './tables';

installAgent();
prepareAgent();
equipAgent();
