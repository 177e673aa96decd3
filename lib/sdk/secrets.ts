import type { ChangeName } from './changes';

/** Canonical names of all secret arguments (`secret` in the catalog, which pages don't get). Their values leave a page only as marks. */
export const SECRET_ARGUMENTS = [
  'password',
  'oldPassword',
  'newPassword',
  'clientAuthFactor',
  'token',
  'externalToken',
  'pinCode',
  'confirmationCode',
] as const;

/** Calls outside the catalog without secret arguments; for all others, the first argument is hidden. */
export const OPEN_CALLS: readonly ChangeName[] = [
  'requestEmailChangeByFacebook',
  'setCustomIdentifier',
  'setCustomEmail',
  'setUuidAndIdentityHash',
  'updateClient',
  'sendFormData',
  'init',
];
