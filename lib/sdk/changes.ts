import { OPERATION_NAMES, type OperationName } from './operations';

/** Methods that change the workspace: the current name, and the one in older SDKs (facts §8). */
export const CHANGES_WORKSPACE = ['changeApiKey', 'changeClientApiKey'] as const;
/** Methods outside the catalog that sign a customer in or out (facts §8). */
export const BY_OTHER_NAMES = [
  'authenticateWithTokenPayload',
  'authenticateByOAuth',
  'authenticateByOAuthIfRegistered',
  'authenticateByFacebook',
  'authenticateByFacebookIfRegistered',
  'authenticateByAppleSignIn',
  'authenticateByAppleSignInIfRegistered',
  'deleteAccountByOAuth',
  'deleteAccountByFacebook',
  'deleteAccountByAppleSignIn',
] as const;
/** Methods outside the catalog that change a session when a page calls them, under one name for all dialects. */
const MORE = [
  ...CHANGES_WORKSPACE,
  ...BY_OTHER_NAMES,
  'requestEmailChangeByFacebook',
  'setCustomIdentifier',
  'setCustomEmail',
  'setUuidAndIdentityHash',
  'updateClient',
  'sendFormData',
  'init',
  'internalMethod',
] as const;

/** What a call by a page does: an operation of the catalog, or one of the methods above. */
export type ChangeName = OperationName | (typeof MORE)[number];
export const CHANGE_NAMES: readonly ChangeName[] = [...OPERATION_NAMES, ...MORE];
