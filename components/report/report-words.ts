/** Texts about a report's secrets. */
import type { SecretKind, Way } from '@/lib/report/secrecy';

export const SECRET_WORDS: Readonly<Record<SecretKind, { readonly label: string; readonly about: string }>> = {
  tokens: { label: 'Tokens', about: 'Tokens, Authorization headers and site cookies. Passwords are never included.' },
  personal: { label: 'Personal data', about: 'Emails, names, phones, addresses, Custom IDs, identity hashes, derived UUIDs.' },
  ids: {
    label: 'UUIDs',
    about: 'UUIDs and Client IDs, needed to find the profile. v3/v5 UUIDs count as personal data.',
  },
};

export const WAY_WORDS: Readonly<Record<Way, string>> = {
  removed: 'Removed',
  pseudonym: 'Pseudonymized',
  kept: 'Included',
};
