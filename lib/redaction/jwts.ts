/** Three parts of base64url, the first a JSON object's: a JWT wherever it stands in a text. Begun at a word's beginning alone: else a long word costs its square. */
const JWT = /(?<![\w-])[\w-]{8,}\.[\w-]{5,}\.[\w-]*/g;
const MASK = '[token]';

/**
 * `value` (plain data) with every JWT in its texts masked, and `secret` too, which may be no JWT: an SDK may hand a
 * token out as a value, or repeat it in an error.
 */
export function withoutTokens<T>(value: T, secret: string | null): T {
  const mask = (text: string) =>
    (secret ? text.replaceAll(secret, MASK) : text).replace(JWT, (found) => found.replace(/eyJ[\w-]{5,}\..*/s, MASK));
  const visit = (item: unknown): unknown => {
    if (typeof item === 'string') return mask(item);
    // Plain data's arrays have no methods of their own.
    if (Array.isArray(item)) return Array.from(item as unknown[], visit);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, entry]) => [mask(key), visit(entry)]));
  };
  return visit(value) as T;
}
