import type { Rule } from '../rule';

export const tokenOfAnotherUuid: Rule = {
  id: 'token-of-another-uuid',
  severity: 'error',
  title: 'Token UUID mismatch',
  looksAt: 'The token’s `uuid` claim against the SDK’s UUID, once both were read after the last change.',
  advice:
    'Requests with this token act for another customer than events do. After a UUID change, get a new token: refresh, destroy the session, or set a new JWT.',
  source: 'Changelogs: iOS 4.8.0 (anonymous token kept for the wrong customer), Android 3.8.6; facts §5.',
  situations: [9, 10, 34],
  check({ token, customer, entries }) {
    const uuid = customer?.uuid;
    if (!token || token.stale || token.uuid === null || !uuid || token.uuid.toLowerCase() === uuid.toLowerCase()) return null;
    const generations = entries.filter(({ kind }) => kind === 'uuid' || kind === 'token').slice(-2);
    return { evidence: [`Token UUID: ${token.uuid}.`, `SDK UUID: ${uuid}.`], entries: generations };
  },
};
