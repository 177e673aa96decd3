/**
 * What syntax cannot do, as it was when we came: what a page patches later does not reach it. Each is tried before it is
 * used, since pages replace built-ins; what does not work is `undefined`, and its name is in `missing`.
 */
import { push } from './own';

/** The page's global object: `window` cannot be replaced, `globalThis` can. */
export const page: typeof globalThis = typeof window === 'object' ? window : globalThis;

const missing: string[] = [];
/** Names of built-ins that the page had replaced, with something that does not do their work. */
export const missingBuiltins: readonly string[] = missing;

/** The first of `picks` that `works`. */
function working<T>(name: string, works: (found: T) => unknown, ...picks: readonly (() => T)[]): T | undefined {
  for (let index = 0; index < picks.length; index += 1) {
    try {
      const found = (picks[index] as () => T)();
      if (works(found)) return found;
    } catch {
      // Not there, or not what it is called.
    }
  }
  push(missing, name);
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

/** @throws where the page left no way to */
export const getPrototypeOf = /* @__PURE__ */ working<typeof Object.getPrototypeOf>(
  'Object.getPrototypeOf',
  (found) => found({ __proto__: missing }) === missing,
  () => Object.getPrototypeOf,
  () => Reflect.getPrototypeOf as never,
) as typeof Object.getPrototypeOf;

/** Own keys of a value of the page. */
export const ownKeys = /* @__PURE__ */ working<(value: object) => (string | symbol)[]>(
  'Object.getOwnPropertyNames',
  (found) => found([])[0],
  () => Object.getOwnPropertyNames,
  () => Reflect.ownKeys,
);

/** Whether it is a view of a buffer, which may have millions of keys. */
export const isView = /* @__PURE__ */ working<(value: unknown) => boolean>(
  'ArrayBuffer.isView',
  (found) => !found(missing),
  () => ArrayBuffer.isView,
);

/** Keys of our own data, in order. */
export function keys(data: object): string[] {
  const own = { __proto__: null, ...data };
  const found: string[] = [];
  for (const key in own) push(found, key);
  return found;
}

export const isArray = /* @__PURE__ */ (working(
  'Array.isArray',
  (found) => found([]) && !found({}),
  () => Array.isArray,
) ?? ((value: unknown) => typeof value === 'object' && value !== null && 'length' in value)) as (value: unknown) => value is unknown[];

export const NativeProxy = /* @__PURE__ */ working<ProxyConstructor>(
  'Proxy',
  (found) => new found((): number => 0, { apply: () => 1 })(),
  () => Proxy,
);

/** What `WeakMap` does. */
interface Ties {
  get(key: object): unknown;
  set(key: object, value: unknown): void;
}

/** Values tied to objects for as long as these live. */
export const ties = /* @__PURE__ */ working<Ties>(
  'WeakMap',
  (found) => {
    found.set(missing, 1);
    return found.get(missing);
  },
  () => {
    const native = new WeakMap<object, unknown>();
    const { get, set } = WeakMap.prototype;
    return { get: (key) => apply(get, native, [key]), set: (key, value) => void apply(set, native, [key, value]) };
  },
);

const { now: dateNow, prototype: datePrototype } = page.Date ?? {};
/** The page's clock (epoch ms); 0 where it has none. It may stand still, or be faked. */
export function pageNow(): number {
  try {
    const time = dateNow();
    return typeof time === 'number' && time - time === 0 ? time : 0;
  } catch {
    return 0;
  }
}

const { getTime, toISOString } = datePrototype ?? {};
/** The instant of a `Date` of any realm in epoch ms; `null` for anything else and for an invalid date. */
export function instantOf(value: unknown): number | null {
  try {
    const time = apply(getTime, value, []) as number;
    return time - time === 0 ? time : null;
  } catch {
    return null;
  }
}
/** @throws for what is no valid date */
export const isoText = (date: unknown): string => apply(toISOString, date, []) as string;

/** Does `work` after this turn. */
export function afterThisTurn(work: () => void): void {
  // An async function's promise is the browser's own, whatever the page made of `Promise`.
  void (async () => {
    await null;
    work();
  })();
}
