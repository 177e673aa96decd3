import type { DialectTable, Path, TokenPaths } from './dialect';

/** The `Token` of React Native, Flutter and iOS (facts §1.5). */
export const TOKEN_FIELDS: TokenPaths = {
  raw: 'tokenString',
  expiresAt: 'expirationDate',
  origin: 'origin',
  realm: 'rlm',
  clientId: 'clientId',
  customId: 'customId',
};

/** The getters of the same three (facts §1.1). */
export const CUSTOMER_GETTERS: DialectTable['samples'] = {
  uuid: 'getUUID()',
  signedIn: 'isSignedIn()',
  simpleAuth: 'isSignedInViaSimpleAuthentication()',
};

/** Whether the SDK tracks nobody: switching it on gives a random UUID (facts §2.1). */
export const doNotTrack = (settings: Path): Readonly<Record<string, Path>> => ({ doNotTrack: `^Synerise.${settings}.sdk.doNotTrack` });

/** What changes the workspace, in all four native SDKs (facts §2.2); the other name is that of older ones (facts §8). */
export const CHANGES_WORKSPACE = {
  '^Synerise.changeApiKey': 'changeApiKey',
  '^Synerise.changeClientApiKey': 'changeClientApiKey',
} as const;

/** What changes who the customer is known as (facts §8). @param tracker way to the class */
export const knownAs = (tracker: Path) =>
  ({ [`${tracker}.setCustomIdentifier`]: 'setCustomIdentifier', [`${tracker}.setCustomEmail`]: 'setCustomEmail' }) as const;
