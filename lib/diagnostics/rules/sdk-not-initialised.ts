import type { Rule } from '../rule';

export const sdkNotInitialised: Rule = {
  id: 'sdk-not-initialised',
  severity: 'error',
  title: 'The SDK is loaded, and was not initialized',
  looksAt: 'An SDK that stands on the page and is still not ready when the inspector gave up waiting (2 s after the page was loaded).',
  advice:
    'Call init: for the Web SDK `SR.init({ trackerKey })` in the function that the snippet names (onSyneriseLoad); for React Native `Synerise.Initializer()…init()`. Consent tools that hold it back, and Googlebot user agents, keep it so.',
  source: 'Facts §1.3, §3.1, §5.',
  situations: [32],
  check({ phase, sdk }) {
    return phase === 'absent' && sdk?.state === 'not-initialised' ? { evidence: [`${sdk.place} is there, and not initialized.`] } : null;
  },
};
