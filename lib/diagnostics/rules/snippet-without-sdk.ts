import type { IdleSnippet } from '../../page/wire';
import type { Rule } from '../rule';

const IDLE: Readonly<Record<IdleSnippet['why'], (type: string) => string>> = {
  type: (type) => `A loader snippet has type ${type} and doesn’t run.`,
  worker: (type) => `A loader snippet has type ${type} and runs in a web worker.`,
  template: () => 'A loader snippet is inside a template and doesn’t run.',
  blocked: () => 'A loader snippet didn’t run: the page’s CSP may block it.',
};

export const snippetWithoutSdk: Rule = {
  id: 'snippet-without-sdk',
  severity: 'error',
  title: 'Web SDK script didn’t load',
  looksAt:
    'The loader snippet’s array in place of the SDK 2 s after the page loaded, or 8 s into a load that doesn’t finish; and snippets that didn’t run.',
  advice:
    'Check the Network panel for synerise-javascript-sdk: ad blocker, CSP (or missing nonce), tracking domain. A snippet of type text/plain waits for consent.',
  source: 'Facts §3.1: until the script comes `SR` is an array; §5.',
  situations: [32],
  ofDocuments: true,
  check({ phase, sdk, page }) {
    if (phase !== 'absent') return null;
    const stuck = page.load === 'stuck' ? ['The page never finished loading.'] : [];
    if (sdk?.state === 'not-loaded') return { evidence: [`${sdk.place} is still the snippet’s array.`, ...stuck] };
    const [idle] = page.idle;
    return idle && !sdk ? { evidence: [IDLE[idle.why](idle.type), ...stuck] } : null;
  },
};
