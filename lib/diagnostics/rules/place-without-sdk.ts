import type { Rule } from '../rule';

export const placeWithoutSdk: Rule = {
  id: 'place-without-sdk',
  severity: 'info',
  title: 'No SDK at the configured path',
  looksAt: 'Window paths from Options, and names that the page registered, at which no such SDK was found.',
  advice: 'Check the path and SDK type in Options. A client registered without its root needs its SDK type.',
  source: 'docs/bundled-sdk.md.',
  check({ strays }) {
    return strays.length ? { evidence: strays.map((place) => `No SDK at ${place}.`) } : null;
  },
};
