/**
 * How many bytes the browser counts a stored value for. Chromium counts the memory of its own copy, which for short
 * entries is four times their JSON: 32 for an item of a list, 64 for a member of an object, and texts that do not fit
 * into these (measured in Chromium 156 by `storage.session.getBytesInUse`; a browser test compares). Firefox counts less.
 */
const ITEM = 32;
const MEMBER = 64;
/** A text up to this length is kept in place (bytes). */
const IN_PLACE = 22;

const encoder = new TextEncoder();

function weightOfText(text: string): number {
  if (text.length <= IN_PLACE / 3) return 0;
  const { length } = encoder.encode(text);
  return length <= IN_PLACE ? 0 : Math.ceil((length + 1) / 8) * 8;
}

/** @param value plain data */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return weightOfText(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + ITEM + weightOf(item), 0);
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + (member === undefined ? 0 : MEMBER + weightOfText(name) + weightOf(member)),
    0,
  );
}
