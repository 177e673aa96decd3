import type { IdleSnippet } from '../../page/wire';
import type { Rule } from '../rule';

const IDLE: Readonly<Record<IdleSnippet['why'], (type: string) => string>> = {
  type: (type) => `A loader snippet has the type ${type}, and does not run.`,
  worker: (type) => `A loader snippet has the type ${type}, and runs in a web worker.`,
  template: () => 'A loader snippet stands in a template, and does not run.',
  blocked: () => 'A loader snippet stands there as a script, and did not run: the page’s Content Security Policy may block it.',
};

export const snippetWithoutSdk: Rule = {
  id: 'snippet-without-sdk',
  severity: 'error',
  title: 'The snippet is there, and its SDK never came',
  looksAt:
    "The loader snippet's array where the SDK should stand, 2 s after the page was loaded, or 8 s into a load that does not end; and snippets that did not run.",
  advice:
    'A snippet with another type (text/plain) waits for a consent tool; an inline one may need a hash or nonce in the Content-Security-Policy. Else the script was blocked or not found. See the Network panel of the browser for synerise-javascript-sdk: an ad blocker, a Content-Security-Policy without its host, a tracking domain that does not answer.',
  source: 'Facts §3.1: until the script comes `SR` is an array; §5.',
  situations: [32],
  check({ phase, sdk, page }) {
    if (phase !== 'absent') return null;
    const stuck = page.load === 'stuck' ? ['The page never finished loading.'] : [];
    if (sdk?.state === 'not-loaded') return { evidence: [`${sdk.place} is still the snippet's array.`, ...stuck] };
    const [idle] = page.idle;
    return idle && !sdk ? { evidence: [IDLE[idle.why](idle.type), ...stuck] } : null;
  },
};
