/** Formats times, in the locale and time zone of the user. All instants and durations are in ms. */
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const EXACT = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const DAY_AND_CLOCK = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `11:43:20` today, with the date on another day. */
export function clock(instant: number, now: number): string {
  const date = new Date(instant);
  return (date.toDateString() === new Date(now).toDateString() ? CLOCK : DAY_AND_CLOCK).format(date);
}

/** `Nov 29, 2026` */
export const date = (instant: number): string => DATE.format(instant);

/** `11:43:20` */
export const time = (instant: number): string => CLOCK.format(instant);

/** `11:43:20.042` */
export const exactTime = (instant: number): string => EXACT.format(instant);

/** The full date and time, for a tooltip. */
export const fullTime = (instant: number): string => FULL.format(new Date(instant));

/** The time left, rounded down: `0:48`, `42:17`, `5:02:11`, `6d 23h`. */
export function countdown(left: number): string {
  const ms = Math.max(0, left);
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  if (days) return hours ? `${days}d ${hours}h` : `${days}d`;
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const seconds = two(Math.floor((ms % MINUTE) / 1000));
  return hours ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** From the largest unit: a value that rounds up to one of a unit is given in that unit. */
const UNITS = [
  [DAY, 'd', HOUR],
  [HOUR, 'h', MINUTE],
  [MINUTE, 'min', 1000],
] as const;

/** An approximate duration: `3 s`, `12 min`, `2 h`, `5 d`. */
export function about(ms: number): string {
  const abs = Math.abs(ms);
  for (const [unit, name, smaller] of UNITS) {
    if (Math.round(abs / smaller) * smaller >= unit) return `${Math.round(abs / unit)} ${name}`;
  }
  return `${Math.round(abs / 1000)} s`;
}

/** A call's duration: `38 ms`, `1.4 s`. */
export const took = (ms: number): string => (Math.round(ms) < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** A size: `12 KB`, `3.4 MB`. */
export const bytesWords = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000).toLocaleString('en')} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** Indented JSON; a sentence if a page nested the value deeper than JSON can be written. */
export function pretty(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? 'nothing';
  } catch {
    return 'Nested too deeply to show.';
  }
}
