/** When a claim of a token is, however its maker wrote it. Pure. */

/**
 * How an instant is written. A JWT has `seconds` as a number (RFC 7519 §2). `nothing`: it stands there and is no instant.
 */
export type Written = 'seconds' | 'ms' | 'us' | 'text' | 'date' | 'nothing' | 'absent';

export interface ClaimTime {
  /** Epoch ms; `null` for none. */
  readonly at: number | null;
  readonly written: Written;
}

/** A number tells its own unit: seconds beyond this lie past the year 5000, ms past it too, and ms below the first before 1974. */
const IN_MS = 1e11;
const IN_US = 1e14;
/** The last instant that JavaScript has (ms). */
const LATEST = 8.64e15;
const NUMBER = /^\s*-?\d+(?:\.\d+)?\s*$/;
/** ISO 8601, and the dates of mail and HTTP. `Date.parse` alone takes nearly any text for a date. */
const DATE = /^\s*(?:\d{4}-\d{2}-\d{2}(?:[T ]\S.*)?|(?:\w{3}, )?\d{1,2} \w{3} \d{4} .+)$/;

/** What says where on earth a date is; without it servers mean UTC, and `Date.parse` this computer. A day alone is UTC already. */
const ZONE = /(?:Z|[+-]\d{2}:?\d{2}|GMT|UTC|[A-Z]{3})\s*$|^\s*\d{4}-\d{2}-\d{2}\s*$/;

/** Reads `exp`, `nbf`, `iat` or `ctd` as leniently as any server might, and says how it was written. Never throws. */
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
