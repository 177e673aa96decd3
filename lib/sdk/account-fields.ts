/** Field names of a customer's data, as in the React Native classes (facts §1.5). Separate from the catalog, because pages get them. */

export const IDENTITY_FIELDS = ['email', 'customId', 'uuid'] as const;
export const BASIC_FIELDS = [
  'firstName',
  'lastName',
  'displayName',
  'phone',
  'sex',
  'birthDate',
  'company',
  'address',
  'zipCode',
  'city',
  'province',
  'countryCode',
  'avatarUrl',
  'agreements',
  'attributes',
] as const;
/** Fields that a registration doesn't have. */
const NOT_REGISTERED: readonly string[] = ['displayName', 'birthDate', 'avatarUrl'];

export const UPDATE_FIELDS: readonly string[] = [...IDENTITY_FIELDS, ...BASIC_FIELDS];
export const REGISTER_FIELDS: readonly string[] = [
  'email',
  'password',
  'customId',
  'uuid',
  ...BASIC_FIELDS.filter((name) => !NOT_REGISTERED.includes(name)),
];
/** The same for SDKs whose registration has no UUID: React Native's class and iOS (facts §8). */
export const REGISTER_FIELDS_WITHOUT_UUID: readonly string[] = REGISTER_FIELDS.filter((name) => name !== 'uuid');
/** Fields that only `getAccount` returns. */
export const TOLD_FIELDS = ['clientId', 'anonymous', 'lastActivityDate', 'tags'] as const;
export const AGREEMENTS = ['email', 'sms', 'push', 'bluetooth', 'rfid', 'wifi'] as const;
