/** Times in words. All instants and durations in ms. English, like the rest of the product; clock times in 24 hours. */
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const DAY_AND_CLOCK = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
/** Made when they are first needed: the command line's Node may be too old for them, and counts nothing down. */
const made = new Map<string, Intl.DurationFormat>();
function durations(style: 'digital' | 'narrow'): Intl.DurationFormat {
  const known = made.get(style) ?? new Intl.DurationFormat('en', { style, ...(style === 'digital' && { hoursDisplay: 'auto' }) });
  made.set(style, known);
  return known;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `11:43:20` today, with the date on another day. */
export function clock(instant: number, now: number): string {
  const date = new Date(instant);
  return (date.toDateString() === new Date(now).toDateString() ? CLOCK : DAY_AND_CLOCK).format(date);
}

/** The whole instant, for a tooltip. */
export const fullTime = (instant: number): string => FULL.format(new Date(instant));

/** `0:48`, `42:17`, `5:02:11`, `6d 23h`: what is left, seconds rounded down. */
export function countdown(left: number): string {
  const ms = Math.max(0, left);
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  if (days) return durations('narrow').format({ days, hours });
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const seconds = Math.floor((ms % MINUTE) / 1000);
  // The digital style pads the first unit to two digits, which a countdown does not.
  return durations('digital')
    .format({ ...(hours && { hours }), minutes, seconds })
    .replace(/^0(?=\d:)/, '');
}

/** From the largest: a value that rounds to one of a unit is told in that unit. */
const UNITS = [
  [DAY, 'd', HOUR],
  [HOUR, 'h', MINUTE],
  [MINUTE, 'min', 1000],
] as const;

/** `3 s`, `12 min`, `2 h`, `5 d`: about how long. */
export function about(ms: number): string {
  const abs = Math.abs(ms);
  for (const [unit, name, smaller] of UNITS) {
    if (Math.round(abs / smaller) * smaller >= unit) return `${Math.round(abs / unit)} ${name}`;
  }
  return `${Math.round(abs / 1000)} s`;
}

/** How long a call took: `38 ms`, `1.4 s`. */
export const took = (ms: number): string => (Math.round(ms) < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** JSON as a person reads it. */
export const pretty = (value: unknown): string => JSON.stringify(value, null, 2) ?? 'nothing';
