/** What a person set, and what of it holds for a site. No secrets: it goes to disk. */
import * as z from 'zod/mini';
import { DIALECT_NAMES, type Place } from './sdk/wire';

/** Raised when the shape changes, with a step that brings the older one up. */
export const SETTINGS_VERSION = 1;

/** Where they are kept in `storage.local`. */
export const SETTINGS_KEY = 'settings';

export interface Settings {
  readonly version: typeof SETTINGS_VERSION;
  /** By origin: where the SDK stands, beside the well-known places. */
  readonly places: Readonly<Record<string, readonly Place[]>>;
}

export const NO_SETTINGS: Settings = { version: SETTINGS_VERSION, places: {} };

/** A path of member names from the page's globals, such as `app.services.synerise`. */
export const PATH_PATTERN = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(\.[\p{ID_Continue}$]+)*$/u;

/** How long a path may be, and how many places a site may have. */
export const MAX_PATH = 200;
export const MAX_PLACES = 20;

const place = z.object({ path: z.string().check(z.maxLength(MAX_PATH), z.regex(PATH_PATTERN)), dialect: z.enum(DIALECT_NAMES) });
const settings = z.object({ version: z.literal(SETTINGS_VERSION), places: z.record(z.string(), z.array(z.unknown())) });

/** Settings as they were stored: what of them is readable, and none where they are of another version. */
export function parseSettings(stored: unknown): Settings {
  const parsed = settings.safeParse(stored);
  if (!parsed.success) return NO_SETTINGS;
  const places: Record<string, readonly Place[]> = {};
  for (const [origin, all] of Object.entries(parsed.data.places)) {
    const readable = all.flatMap((one) => {
      const { success, data } = place.safeParse(one);
      return success ? [data] : [];
    });
    if (readable.length) Object.defineProperty(places, origin, { value: readable.slice(0, MAX_PLACES), enumerable: true });
  }
  return { version: SETTINGS_VERSION, places };
}

/** `settings` with the places of one site replaced. */
export function withPlaces(settings: Settings, origin: string, places: readonly Place[]): Settings {
  const { [origin]: _, ...others } = settings.places;
  return { ...settings, places: places.length ? { ...others, [origin]: places } : others };
}
