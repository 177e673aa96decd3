/** Schemas of what a message may contain at most: whatever comes over a boundary is bounded before anything uses it. */
import * as z from 'zod/mini';

const texts = new Map<number, z.ZodMiniString>();

/** Text of at most `max` characters. Created once for each `max`: the background creates all of its schemas whenever it starts. */
export function text(max: number): z.ZodMiniString {
  const known = texts.get(max) ?? z.string().check(z.maxLength(max));
  texts.set(max, known);
  return known;
}

export const flag = z.boolean();
