/** Parses an instant in a page's data: `Date` text or ISO, s or ms. Returns epoch ms; `null` for anything else. */
export function instantOf(value: unknown): number | null {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value < 1e11 ? value * 1000 : value;
  if (typeof value !== 'string') return null;
  // Dates beyond the year 9999 are written with a sign.
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}
