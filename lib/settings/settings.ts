/** The user's settings, and which of them apply to a site. They hold no secrets: they go to disk, and into files that are shared. */
import * as z from 'zod/mini';
import type { Place } from '../page/wire';
import { DIALECT_NAMES } from '../sdk/dialects/names';
import { DEFAULT_POLICY, type Policy } from '../session/session';

/** Increment when the shape changes, and add a step to `STEPS` that upgrades the previous one. */
export const SETTINGS_VERSION = 3;

export { SETTINGS_KEY } from './settings-key';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The settings of one site. Durations in ms. */
export interface SiteSettings {
  /** Places to look for the SDK, in addition to the well-known ones. */
  readonly places: readonly Place[];
  readonly lead: number;
  readonly autoRefresh: boolean;
  readonly notify: boolean;
  /** IDs of the diagnostic rules whose findings are hidden. */
  readonly muted: readonly string[];
}

export interface Settings {
  readonly version: typeof SETTINGS_VERSION;
  /** By origin. */
  readonly sites: Readonly<Record<string, SiteSettings>>;
  /** How long to wait for an operation's answer (ms). */
  readonly deadline: number;
  readonly theme: Theme;
}

export const NO_SETTINGS: Settings = { version: SETTINGS_VERSION, sites: {}, deadline: DEFAULT_POLICY.deadline, theme: 'auto' };
const { lead, autoRefresh, notify, muted } = DEFAULT_POLICY;
export const NO_SITE: SiteSettings = { places: [], lead, autoRefresh, notify, muted };

/** The format of diagnostic rule IDs. The ID of a rule that no longer exists has no effect. */
export const RULE_PATTERN = /^[a-z][a-z0-9-]{0,59}$/;
export const MAX_MUTED = 200;

/** A path of property names from the page's globals, such as `app.services.synerise`. */
export const PATH_PATTERN = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(\.[\p{ID_Continue}$]+)*$/u;

/** The longest path (characters), and the most places per site. */
export const MAX_PATH = 200;
export const MAX_PLACES = 20;

/** Allowed ranges (ms). */
export const LEAD = { least: 5000, most: 86_400_000 } as const;
export const DEADLINE = { least: 1000, most: 120_000 } as const;

const between = ({ least, most }: { least: number; most: number }) => z.int().check(z.gte(least), z.lte(most));
const origin = z
  .string()
  .check(z.refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text));
const place = z.object({ path: z.string().check(z.maxLength(MAX_PATH), z.regex(PATH_PATTERN)), dialect: z.enum(DIALECT_NAMES) });
const ruleIds = z.array(z.string().check(z.regex(RULE_PATTERN))).check(z.maxLength(MAX_MUTED));
const FIELDS = { lead: between(LEAD), autoRefresh: z.boolean(), notify: z.boolean(), muted: ruleIds };
const site = z.object({ places: z.array(place).check(z.maxLength(MAX_PLACES)), ...FIELDS });
const GENERAL = { deadline: between(DEADLINE), theme: z.enum(THEMES) };
const settings = z.strictObject({ version: z.literal(SETTINGS_VERSION), sites: z.record(origin, site), ...GENERAL });

/** Steps that upgrade settings of version `n` to version `n + 1`. */
const STEPS: Readonly<Record<number, (stored: Record<string, unknown>) => Record<string, unknown>>> = {
  1: ({ places }) => ({
    ...NO_SETTINGS,
    version: 2,
    sites: Object.fromEntries(Object.entries(Object(places) as object).map(([at, all]) => [at, { ...NO_SITE, places: all as unknown }])),
  }),
  2: ({ sites, ...rest }) => ({
    ...rest,
    version: 3,
    sites: Object.fromEntries(
      Object.entries(Object(sites) as object).map(([at, site]) => [at, { ...(Object(site) as object), muted: [] }]),
    ),
  }),
};

/** `stored` upgraded to the current version; `null` if its version is unknown. */
function upgraded(stored: unknown): Record<string, unknown> | null {
  let current = Object(stored) as Record<string, unknown>;
  for (let step = STEPS[Number(current['version'])]; step; step = STEPS[Number(current['version'])]) current = step(current);
  return current['version'] === SETTINGS_VERSION ? current : null;
}

/** Parses stored settings. Uses defaults for whatever is invalid, and for everything if the version is unknown. */
export function parseSettings(stored: unknown): Settings {
  const known = upgraded(stored);
  if (!known) return NO_SETTINGS;
  const sites: Record<string, SiteSettings> = {};
  for (const [at, kept] of Object.entries(Object(known['sites']) as object)) {
    if (!origin.safeParse(at).success || typeof kept !== 'object' || kept === null) continue;
    const { places } = kept as { places?: unknown };
    const readable = (Array.isArray(places) ? places : []).flatMap((one) => readableAs(place, one));
    Object.defineProperty(sites, at, {
      value: { ...NO_SITE, ...fieldsOf(FIELDS, kept), places: readable.slice(0, MAX_PLACES) },
      enumerable: true,
    });
  }
  return { ...NO_SETTINGS, ...fieldsOf(GENERAL, known), sites };
}

function readableAs<T>(schema: z.ZodMiniType<T>, value: unknown): T[] {
  const { success, data } = schema.safeParse(value);
  return success ? [data] : [];
}

const fieldsOf = (fields: Readonly<Record<string, z.ZodMiniType>>, from: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, schema]) =>
      readableAs(schema, (from as Record<string, unknown>)[name]).map((value) => [name, value]),
    ),
  );

/** Parses a settings file, all or nothing. `problem` is a sentence for the user who chose the file. */
export function importSettings(text: string): { readonly settings: Settings } | { readonly problem: string } {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return { problem: 'Not valid JSON.' };
  }
  const version = (read as { version?: unknown } | null)?.version;
  if (typeof version !== 'number') return { problem: 'Not a settings file of this extension.' };
  const known = upgraded(read);
  if (!known) return { problem: `Settings version ${version} isn’t supported (1 to ${SETTINGS_VERSION}). Nothing changed.` };
  const parsed = settings.safeParse(known);
  if (parsed.success) return { settings: parsed.data as Settings };
  const [issue] = parsed.error.issues;
  return { problem: `Invalid settings${issue?.path.length ? ` at ${issue.path.join(' → ')}` : ''}. Nothing changed.` };
}

/** The text of a settings file. */
export const exportSettings = (all: Settings): string => `${JSON.stringify(all, null, 2)}\n`;

/** The site without its port. Like the browser's permission, its settings apply to every port that has none of its own. */
export const anyPort = (at: string): string => (URL.canParse(at) ? `${new URL(at).protocol}//${new URL(at).hostname}` : at);

/** The settings that apply to a site. */
export const siteSettings = ({ sites }: Settings, at: string): SiteSettings => sites[at] ?? sites[anyPort(at)] ?? NO_SITE;

/** The policy for the session of a site. */
export function policyOf(all: Settings, at: string): Policy {
  const { places: _, ...rest } = siteSettings(all, at);
  return { ...rest, deadline: all.deadline };
}

/** The settings with a change for one site. Removes the site if it then has no settings of its own. */
export function withSite(all: Settings, at: string, change: Partial<SiteSettings>): Settings {
  const { [at]: _, ...others } = all.sites;
  const rest = { ...all, sites: others };
  const after = { ...siteSettings(all, at), ...change };
  const isOwn = JSON.stringify({ ...NO_SITE, ...after }) !== JSON.stringify({ ...NO_SITE, ...siteSettings(rest, at) });
  return isOwn ? { ...all, sites: { ...others, [at]: after } } : rest;
}
