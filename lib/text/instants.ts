/**
 * Instants in texts that files hold too, such as the evidence of a finding: written in UTC, and shown in the person's own zone
 * wherever the text is shown.
 */

/** `2027-01-15 09:00:00 UTC` */
export const utc = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');

/** Years beyond 9999 and before 0 have a sign and six digits. */
const UTC = /(?<![\w+-])((?:\d{4}|[+-]\d{6})-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC\b/g;

/** The text with its instants (`utc`) as `show` writes them. */
export const withInstants = (text: string, show: (at: number) => string): string =>
  text.replace(UTC, (written, day: string, time: string) => {
    const at = Date.parse(`${day}T${time}Z`);
    return Number.isNaN(at) ? written : show(at);
  });
