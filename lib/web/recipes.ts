/** UUIDs and hashes that integrations derive from an identifier (facts §3.4). */
import { MAX, NIL, v5, validate, version } from 'uuid';
import { RECIPES, type Recipe } from '../sdk/dialects/computed';

/** The namespace of the Magento and WooCommerce plugins. */
const PLUGIN_NAMESPACE = 'ea1c3a9d-64a6-45d0-a70c-d2a055f350d3';

export interface RecipeInput {
  readonly identifier: string;
  readonly salt: string;
  /** Used only by the recipe `custom`. */
  readonly namespace: string;
}

const MAKERS: Readonly<Record<Recipe, (input: RecipeInput) => string>> = {
  docs: ({ identifier, salt }) => v5(salt + identifier, v5.URL),
  'magento-woocommerce': ({ identifier }) => v5(identifier, PLUGIN_NAMESPACE),
  sylius: ({ identifier }) => v5(identifier, v5.DNS),
  // Trackify appends the salt, while the documentation prepends it.
  trackify: ({ identifier, salt }) => v5(identifier + salt, v5.URL),
  custom: ({ identifier, salt, namespace }) => v5(salt + identifier, namespace),
};

/** The UUIDv5 of a recipe; `null` while its input is incomplete. */
export function uuidOf(recipe: Recipe, input: RecipeInput): string | null {
  if (input.identifier === '' || (recipe === 'custom' && !validate(input.namespace))) return null;
  // A truncated text may end in a lone surrogate, which cannot be hashed.
  const { identifier, salt, namespace } = input;
  return MAKERS[recipe]({ identifier: identifier.toWellFormed(), salt: salt.toWellFormed(), namespace });
}

/**
 * The recipe that derives `uuid` from an identifier; `null` if none does, for example because the salt is unknown.
 * `salt` and `namespace` are the other inputs of a recipe, if known.
 */
export function recipeOf(uuid: string, identifier: string, { salt = '', namespace = '' }: Partial<RecipeInput> = {}): Recipe | null {
  const names = Object.keys(RECIPES) as Recipe[];
  return names.find((recipe) => uuidOf(recipe, { identifier, salt, namespace }) === uuid.toLowerCase()) ?? null;
}

/** The identity hash of a text as the Web SDK prints it: Java's `String.hashCode`, in decimal. */
export const identityHash = (text: string): string => hashOf(Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)));

/** The same hash over the UTF-8 bytes, as in the vendor's PHP code: different for non-ASCII text. */
export const identityHashOfBytes = (text: string): string => hashOf(new TextEncoder().encode(text));

function hashOf(units: Iterable<number>): string {
  let hash = 0;
  for (const unit of units) hash = (Math.imul(31, hash) + unit) | 0;
  return String(hash);
}

/** The position of the salt relative to the identifier. */
type Order = 'alone' | 'before' | 'after';

/** One attempt to derive a UUID: a namespace, and an identifier in one spelling, with or without a salt. */
export interface Tried {
  /** The known recipe that derives it this way, otherwise `custom`. */
  readonly recipe: Recipe;
  readonly namespace: string;
  readonly order: Order;
  readonly identifier: string;
  readonly salt: string;
  readonly uuid: string;
  readonly fits: boolean;
}

/** Names of the namespaces in RFC 9562 §6.6, and of the plugins' own. */
const NAMESPACES: Readonly<Record<string, string>> = {
  [v5.URL]: 'URL',
  [v5.DNS]: 'DNS',
  [PLUGIN_NAMESPACE]: 'plugins’',
  '6ba7b812-9dad-11d1-80b4-00c04fd430c8': 'OID',
  '6ba7b814-9dad-11d1-80b4-00c04fd430c8': 'X.500',
};

/** The recipe for a namespace and order. Without a salt, the documentation's recipe and Trackify's are the same. */
function recipeFor(namespace: string, order: Order): Recipe {
  if (namespace === v5.URL) return order === 'after' ? 'trackify' : 'docs';
  if (order !== 'alone') return 'custom';
  return namespace === PLUGIN_NAMESPACE ? 'magento-woocommerce' : namespace === v5.DNS ? 'sylius' : 'custom';
}

/** Describes an attempt: whose recipe it is, its namespace, order and salt. */
export function recipeWords({ recipe, namespace, order, salt }: Omit<Tried, 'uuid' | 'fits' | 'identifier'>): string {
  const [whose = ''] = (recipe === 'custom' ? 'Custom' : RECIPES[recipe]).split(':');
  const also = recipe === 'docs' && order === 'alone' ? ' or Trackify, without a salt' : '';
  const name = NAMESPACES[namespace];
  const text = { alone: 'identifier', before: `salt “${salt}” + identifier`, after: `identifier + salt “${salt}”` }[order];
  return `${whose}${also}: ${name === undefined ? `namespace ${namespace}` : `${name} namespace`}, ${text}`;
}

/**
 * Tries every namespace with every salt, before and after every spelling of an identifier, and no text twice. Those that
 * yield `uuid` come first. Integrations differ in whether they trim and lowercase (facts §3.4). There are at most
 * 3 × (1 + 2 × salts) × (5 + namespaces) attempts; the caller must bound them.
 * @param salts to try in addition to no salt @param namespaces in addition to the known ones
 */
export function tryRecipes(uuid: string, identifier: string, salts: readonly string[] = [], namespaces: readonly string[] = []): Tried[] {
  const asked = readUuid(uuid);
  const written = [identifier, identifier.trim(), identifier.trim().toLowerCase()].filter(Boolean);
  const own = namespaces.map((one) => one.toLowerCase()).filter((one) => validate(one));
  const spaces = new Set([...Object.keys(NAMESPACES), ...own]);
  const ways: readonly (readonly [Order, string])[] = [
    ['alone', ''],
    ...salts.filter(Boolean).flatMap((salt) => [['before', salt] as const, ['after', salt] as const]),
  ];
  const all = new Map<string, Tried>();
  for (const one of written)
    for (const [order, salt] of ways)
      for (const namespace of spaces) {
        // A truncated text may end in a lone surrogate, which cannot be hashed.
        const text = (order === 'after' ? one + salt : salt + one).toWellFormed();
        const key = `${namespace} ${text}`;
        if (all.has(key)) continue;
        const made = v5(text, namespace);
        all.set(key, { recipe: recipeFor(namespace, order), namespace, order, identifier: one, salt, uuid: made, fits: made === asked });
      }
  return [...all.values()].sort((left, right) => Number(right.fits) - Number(left.fits));
}

/** Normalizes a UUID that may be in braces, a URN, without dashes or in uppercase; `null` if it isn't a valid UUID. */
export function readUuid(text: string): string | null {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^urn:uuid:/, '')
    .replace(/^\{(.*)\}$/, '$1');
  const uuid = bare.replace(/^(\w{8})-?(\w{4})-?(\w{4})-?(\w{4})-?(\w{12})$/, '$1-$2-$3-$4-$5');
  return validate(uuid) ? uuid : null;
}

/** The version of a UUID, and how such UUIDs are made (facts §3.4, RFC 9562). */
export function uuidKind(uuid: string): { readonly version: number | null; readonly words: string } {
  if (!validate(uuid)) return { version: null, words: 'not a valid UUID' };
  const number = version(uuid);
  if (uuid === NIL) return { version: number, words: 'nil UUID (all zeros)' };
  if (uuid.toLowerCase() === MAX) return { version: number, words: 'max UUID (all ones)' };
  return { version: number, words: `v${number}${VERSIONS[number] === undefined ? '' : `, ${VERSIONS[number]}`}` };
}
const VERSIONS: Readonly<Record<number, string>> = {
  1: 'time-based with node ID',
  3: 'derived from a name (MD5)',
  4: 'random',
  5: 'derived from an identifier',
  6: 'time-ordered with node ID',
  7: 'time-ordered',
};
