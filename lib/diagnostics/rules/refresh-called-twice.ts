import { callsOf } from '../lookup';
import type { Rule } from '../rule';

/** How long a call counts as pending (ms). */
const UNDER_WAY = 30_000;

export const refreshCalledTwice: Rule = {
  id: 'refresh-called-twice',
  severity: 'warning',
  dialects: ['react-native', 'flutter'],
  title: 'A call was canceled by the next one of its kind',
  looksAt: '`refreshToken` or `retrieveToken` called again by the page while the one before was under way, and the first never answered.',
  advice:
    "On Android the bridges of React Native and Flutter keep one call of each kind and cancel it for the next: the first one's callbacks never come, and a promise around it hangs. Keep one promise and share it.",
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
        return { evidence: [`${name}() got no answer, and was called again ${next.at - lost.at} ms after it.`], entries: [lost, next] };
    }
    return null;
  },
};
