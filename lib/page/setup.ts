import { PAGE_TABLES } from '../sdk/dialects/page';
import { AGENT_VERSION, type Place, type Setup } from './wire';

const idOf = (places: string) => `${AGENT_VERSION}${places}`;

/** The setup of all sites. Made without anything that a page could have replaced. */
export const COMMON: Setup = { id: idOf('[]'), dialects: PAGE_TABLES, places: [] };

/** The setup for agents on a site whose settings add these places. */
export const pageSetup = (places: readonly Place[]): Setup =>
  places.length ? { ...COMMON, id: idOf(JSON.stringify(places)), places } : COMMON;
