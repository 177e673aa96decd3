import { parseCookie } from '../../web/cookies';
import { clockTime, ofKind, requestsOf } from '../lookup';
import type { Rule } from '../rule';

/** A request that was prepared before the UUID changed, and sent after (ms). */
const GRACE = 2000;

/** So long SDKs gather events before they send them (ms). */
const GATHERED = 60_000;
/** What goes to the profile of whom it names; logins have a rule of their own, and updates may set it. */
const NAMING = ['event', 'recommendation', 'search', 'tracking'];

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
    const puuid = subject.customer?.cookies.map(parseCookie).find(({ name }) => name === '_snrs_puuid')?.raw;
    const known = new Set([...changes.map(({ uuid }) => uuid.toLowerCase()), puuid?.toLowerCase()]);
    /** From when to when it may have been held: a change that nobody saw as it came began at some time before. */
    const mayHold = (at: number) =>
      changes.filter((entry, index) => entry.after - GRACE <= at && at <= (changes[index + 1]?.at ?? Number.POSITIVE_INFINITY) + GRACE);
    const wrong = requestsOf(subject, ...NAMING).filter(({ at, uuid, purpose, path }) => {
      if (uuid === null) return false;
      const named = uuid.toLowerCase();
      // Somebody else's pixel may have a parameter of that name: there only what was this customer's once tells.
      if (purpose === 'tracking' && !known.has(named)) return false;
      // Events that were gathered before the change go out together after it.
      if (/\/batch$/.test(path) && mayHold(at - GATHERED).some((entry) => entry.uuid.toLowerCase() === named)) return false;
      const held = mayHold(at);
      return held.length > 0 && !held.some((entry) => entry.uuid.toLowerCase() === named);
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
