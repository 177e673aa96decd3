/** UUIDs and hashes that integrations make from an identifier (facts §3.4). */
import { v5, validate, version } from 'uuid';
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

/** One recipe tried with one way of writing the identifier. */
export interface Tried {
  readonly recipe: Recipe;
  readonly identifier: string;
  readonly salt: string;
  readonly uuid: string;
  readonly fits: boolean;
}

/**
 * Every recipe with every way of writing an identifier, those that give `uuid` first. Integrations differ in whether they
 * trim, and write in small letters (facts §3.4). @param salts to try beside none @param namespaces of custom recipes
 */
export function tryRecipes(uuid: string, identifier: string, salts: readonly string[] = [], namespaces: readonly string[] = []): Tried[] {
  const written = [...new Set([identifier, identifier.trim(), identifier.trim().toLowerCase()])].filter(Boolean);
  const all = written.flatMap((one) =>
    [...new Set(['', ...salts])].flatMap((salt) =>
      (Object.keys(RECIPES) as Recipe[]).flatMap((recipe) =>
        (recipe === 'custom' ? [...new Set(namespaces)] : ['']).flatMap((namespace): Tried[] => {
          const made = uuidOf(recipe, { identifier: one, salt, namespace });
          const takesSalt = recipe === 'docs' || recipe === 'trackify' || recipe === 'custom';
          return made === null || (salt !== '' && !takesSalt)
            ? []
            : [{ recipe, identifier: one, salt, uuid: made, fits: made === uuid.trim().toLowerCase() }];
        }),
      ),
    ),
  );
  return [...all.filter(({ fits }) => fits), ...all.filter(({ fits }) => !fits)];
}

/** What a UUID's form tells: by whom and how it was made (facts §3.4, RFC 9562). */
export function uuidKind(uuid: string): { readonly version: number | null; readonly words: string } {
  if (!validate(uuid)) return { version: null, words: 'not a UUID by its form' };
  const number = version(uuid);
  return { version: number, words: `v${number}${VERSIONS[number] === undefined ? '' : `, ${VERSIONS[number]}`}` };
}
const VERSIONS: Readonly<Record<number, string>> = {
  0: 'all zeroes',
  1: 'made from a clock and a machine',
  3: 'made from a name, by MD5',
  4: 'random',
  5: 'made from an identifier',
  6: 'made from a clock and a machine, in order',
  7: 'made from a clock, in order',
};
