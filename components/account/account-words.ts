import type { AccountGroup } from '@/lib/sdk/operation';

/** Labels of the fields that `getAccount` returns; other fields are shown by their own names. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  clientId: 'Client ID',
  email: 'Email',
  phone: 'Phone',
  customId: 'Custom ID',
  uuid: 'UUID',
  firstName: 'First name',
  lastName: 'Last name',
  displayName: 'Display name',
  sex: 'Sex',
  birthDate: 'Birth date',
  avatarUrl: 'Avatar URL',
  company: 'Company',
  address: 'Address',
  city: 'City',
  province: 'Province',
  zipCode: 'ZIP code',
  countryCode: 'Country code',
  anonymous: 'Anonymous',
  lastActivityDate: 'Last activity',
  tags: 'Tags',
};

/** A field's label, such as `Agreement: sms` or `Attribute: size`. */
export function fieldWords(field: string): string {
  const [of, ...name] = field.split('.');
  if (of === 'agreements' && name.length) return `Agreement: ${name.join('.')}`;
  if (of === 'attributes' && name.length) return `Attribute: ${name.join('.')}`;
  return Object.hasOwn(FIELD_WORDS, field) ? (FIELD_WORDS[field] as string) : field;
}

/** Labels of the groups of account operations. */
export const GROUP_WORDS: Readonly<Record<AccountGroup, string>> = {
  profile: 'Profile',
  'sign-in': 'Sign in',
  registration: 'Registration',
  password: 'Password',
  email: 'Email',
  phone: 'Phone',
  deletion: 'Delete',
};
