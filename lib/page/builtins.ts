/**
 * Built-ins that syntax cannot replace, captured when our script starts so that later patches by the page do not affect
 * them. Pages replace built-ins, so each one is tested before use; one that does not work is `undefined`, and its name is
 * in `missingBuiltins`.
 */
import { page } from './global';
import { includes, push } from './own';

export { page };

const missing: string[] = [];
/** Names of built-ins that the page had replaced with something that does not work. */
export const missingBuiltins: readonly string[] = missing;

/** Returns the first of `picks` that passes `works`; if none does, `undefined`, and adds `name` to `missingBuiltins`. */
export function working<T>(name: string, works: (found: T) => unknown, ...picks: readonly (() => T)[]): T | undefined {
  for (let index = 0; index < picks.length; index += 1) {
    try {
      const found = (picks[index] as () => T)();
      if (works(found)) return found;
    } catch {
      // Missing, or not what its name says.
    }
  }
  // The driver script may be injected twice.
  if (!includes(missing, name)) push(missing, name);
  return undefined;
}

type Apply = (method: (...args: never[]) => unknown, self: unknown, args: readonly unknown[]) => unknown;

function tell(this: unknown, one: unknown) {
  return this === missing && one === 1;
}

/** Calls a function with the given `this`. @throws if no working implementation was found */
export const apply = /* @__PURE__ */ working<Apply>(
  'Reflect.apply',
  (found) => found(tell, missing, [1]),
  () => Reflect.apply as Apply,
  () => Function.prototype.call.bind(Function.prototype.apply as never) as Apply,
) as Apply;

/** @throws if no working implementation was found */
export const defineProperty = /* @__PURE__ */ working<typeof Object.defineProperty>(
  'Object.defineProperty',
  (found) => {
    const made: { a?: unknown } = {};
    found(made, 'a', { value: 1 });
    return made.a;
  },
  () => Object.defineProperty,
  () => Reflect.defineProperty as never,
) as typeof Object.defineProperty;

/** @throws if no working implementation was found */
export const getOwnPropertyDescriptor = /* @__PURE__ */ working<typeof Object.getOwnPropertyDescriptor>(
  'Object.getOwnPropertyDescriptor',
  (found) => found([1], '0')?.value,
  () => Object.getOwnPropertyDescriptor,
  () => Reflect.getOwnPropertyDescriptor as never,
) as typeof Object.getOwnPropertyDescriptor;

export const isArray = /* @__PURE__ */ (working(
  'Array.isArray',
  (found) => found([]) && !found({}),
  () => Array.isArray,
) ?? ((value: unknown) => typeof value === 'object' && value !== null && 'length' in value)) as (value: unknown) => value is unknown[];

const { now: dateNow } = page.Date ?? {};
/** The page's clock (epoch ms); 0 if it has none. It may be frozen or faked. */
export function pageNow(): number {
  try {
    const time = dateNow();
    return typeof time === 'number' && time - time === 0 ? time : 0;
  } catch {
    return 0;
  }
}

/** Runs `work` after the current turn, as a microtask. */
export function afterThisTurn(work: () => void): void {
  // An async function returns a native promise even if the page replaced `Promise`.
  void (async () => {
    await null;
    work();
  })();
}
