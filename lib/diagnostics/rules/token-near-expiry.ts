import { tokenStatus } from '../../jwt/token-status';
import { traitsOf } from '../../sdk/dialects/names';
import { count } from '../../text/count';
import { dateTime, span } from '../lookup';
import type { Rule } from '../rule';

export const tokenNearExpiry: Rule = {
  id: 'token-near-expiry',
  severity: 'warning',
  about: 'token',
  title: 'Token expires soon',
  looksAt: 'The token’s expiry within the site’s warning time (default 60 s), unless auto-refresh will renew it.',
  advice:
    'Refresh it or turn on Auto-refresh; with the Web SDK, only the site can set a new JWT. A signed-in customer is signed out when it expires.',
  source: 'Facts §2.3: the current token must still be active when it is refreshed.',
  check({ token, at, lead, autoRefresh, sdk }) {
    if (!token || token.stale || tokenStatus(token, at, lead) !== 'near-expiry' || token.expiresAt === null) return null;
    // The Web SDK's token comes from the site: auto-refresh can't renew it.
    if (autoRefresh.on && autoRefresh.tries === 0 && (!sdk || traitsOf(sdk.dialect).tokenBy === 'sdk')) return null;
    const tried = autoRefresh.problem ? [`Refresh failed ${count(autoRefresh.tries, 'time')}: ${autoRefresh.problem.message}`] : [];
    return { evidence: [`Expires at ${dateTime(token.expiresAt)}, in ${span(token.expiresAt - at)}.`, ...tried] };
  },
};
