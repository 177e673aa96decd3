/** Reads the time claims of a token, in whatever format its issuer wrote them. Pure. */

/** Format of a time claim. A JWT should use numeric `seconds` (RFC 7519 §2). `nothing`: the claim is present but isn't a valid time. */
export type Written = 'seconds' | 'ms' | 'us' | 'text' | 'date' | 'nothing' | 'absent';

export interface ClaimTime {
  /** Epoch ms; `null` if the claim is absent or invalid. */
  readonly at: number | null;
  readonly written: Written;
}

/** The size of a number reveals its unit: 1e11 s and 1e14 ms are both past the year 5000, and 1e11 ms is before 1974. */
const IN_MS = 1e11;
const IN_US = 1e14;
/** The latest time that a JavaScript `Date` can represent (ms). */
const LATEST = 8.64e15;
const NUMBER = /^\s*-?\d+(?:\.\d+)?\s*$/;
/** ISO 8601, and the date formats of email and HTTP. `Date.parse` alone accepts almost any text as a date. */
const DATE = /^\s*(?:\d{4}-\d{2}-\d{2}(?:[T ]\S.*)?|(?:\w{3}, )?\d{1,2} \w{3} \d{4} .+)$/;

/** A date with a time zone. Without one, servers mean UTC but `Date.parse` assumes local time; a date without a time is already UTC. */
const ZONE = /(?:Z|[+-]\d{2}:?\d{2}|GMT|UTC|[A-Z]{3})\s*$|^\s*\d{4}-\d{2}-\d{2}\s*$/;

/** Reads `exp`, `nbf`, `iat` or `ctd` as leniently as any server might, and returns the format it was written in. Never throws. */
export function claimTime(value: unknown): ClaimTime {
  if (value === undefined) return { at: null, written: 'absent' };
  if (typeof value === 'number') {
    const written = value >= IN_US ? 'us' : value >= IN_MS ? 'ms' : 'seconds';
    const at = Math.round(written === 'us' ? value / 1000 : written === 'ms' ? value : value * 1000);
    return Math.abs(at) <= LATEST ? { at, written } : { at: null, written: 'nothing' };
  }
  if (typeof value !== 'string') return { at: null, written: 'nothing' };
  if (NUMBER.test(value)) {
    const { at } = claimTime(Number(value));
    return { at, written: at === null ? 'nothing' : 'text' };
  }
  const at = DATE.test(value) ? Date.parse(ZONE.test(value) ? value : `${value.trim()}Z`) : Number.NaN;
  return Number.isFinite(at) ? { at, written: 'date' } : { at: null, written: 'nothing' };
}
