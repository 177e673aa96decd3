import { callsOf } from '../lookup';
import type { Rule } from '../rule';

/** How long a call counts as pending (ms). */
const UNDER_WAY = 30_000;

export const refreshCalledTwice: Rule = {
  id: 'refresh-called-twice',
  severity: 'warning',
  dialects: ['react-native', 'flutter'],
  title: 'Concurrent calls: the first was canceled',
  looksAt: '`refreshToken` or `retrieveToken` called again by the page while the previous call was pending, which then never returned.',
  advice:
    'On Android, the React Native and Flutter bridges cancel the first call: its callbacks never fire and its promise hangs. Share one promise.',
  source: 'Facts §1.3: one refreshTokenCall and getTokenCall field in the bridges.',
  situations: [23],
  check(subject) {
    for (const name of ['refreshToken', 'retrieveToken'] as const) {
      const calls = callsOf(subject, name);
      const lost = calls.findLast(
        (call, index) => call.endedAt === null && (calls[index + 1]?.at ?? Number.POSITIVE_INFINITY) - call.at <= UNDER_WAY,
      );
      const next = lost && calls[calls.indexOf(lost) + 1];
      if (lost && next)
        return { evidence: [`${name}() never returned; called again ${next.at - lost.at} ms later.`], entries: [lost, next] };
    }
    return null;
  },
};
