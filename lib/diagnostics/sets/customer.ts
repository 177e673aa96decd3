/** Rules about the UUID and the customer it identifies, in display order. */
import type { Rule } from '../rule';
import { doNotTrackIsOn } from '../rules/do-not-track';
import { identityHashOfAnother } from '../rules/identity-hash-of-another';
import { regenerateWhileSignedIn } from '../rules/regenerate-while-signed-in';
import { requestNamesAnotherUuid } from '../rules/request-names-another-uuid';
import { sameUuidForAnotherCustomer } from '../rules/same-uuid-for-another-customer';
import { uuidChurn } from '../rules/uuid-churn';
import { uuidFromLink } from '../rules/uuid-from-link';
import { uuidInUrl } from '../rules/uuid-in-url';
import { uuidRecipesDiffer } from '../rules/uuid-recipes-differ';
import { uuidUnreadable } from '../rules/uuid-unreadable';
import { uuidVersion } from '../rules/uuid-version';

export const CUSTOMER_RULES: readonly Rule[] = [
  sameUuidForAnotherCustomer,
  uuidVersion,
  uuidUnreadable,
  uuidChurn,
  uuidInUrl,
  uuidFromLink,
  uuidRecipesDiffer,
  requestNamesAnotherUuid,
  identityHashOfAnother,
  regenerateWhileSignedIn,
  doNotTrackIsOn,
];
