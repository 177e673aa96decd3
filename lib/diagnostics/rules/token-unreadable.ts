import { tokenStatus } from '../../jwt/token-status';
import type { Rule } from '../rule';

export const tokenUnreadable: Rule = {
  id: 'token-unreadable',
  severity: 'warning',
  about: 'token',
  title: 'Can’t read token from SDK',
  looksAt: 'The last `retrieveToken` call: an error, an exception or no response, while the previous token is still valid.',
  advice:
    'See the error. Network failures are temporary. An exception in retrieveToken() was a bug of older versions (iOS 3.6.21, Android 3.6.8): update the SDK.',
  source: 'Facts §5 (changelogs iOS 3.6.21, 3.8.1, Android 3.6.8).',
  situations: [13],
  check({ tokenTrouble, token, at, lead }) {
    if (!tokenTrouble || (token && tokenStatus(token, at, lead) === 'expired')) return null;
    const { code, message } = tokenTrouble;
    return { evidence: [`retrieveToken: ${message}${code === undefined ? '' : ` (code ${code})`}`] };
  },
};
