import type { Rule } from '../rule';

export const snippetWithoutSdk: Rule = {
  id: 'snippet-without-sdk',
  severity: 'error',
  title: 'The snippet is there, and its SDK never came',
  looksAt: "The loader snippet's array where the SDK should stand, 2 s after the page was loaded.",
  advice:
    'The script was blocked or not found. See the Network panel of the browser for synerise-javascript-sdk: an ad blocker, a Content-Security-Policy without its host, a tracking domain that does not answer.',
  source: 'Facts §3.1: until the script comes `SR` is an array; §5.',
  situations: [32],
  check({ phase, sdk }) {
    return phase === 'absent' && sdk?.state === 'not-loaded' ? { evidence: [`${sdk.place} is still the snippet's array.`] } : null;
  },
};
