/**
 * How many bytes the browser counts for a stored value. Chromium counts the memory of its own copy, which for short
 * entries is four times their JSON: 32 for an array item, 64 for an object member, plus strings that do not fit
 * into these (measured in Chromium 156 with `storage.session.getBytesInUse`; a browser test compares). Firefox counts less.
 */
const ITEM = 32;
const MEMBER = 64;
/** A string up to this length is stored inline (bytes). */
const IN_PLACE = 22;

const encoder = new TextEncoder();

function weightOfText(text: string): number {
  if (text.length <= IN_PLACE / 3) return 0;
  const { length } = encoder.encode(text);
  return length <= IN_PLACE ? 0 : Math.ceil((length + 1) / 8) * 8;
}

/** The estimated size of a stored value in bytes. @param value plain data */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return weightOfText(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + ITEM + weightOf(item), 0);
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + (member === undefined ? 0 : MEMBER + weightOfText(name) + weightOf(member)),
    0,
  );
}
