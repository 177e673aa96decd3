import type { DialectTable, TokenPaths } from './dialect';

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
