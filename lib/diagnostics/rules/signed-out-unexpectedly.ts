import { CHANGES_WORKSPACE } from '../../sdk/changes';
import { traitsOf } from '../../sdk/dialects/names';
import type { HistoryEntry } from '../../session/history/history';
import { isPageLoad } from '../../session/history/timeline';
import type { Case } from '../case';
import { dateTime, deedsOf, type EntryOf, ofKind } from '../lookup';
import type { Rule } from '../rule';

const ASKED = [
  'signOut',
  'signOutWithMode',
  'destroySession',
  'deleteAccount',
  'clearAccessToken',
  'regenerateUUID',
  ...CHANGES_WORKSPACE,
] as const;
const MEANT = new Set(['USER_SIGN_OUT', 'SESSION_DESTROYED', 'USER_ACCOUNT_DELETED']);
const SHORTLY = 10_000;

/** The sign-out wasn't observed directly, or a page load came with it: with the Web SDK, the site sets its token again, or doesn't. */
function isUnseen({ entries, sdk }: Case, out: EntryOf<'identity'>): boolean {
  const near = entries.filter(({ at }) => at <= out.at && out.at - at <= SHORTLY);
  const isLate = (entry: HistoryEntry) =>
    (entry.kind === 'token' || entry.kind === 'uuid') && (entry.at - entry.after > SHORTLY || entry.cause.kind === 'page-load');
  return near.some(isLate) || (sdk !== null && traitsOf(sdk.dialect).tokenBy === 'site' && near.some(isPageLoad));
}

export const signedOutUnexpectedly: Rule = {
  id: 'signed-out-unexpectedly',
  severity: 'warning',
  title: 'Unexpected sign-out',
  looksAt: 'A change from signed in to anonymous without a sign-out call or a reason that a person caused.',
  advice:
    'SESSION_EXPIRATION: token expired. SYSTEM_SIGN_OUT: backend. SECURITY_EXCEPTION, CLIENT_REJECTED: token rejected. iOS before 4.14.2: context changes.',
  source: 'Changelog iOS 4.14.2; facts §1.5 (ClientSessionEndReason), §2.1, §5.',
  situations: [9],
  check(subject) {
    // Doesn't apply to a page without an SDK.
    if (subject.identity === 'signed-in' || subject.phase !== 'attached') return null;
    const out = ofKind(subject, 'identity').findLast(({ before }) => before === 'signed-in');
    if (!out || (out.identity !== 'anonymous' && out.identity !== 'simple-auth') || out.of !== null || isUnseen(subject, out)) return null;
    const told = ofKind(subject, 'callback').findLast(({ signedIn, at }) => !signedIn && Math.abs(at - out.at) <= SHORTLY);
    const reason = out.reason ?? told?.reason ?? null;
    const isAsked = deedsOf(subject, ...ASKED).some(({ at, endedAt }) => at <= out.at && out.at - (endedAt ?? at) <= SHORTLY);
    if (isAsked || (reason !== null && MEANT.has(reason))) return null;
    return {
      evidence: [`At ${dateTime(out.at)}.`, reason === null ? 'No reason reported.' : `Reason: ${reason}`],
      entries: told ? [told, out] : [out],
    };
  },
};
