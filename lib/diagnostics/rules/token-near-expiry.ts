import { tokenStatus } from '../../jwt/token';
import { traitsOf } from '../../sdk/dialects/names';
import { dateTime, span } from '../lookup';
import type { Rule } from '../rule';

export const tokenNearExpiry: Rule = {
  id: 'token-near-expiry',
  severity: 'warning',
  about: 'token',
  title: 'The token is about to run out',
  looksAt: "The token's expiry within the site's warning time (60 s unless set), while nothing is set to refresh it.",
  advice:
    'Refresh it now, or switch on “Refresh before it ends”; with the Web SDK only the site can give a new JWT. After its end a signed-in customer is signed out.',
  source: 'Facts §2.3: the current token must still be active when it is refreshed.',
  check({ token, at, lead, autoRefresh, sdk }) {
    if (!token || token.stale || tokenStatus(token, at, lead) !== 'near-expiry' || token.expiresAt === null) return null;
    // The Web SDK's token comes from the site: auto-refresh can't renew it.
    if (autoRefresh.on && autoRefresh.tries === 0 && (!sdk || traitsOf(sdk.dialect).tokenBy === 'sdk')) return null;
    const tried = autoRefresh.problem ? [`Refreshing it failed ${autoRefresh.tries} times: ${autoRefresh.problem.message}`] : [];
    return { evidence: [`It ends at ${dateTime(token.expiresAt)}, in ${span(token.expiresAt - at)}.`, ...tried] };
  },
};
