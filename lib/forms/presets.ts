/** Filled forms that a person saved by name, per site: stored on this computer only, and never with a secret. */
import * as z from 'zod/mini';
import type { OperationName } from '../sdk/operations';
import type { Draft } from './draft';

const PRESETS_VERSION = 1;
/** Limits: characters of a name, and presets of a site. */
export const MAX_NAME = 60;
export const MAX_PRESETS = 50;
/** Limit for the text of a saved field (characters). */
const MAX_KEPT = 10_000;

export interface Preset {
  readonly name: string;
  readonly operation: OperationName;
  readonly draft: Draft;
}
/** By origin. */
export type Presets = Readonly<Record<string, readonly Preset[]>>;

const text = z.string().check(z.maxLength(MAX_KEPT));
const filled = z.union([
  text,
  z.boolean(),
  z.array(z.object({ key: text, text })).check(z.maxLength(200)),
  z.record(z.string(), z.enum(['', 'true', 'false'])),
]);
const preset = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(MAX_NAME)),
  // A preset whose operation no longer exists isn't shown.
  operation: z.string().check(z.maxLength(MAX_NAME)),
  draft: z.record(z.string(), filled),
});

/** The readable part of the stored presets. */
export function parsePresets(stored: unknown): Presets {
  const { version, sites } = Object(stored) as { version?: unknown; sites?: unknown };
  if (version !== PRESETS_VERSION) return {};
  const readable = Object.entries(Object(sites) as object).map(([site, all]) => [
    site,
    (Array.isArray(all) ? (all as unknown[]) : []).flatMap((one) => preset.safeParse(one).data ?? []).slice(0, MAX_PRESETS),
  ]);
  return Object.fromEntries(readable) as Presets;
}

/** Presets in the form in which they are stored. */
export const storedPresets = (sites: Presets): { readonly version: number; readonly sites: Presets } => ({
  version: PRESETS_VERSION,
  sites,
});

const same = (a: Pick<Preset, 'name' | 'operation'>, b: Pick<Preset, 'name' | 'operation'>) =>
  a.name === b.name && a.operation === b.operation;

/** Thrown if a site already has as many presets as it may have. */
export class TooManyPresets extends Error {
  constructor() {
    super(`Limit of ${MAX_PRESETS} presets per site reached. Remove one first.`);
    this.name = 'TooManyPresets';
  }
}

/** Adds a preset, or replaces the one with the same operation and name. @throws {TooManyPresets} */
export function withPreset(all: Presets, site: string, added: Preset): Presets {
  const others = (all[site] ?? []).filter((one) => !same(one, added));
  if (others.length >= MAX_PRESETS) throw new TooManyPresets();
  return { ...all, [site]: [...others, added] };
}

/** Removes a preset; a site without presets is left out. */
export function withoutPreset(all: Presets, site: string, gone: Pick<Preset, 'name' | 'operation'>): Presets {
  const { [site]: its = [], ...others } = all;
  const rest = its.filter((one) => !same(one, gone));
  return rest.length ? { ...others, [site]: rest } : others;
}
