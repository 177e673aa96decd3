import { PAGE_TABLES } from '../sdk/dialects/page';
import { AGENT_VERSION, type Place, type Setup } from './wire';

/** What agents are told to look for on a site with these places of its own. */
export const pageSetup = (places: readonly Place[]): Setup => ({
  id: `${AGENT_VERSION}${JSON.stringify(places)}`,
  dialects: PAGE_TABLES,
  places,
});
