import type { Rule } from '../rule';

export const placeWithoutSdk: Rule = {
  id: 'place-without-sdk',
  severity: 'info',
  title: 'An SDK was promised where none stands',
  looksAt: 'Places of the settings, and names under which the page handed an SDK over, at which nothing of the kind is found.',
  advice: 'See the place in the settings, and the dialect that was named for it; a client by itself needs its dialect named.',
  source: 'docs/bundled-sdk.md.',
  check({ strays }) {
    return strays.length ? { evidence: strays.map((place) => `Nothing that looks like an SDK stands at ${place}.`) } : null;
  },
};
