import { heldHash } from '../case';
import type { Rule } from '../rule';

export const identityHashOfAnother: Rule = {
  id: 'identity-hash-of-another',
  severity: 'warning',
  dialects: ['web'],
  about: 'uuid',
  title: 'Identity hash mismatch',
  looksAt: 'The Web SDK’s identity hash against the hashes of the email and Custom ID in the token and account.',
  advice:
    'The next sign-in gets a new UUID, and plugins skip the merge. Reset UUID and hash together. If the workspace identifies customers by another ID, hide this.',
  source: 'Facts §3.4: Java’s String.hashCode of the identifier; §5.',
  situations: [28],
  check(subject) {
    const hash = heldHash(subject);
    if (hash === null || !subject.identifiers.length) return null;
    if (subject.identifiers.some(({ hashes }) => hashes.includes(hash))) return null;
    return {
      evidence: [`SDK: ${hash}.`, ...subject.identifiers.map(({ who, hashes, from }) => `${who} (${from}): ${hashes[0]}.`)],
    };
  },
};
