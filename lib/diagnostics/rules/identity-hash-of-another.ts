import { heldHash } from '../case';
import type { Rule } from '../rule';

export const identityHashOfAnother: Rule = {
  id: 'identity-hash-of-another',
  severity: 'warning',
  dialects: ['web'],
  about: 'uuid',
  title: 'The identity hash belongs to somebody else',
  looksAt: 'The identity hash of the Web SDK against those of the e-mail and custom id that the token names.',
  advice:
    'The SDK takes this customer for another, gives a new UUID at the next sign-in, and plugins (Magento, WooCommerce) skip the merge. Reset UUID and identity hash together when customers change, and hash the identifier that the workspace uses. Where it knows customers by an id that the token does not name, mute this here.',
  source: 'Facts §3.4: Java’s String.hashCode of the identifier; §5.',
  situations: [28],
  check(subject) {
    const hash = heldHash(subject);
    if (hash === null || !subject.identifiers.length) return null;
    if (subject.identifiers.some(({ hashes }) => hashes.includes(hash))) return null;
    return {
      evidence: [`The SDK holds ${hash}.`, ...subject.identifiers.map(({ who, hashes, from }) => `${who} (${from}) has ${hashes[0]}.`)],
    };
  },
};
