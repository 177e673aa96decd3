import fc from 'fast-check';

const HALVES = 0x800;
const FIRST_HALF = 0xd800;

/** Any character except half a surrogate pair, for `unit` of `fc.string`. Its own `binary` builds a table of a million characters first, which takes seconds. */
export const anyChar: fc.Arbitrary<string> = fc.nat({ max: 0x10ffff - HALVES }).map(
  (nth) => String.fromCodePoint(nth < FIRST_HALF ? nth : nth + HALVES),
  (char) => {
    // With the way back, fast-check also tries texts of its own, such as `__proto__`.
    const [code] = typeof char === 'string' && [...char].length === 1 ? [char.codePointAt(0) as number] : [];
    if (code === undefined || (code >= FIRST_HALF && code < FIRST_HALF + HALVES)) throw new Error('Not one character.');
    return code < FIRST_HALF ? code : code - HALVES;
  },
);
