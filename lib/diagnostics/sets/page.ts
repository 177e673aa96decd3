/** Rules about the SDK on the page, its cookies and its events, in display order. */
import type { Rule } from '../rule';
import { cookieNotTheSdkUuid } from '../rules/cookie-not-the-sdk-uuid';
import { cookiesDisagree } from '../rules/cookies-disagree';
import { cookiesMissing } from '../rules/cookies-missing';
import { duplicateCookies } from '../rules/duplicate-cookies';
import { eventRefused } from '../rules/event-refused';
import { oldCookies } from '../rules/old-cookies';
import { placeWithoutSdk } from '../rules/place-without-sdk';
import { resetCookieMalformed } from '../rules/reset-cookie-malformed';
import { resetCookieWaits } from '../rules/reset-cookie-waits';
import { sdkLoadedTwice } from '../rules/sdk-loaded-twice';
import { sdkNotInitialised } from '../rules/sdk-not-initialised';
import { snippetWithoutSdk } from '../rules/snippet-without-sdk';
import { spaWithoutPageVisit } from '../rules/spa-without-page-visit';
import { twoTrackerKeys } from '../rules/two-tracker-keys';
import { uuidCookieHttpOnly } from '../rules/uuid-cookie-http-only';
import { uuidCookieShortLived } from '../rules/uuid-cookie-short-lived';

export const PAGE_RULES: readonly Rule[] = [
  sdkNotInitialised,
  snippetWithoutSdk,
  sdkLoadedTwice,
  twoTrackerKeys,
  placeWithoutSdk,
  cookieNotTheSdkUuid,
  cookiesDisagree,
  duplicateCookies,
  resetCookieWaits,
  resetCookieMalformed,
  uuidCookieHttpOnly,
  cookiesMissing,
  uuidCookieShortLived,
  oldCookies,
  spaWithoutPageVisit,
  eventRefused,
];
