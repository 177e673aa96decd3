/** Three base64url parts, as in a JWT anywhere in a text. Matches only at the start of a word; otherwise long words take quadratic time. */
const JWT = /(?<![\w-])[\w-]{8,}\.[\w-]{5,}\.[\w-]*/g;
const MASK = '[token]';

/**
 * `value` (plain data) with every JWT in its texts masked, and `secret` too, even if it isn't a JWT: an SDK may return a
 * token as a value, or repeat it in an error.
 */
export function withoutTokens<T>(value: T, secret: string | null): T {
  const mask = (text: string) =>
    (secret ? text.replaceAll(secret, MASK) : text).replace(JWT, (found) => found.replace(/eyJ[\w-]{5,}\..*/s, MASK));
  const visit = (item: unknown): unknown => {
    if (typeof item === 'string') return mask(item);
    // Arrays in plain data have no methods.
    if (Array.isArray(item)) return Array.from(item as unknown[], visit);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, entry]) => [mask(key), visit(entry)]));
  };
  return visit(value) as T;
}
