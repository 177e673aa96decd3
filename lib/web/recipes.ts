/** UUIDs and hashes that integrations make from an identifier (facts §3.4). */
import { MAX, NIL, v5, validate, version } from 'uuid';
import { RECIPES, type Recipe } from '../sdk/dialects/computed';

/** Of the Magento and WooCommerce plugins. */
const PLUGIN_NAMESPACE = 'ea1c3a9d-64a6-45d0-a70c-d2a055f350d3';

export interface RecipeInput {
  readonly identifier: string;
  readonly salt: string;
  /** Of the recipe `custom` alone. */
  readonly namespace: string;
}

const MAKERS: Readonly<Record<Recipe, (input: RecipeInput) => string>> = {
  docs: ({ identifier, salt }) => v5(salt + identifier, v5.URL),
  'magento-woocommerce': ({ identifier }) => v5(identifier, PLUGIN_NAMESPACE),
  sylius: ({ identifier }) => v5(identifier, v5.DNS),
  // The salt stands after, where the documentation puts it before.
  trackify: ({ identifier, salt }) => v5(identifier + salt, v5.URL),
  custom: ({ identifier, salt, namespace }) => v5(salt + identifier, namespace),
};

/** The UUIDv5 of a recipe; `null` while its input is not complete. */
export function uuidOf(recipe: Recipe, input: RecipeInput): string | null {
  if (input.identifier === '' || (recipe === 'custom' && !validate(input.namespace))) return null;
  // Half a character, as a cut text may end in, is no text that can be hashed.
  const { identifier, salt, namespace } = input;
  return MAKERS[recipe]({ identifier: identifier.toWellFormed(), salt: salt.toWellFormed(), namespace });
}

/**
 * The recipe by which an identifier gives `uuid`; `null` where none does, as with a salt that is not known.
 * @param more what a recipe takes beside the identifier, where that is known
 */
export function recipeOf(uuid: string, identifier: string, { salt = '', namespace = '' }: Partial<RecipeInput> = {}): Recipe | null {
  const names = Object.keys(RECIPES) as Recipe[];
  return names.find((recipe) => uuidOf(recipe, { identifier, salt, namespace }) === uuid.toLowerCase()) ?? null;
}

/** The identity hash of a text as the Web SDK prints it: Java's `String.hashCode`, in decimal. */
export const identityHash = (text: string): string => hashOf(Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)));

/** The same of its bytes in UTF-8, as the vendor's PHP has it: another for what is not ASCII. */
export const identityHashOfBytes = (text: string): string => hashOf(new TextEncoder().encode(text));

function hashOf(units: Iterable<number>): string {
  let hash = 0;
  for (const unit of units) hash = (Math.imul(31, hash) + unit) | 0;
  return String(hash);
}

/** Where the salt stands beside the identifier. */
type Order = 'alone' | 'before' | 'after';

/** One way of making a UUID: a namespace, and an identifier as it is written, with a salt or alone. */
export interface Tried {
  /** The known recipe that makes it so, else `custom`. */
  readonly recipe: Recipe;
  readonly namespace: string;
  readonly order: Order;
  readonly identifier: string;
  readonly salt: string;
  readonly uuid: string;
  readonly fits: boolean;
}

/** Names of RFC 9562 §6.6, and of whose the plugins' is. */
const NAMESPACES: Readonly<Record<string, string>> = {
  [v5.URL]: 'URL',
  [v5.DNS]: 'DNS',
  [PLUGIN_NAMESPACE]: 'plugins’',
  '6ba7b812-9dad-11d1-80b4-00c04fd430c8': 'OID',
  '6ba7b814-9dad-11d1-80b4-00c04fd430c8': 'X.500',
};

/** The recipe that makes it so; without a salt that of the documentation and Trackify's are one. */
function recipeFor(namespace: string, order: Order): Recipe {
  if (namespace === v5.URL) return order === 'after' ? 'trackify' : 'docs';
  if (order !== 'alone') return 'custom';
  return namespace === PLUGIN_NAMESPACE ? 'magento-woocommerce' : namespace === v5.DNS ? 'sylius' : 'custom';
}

/** A way in words: whose it is, with namespace, order and salt. */
export function recipeWords({ recipe, namespace, order, salt }: Omit<Tried, 'uuid' | 'fits' | 'identifier'>): string {
  const [whose = ''] = (recipe === 'custom' ? 'No known integration’s' : RECIPES[recipe]).split(':');
  const also = recipe === 'docs' && order === 'alone' ? ' or Trackify, without a salt' : '';
  const name = NAMESPACES[namespace];
  const text = { alone: 'identifier', before: `salt “${salt}” + identifier`, after: `identifier + salt “${salt}”` }[order];
  return `${whose}${also}: ${name === undefined ? `namespace ${namespace}` : `${name} namespace`}, ${text}`;
}

/**
 * Every namespace with every salt, before and after every way of writing an identifier, and no text twice; those that give `uuid`
 * first. Integrations differ in whether they trim, and write in small letters (facts §3.4). These are
 * 3 × (1 + 2 × salts) × (5 + namespaces) at most: bounding them is the caller's.
 * @param salts to try beside none @param namespaces beside the known ones
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
        // Half a character, as a cut text may end in, is no text that can be hashed.
        const text = (order === 'after' ? one + salt : salt + one).toWellFormed();
        const key = `${namespace} ${text}`;
        if (all.has(key)) continue;
        const made = v5(text, namespace);
        all.set(key, { recipe: recipeFor(namespace, order), namespace, order, identifier: one, salt, uuid: made, fits: made === asked });
      }
  return [...all.values()].sort((left, right) => Number(right.fits) - Number(left.fits));
}

/** A UUID as tools write it, in braces, as a URN, without dashes or in capitals, in the form that all else has; `null` where it is none. */
export function readUuid(text: string): string | null {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^urn:uuid:/, '')
    .replace(/^\{(.*)\}$/, '$1');
  const uuid = bare.replace(/^(\w{8})-?(\w{4})-?(\w{4})-?(\w{4})-?(\w{12})$/, '$1-$2-$3-$4-$5');
  return validate(uuid) ? uuid : null;
}

/** What a UUID's form tells: by whom and how it was made (facts §3.4, RFC 9562). */
export function uuidKind(uuid: string): { readonly version: number | null; readonly words: string } {
  if (!validate(uuid)) return { version: null, words: 'not a UUID by its form' };
  const number = version(uuid);
  if (uuid === NIL) return { version: number, words: 'the nil UUID, all zeroes: it stands for none' };
  if (uuid.toLowerCase() === MAX) return { version: number, words: 'the max UUID, all ones: it stands for none' };
  return { version: number, words: `v${number}${VERSIONS[number] === undefined ? '' : `, ${VERSIONS[number]}`}` };
}
const VERSIONS: Readonly<Record<number, string>> = {
  1: 'made from a clock and a machine',
  3: 'made from a name, by MD5',
  4: 'random',
  5: 'made from an identifier',
  6: 'made from a clock and a machine, in order',
  7: 'made from a clock, in order',
};
