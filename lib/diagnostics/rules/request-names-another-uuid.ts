import { count } from '../../text/count';
import { parseCookie } from '../../web/cookies';
import { dateTime, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

/** Tolerance for requests that were prepared before a UUID change and sent after it (ms). */
const GRACE = 2000;

/** How long SDKs collect events before sending them (ms). */
const GATHERED = 60_000;
/** Purposes whose requests go to the profile they name. Logins have a separate rule, and updates may set the UUID. */
const NAMING = ['event', 'recommendation', 'search', 'tracking'];

export const requestNamesAnotherUuid: Rule = {
  id: 'request-names-another-uuid',
  severity: 'error',
  title: 'Requests use a different UUID',
  looksAt:
    'The UUID in events, recommendations, searches and similar requests against the SDK’s UUID at that time. Sign-ins have their own rule.',
  advice:
    'Data goes to the wrong profile. The site likely caches a UUID (often _snrs_puuid, or one from before a reset). Read it from the SDK each time.',
  source: 'Facts §3.6 (clientUUID), §5.',
  situations: [27],
  check(subject) {
    const changes = ofKind(subject, 'uuid');
    const puuid = subject.customer?.cookies.map(parseCookie).find(({ name }) => name === '_snrs_puuid')?.raw;
    const known = new Set([...changes.map(({ uuid }) => uuid.toLowerCase()), puuid?.toLowerCase()]);
    /** UUIDs that the SDK may have had at `at`: a change that wasn't observed directly happened some time after `entry.after`. */
    const mayHold = (at: number) =>
      changes.filter((entry, index) => entry.after - GRACE <= at && at <= (changes[index + 1]?.at ?? Number.POSITIVE_INFINITY) + GRACE);
    const wrong = requestsOf(subject, ...NAMING).filter(({ at, uuid, purpose, path }) => {
      if (uuid === null) return false;
      const named = uuid.toLowerCase();
      // A third-party pixel may use the same parameter name: only a UUID that this customer once had counts.
      if (purpose === 'tracking' && !known.has(named)) return false;
      // Events collected before the change are sent in one batch after it.
      if (/\/batch$/.test(path) && mayHold(at - GATHERED).some((entry) => entry.uuid.toLowerCase() === named)) return false;
      const held = mayHold(at);
      return held.length > 0 && !held.some((entry) => entry.uuid.toLowerCase() === named);
    });
    const last = wrong.at(-1);
    // Requests from before the last change no longer matter.
    if (!last || (changes.at(-1)?.at ?? 0) > last.at) return null;
    return {
      evidence: [
        `${count(wrong.length, 'request')} with a different UUID, last at ${dateTime(last.at)}: ${last.uuid}.`,
        `SDK UUID: ${changes.at(-1)?.uuid}.`,
      ],
      entries: wrong,
    };
  },
};
