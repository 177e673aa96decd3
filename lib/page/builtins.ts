/**
 * What syntax cannot do, as it was when we came: what a page patches later does not reach it. Each is tried before it is
 * used, since pages replace built-ins; what does not work is `undefined`, and its name is in `missing`.
 */
import { page } from './global';
import { includes, push } from './own';

export { page };

const missing: string[] = [];
/** Names of built-ins that the page had replaced, with something that does not do their work. */
export const missingBuiltins: readonly string[] = missing;

/** The first of `picks` that `works`. */
export function working<T>(name: string, works: (found: T) => unknown, ...picks: readonly (() => T)[]): T | undefined {
  for (let index = 0; index < picks.length; index += 1) {
    try {
      const found = (picks[index] as () => T)();
      if (works(found)) return found;
    } catch {
      // Not there, or not what it is called.
    }
  }
  // What drives clients may be brought twice.
  if (!includes(missing, name)) push(missing, name);
  return undefined;
}

type Apply = (method: (...args: never[]) => unknown, self: unknown, args: readonly unknown[]) => unknown;

function tell(this: unknown, one: unknown) {
  return this === missing && one === 1;
}

/** Calls a function with that `this`. @throws where the page left no way to */
export const apply = /* @__PURE__ */ working<Apply>(
  'Reflect.apply',
  (found) => found(tell, missing, [1]),
  () => Reflect.apply as Apply,
  () => Function.prototype.call.bind(Function.prototype.apply as never) as Apply,
) as Apply;

/** @throws where the page left no way to */
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

/** @throws where the page left no way to */
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
/** The page's clock (epoch ms); 0 where it has none. It may stand still, or be faked. */
export function pageNow(): number {
  try {
    const time = dateNow();
    return typeof time === 'number' && time - time === 0 ? time : 0;
  } catch {
    return 0;
  }
}

/** Does `work` after this turn. */
export function afterThisTurn(work: () => void): void {
  // An async function's promise is the browser's own, whatever the page made of `Promise`.
  void (async () => {
    await null;
    work();
  })();
}
