import { PAGE_TABLES } from '../sdk/dialects/page';
import { AGENT_VERSION, type Place, type Setup } from './wire';

/** The setup for agents on a site whose settings add these places. */
export const pageSetup = (places: readonly Place[]): Setup => ({
  id: `${AGENT_VERSION}${JSON.stringify(places)}`,
  dialects: PAGE_TABLES,
  places,
});
