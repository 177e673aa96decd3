import type { Rule } from '../rule';

export const tokenOfAnotherUuid: Rule = {
  id: 'token-of-another-uuid',
  severity: 'error',
  title: 'The token belongs to another UUID',
  looksAt: "The token's claim `uuid` against the UUID that the SDK holds, once both were read after the last change.",
  advice:
    'Requests with this token act for another customer than events with this UUID. Get a new token after the UUID was changed: refresh, destroy the session, or have the site give a JWT for this UUID.',
  source: 'Changelogs: iOS 4.8.0 (anonymous token kept for the wrong customer), Android 3.8.6; facts §5.',
  situations: [9, 10, 34],
  check({ token, customer, entries }) {
    const uuid = customer?.uuid;
    if (!token || token.stale || token.uuid === null || !uuid || token.uuid.toLowerCase() === uuid.toLowerCase()) return null;
    const generations = entries.filter(({ kind }) => kind === 'uuid' || kind === 'token').slice(-2);
    return { evidence: [`The token names ${token.uuid}.`, `The SDK holds ${uuid}.`], entries: generations };
  },
};
