import { clockTime, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

/** A request that was prepared before the UUID changed, and sent after (ms). */
const GRACE = 2000;

export const requestNamesAnotherUuid: Rule = {
  id: 'request-names-another-uuid',
  severity: 'error',
  title: 'Requests name another UUID than the SDK holds',
  looksAt:
    'The UUID in events, recommendations, searches and the like, against the one that was held then; logins have a rule of their own.',
  advice:
    'Events or recommendations go to the wrong profile. The site keeps a copy of the UUID (often _snrs_puuid, or the one from before a reset): read it from the SDK each time.',
  source: 'Facts §3.6 (clientUUID), §5.',
  situations: [27],
  check(subject) {
    const changes = ofKind(subject, 'uuid');
    const wrong = requestsOf(subject).filter(({ at, uuid, purpose }) => {
      if (uuid === null || /login|simple-auth/.test(purpose)) return false;
      const around = changes.filter(
        (entry, index) => entry.at <= at + GRACE && (changes[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= at - GRACE,
      );
      // When it changed is not known to the moment where nobody looked.
      return (
        around.length > 0 && !around.some((entry) => entry.uuid.toLowerCase() === uuid.toLowerCase() || entry.after < entry.at - GRACE)
      );
    });
    const last = wrong.at(-1);
    // What was sent before the last change is over.
    if (!last || (changes.at(-1)?.at ?? 0) > last.at) return null;
    return {
      evidence: [
        `${wrong.length === 1 ? 'One request names' : `${wrong.length} requests name`} another; the last, at ${clockTime(last.at)}, ${last.uuid}.`,
        `Held: ${changes.at(-1)?.uuid}.`,
      ],
      entries: wrong,
    };
  },
};
