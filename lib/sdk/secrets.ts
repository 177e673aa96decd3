import type { ChangeName } from './changes';

/** Canonical names of all arguments that are secret (`secret` in the catalog, which no page is given): what a page passes as these leaves it as a mark only. */
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

/** Calls outside the catalog whose arguments hold no secret; of any other the first is hidden. */
export const OPEN_CALLS: readonly ChangeName[] = [
  'requestEmailChangeByFacebook',
  'setCustomIdentifier',
  'setCustomEmail',
  'setUuidAndIdentityHash',
  'updateClient',
  'sendFormData',
  'init',
];
