import type { DialectTable, Path, TokenPaths } from './dialect';

/** Paths in the `Token` of React Native, Flutter and iOS (facts §1.5). */
export const TOKEN_FIELDS: TokenPaths = {
  raw: 'tokenString',
  expiresAt: 'expirationDate',
  origin: 'origin',
  realm: 'rlm',
  clientId: 'clientId',
  customId: 'customId',
};

/** The customer getters of the same three SDKs (facts §1.1). */
export const CUSTOMER_GETTERS: DialectTable['samples'] = {
  uuid: 'getUUID()',
  signedIn: 'isSignedIn()',
  simpleAuth: 'isSignedInViaSimpleAuthentication()',
};

/** Whether Do Not Track is on; switching it on sets a random UUID (facts §2.1). */
export const doNotTrack = (settings: Path): Readonly<Record<string, Path>> => ({ doNotTrack: `^Synerise.${settings}.sdk.doNotTrack` });

/** Methods that change the workspace, in all four native SDKs (facts §2.2); the second is the name in older ones (facts §8). */
export const CHANGES_WORKSPACE = {
  '^Synerise.changeApiKey': 'changeApiKey',
  '^Synerise.changeClientApiKey': 'changeClientApiKey',
} as const;

/** Methods that change the customer's identifiers (facts §8). @param tracker path to the class */
export const knownAs = (tracker: Path) =>
  ({ [`${tracker}.setCustomIdentifier`]: 'setCustomIdentifier', [`${tracker}.setCustomEmail`]: 'setCustomEmail' }) as const;
