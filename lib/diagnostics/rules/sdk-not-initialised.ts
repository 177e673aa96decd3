import type { Rule } from '../rule';

export const sdkNotInitialised: Rule = {
  id: 'sdk-not-initialised',
  severity: 'error',
  title: 'SDK not initialized',
  looksAt: 'An SDK that isn’t ready 2 s after the page loaded.',
  advice:
    'Web SDK: `SR.init({ trackerKey })` in onSyneriseLoad. React Native: `Synerise.Initializer()…init()`. Consent tools and Googlebot user agents prevent it.',
  source: 'Facts §1.3, §3.1, §5.',
  situations: [32],
  check({ phase, sdk }) {
    return phase === 'absent' && sdk?.state === 'not-initialised' ? { evidence: [`${sdk.place} isn’t initialized.`] } : null;
  },
};
