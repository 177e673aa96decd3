import type { Argument } from '../operation';
import type { Binding } from './dialect';

/** How integrations derive a UUID from an identifier (facts §3.4); `lib/web/recipes.ts` computes them. */
export const RECIPES = {
  docs: 'Synerise docs: URL namespace, salt + identifier',
  'magento-woocommerce': 'Magento and WooCommerce plugins: their namespace, identifier',
  sylius: 'Sylius plugin: DNS namespace, identifier',
  trackify: 'Trackify: URL namespace, identifier + salt',
  custom: 'Custom: your namespace, salt + identifier',
} as const;
export type Recipe = keyof typeof RECIPES;

/** Arguments of a recipe besides the identifier. */
export const RECIPE_ARGUMENTS: readonly Argument[] = [
  {
    name: 'recipe',
    label: 'Recipe',
    type: 'choice',
    options: Object.keys(RECIPES),
    words: RECIPES,
    hint: 'Site and backend must use the same one; otherwise one customer gets two profiles.',
  },
  { name: 'salt', label: 'Salt', type: 'text', required: false, only: { recipe: ['docs', 'trackify', 'custom'] } },
  { name: 'namespace', label: 'Namespace', type: 'text', required: true, format: 'uuid', only: { recipe: ['custom'] } },
];

/** Emulates `getUUIDForAuthentication` for an SDK without it. The mobile SDKs' algorithm isn't published (facts §2.1). */
export const computedForAuthentication = (why: string): Binding => ({
  kind: 'emulated',
  about: `Computed by the inspector; the session doesn’t change. ${why} Choose your backend’s recipe (the iOS and Android one isn’t published).`,
  uuid: 'recipe',
  asks: RECIPE_ARGUMENTS,
  steps: [{ do: 'give', arg: 'uuid' }],
  keepsSession: true,
});
