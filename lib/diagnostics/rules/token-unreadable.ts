import { tokenStatus } from '../../jwt/token';
import type { Rule } from '../rule';

export const tokenUnreadable: Rule = {
  id: 'token-unreadable',
  severity: 'warning',
  about: 'token',
  title: 'The SDK does not give its token',
  looksAt: 'How the last `retrieveToken` ended: an error, a throw or no answer, while the token known before is still good.',
  advice:
    'See the error. A network that fails passes by itself; a throw in retrieveToken was a bug of older versions (iOS 3.6.21, Android 3.6.8): update the SDK.',
  source: 'Facts §5 (changelogs iOS 3.6.21, 3.8.1, Android 3.6.8).',
  situations: [13],
  check({ tokenTrouble, token, at, lead }) {
    if (!tokenTrouble || (token && tokenStatus(token, at, lead) === 'expired')) return null;
    const { code, message } = tokenTrouble;
    return { evidence: [`retrieveToken: ${message}${code === undefined ? '' : ` (code ${code})`}`] };
  },
};
