/** Texts about a report's secrets. */
import type { SecretKind, Way } from '@/lib/report/secrecy';

export const SECRET_WORDS: Readonly<Record<SecretKind, { readonly label: string; readonly about: string }>> = {
  tokens: { label: 'Tokens', about: 'Tokens, authorizations and cookies of the site. Passwords are never in a report.' },
  personal: { label: 'Personal data', about: 'E-mails, names, phones, addresses, custom ids, identity hashes, and UUIDs made of a name.' },
  ids: {
    label: 'UUIDs',
    about:
      'UUIDs and client ids: without them a colleague finds no profile. Those made of a name (versions 3 and 5) go with personal data.',
  },
};

export const WAY_WORDS: Readonly<Record<Way, string>> = {
  removed: 'removed',
  pseudonym: 'under pseudonyms',
  kept: 'kept as they are',
};
