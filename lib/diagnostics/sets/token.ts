/** Rules about the token: its claims, its expiry, how it is refreshed and sent, in display order. */
import type { Rule } from '../rule';
import { anonymousLoginFailed } from '../rules/anonymous-login-failed';
import { anonymousLoginsInARow } from '../rules/anonymous-logins-in-a-row';
import { bearerAfterSignOut } from '../rules/bearer-after-sign-out';
import { bearerExpired } from '../rules/bearer-expired';
import { bearerIsNoToken } from '../rules/bearer-is-no-token';
import { originUnknown } from '../rules/origin-unknown';
import { refreshAfterExpiry } from '../rules/refresh-after-expiry';
import { refreshCalledTwice } from '../rules/refresh-called-twice';
import { refreshKeepsFailing } from '../rules/refresh-keeps-failing';
import { refreshLoop } from '../rules/refresh-loop';
import { tokenChurn } from '../rules/token-churn';
import { tokenCreatedAhead } from '../rules/token-created-ahead';
import { tokenExpired } from '../rules/token-expired';
import { tokenExpiryDisagrees } from '../rules/token-expiry-disagrees';
import { tokenExpiryInMs } from '../rules/token-expiry-in-ms';
import { tokenLongLived } from '../rules/token-long-lived';
import { tokenNearExpiry } from '../rules/token-near-expiry';
import { tokenNoJwt } from '../rules/token-no-jwt';
import { tokenNotYetValid } from '../rules/token-not-yet-valid';
import { tokenOfAnotherUuid } from '../rules/token-of-another-uuid';
import { tokenTimeNotNumber } from '../rules/token-time-not-number';
import { tokenTimeUnreadable } from '../rules/token-time-unreadable';
import { tokenUnreadable } from '../rules/token-unreadable';
import { tokenUnsigned } from '../rules/token-unsigned';
import { tokenUnusualAlgorithm } from '../rules/token-unusual-algorithm';
import { tokenWithMoreAroundIt } from '../rules/token-with-more-around-it';
import { webTokenOutlivesCustomer } from '../rules/web-token-outlives-customer';

export const TOKEN_RULES: readonly Rule[] = [
  tokenExpired,
  tokenNearExpiry,
  tokenNotYetValid,
  tokenCreatedAhead,
  tokenLongLived,
  tokenExpiryInMs,
  tokenTimeNotNumber,
  tokenTimeUnreadable,
  tokenWithMoreAroundIt,
  tokenExpiryDisagrees,
  tokenNoJwt,
  tokenUnsigned,
  tokenUnusualAlgorithm,
  tokenOfAnotherUuid,
  tokenUnreadable,
  webTokenOutlivesCustomer,
  originUnknown,
  refreshAfterExpiry,
  refreshLoop,
  tokenChurn,
  refreshKeepsFailing,
  refreshCalledTwice,
  bearerAfterSignOut,
  bearerExpired,
  bearerIsNoToken,
  anonymousLoginsInARow,
  anonymousLoginFailed,
];
