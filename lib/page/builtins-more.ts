/** Built-ins that only the client driver needs, captured and tested as in `builtins.ts`. */
import { apply, missingBuiltins as missing, page, working } from './builtins';
import { push } from './own';

/** @throws if no working implementation was found */
export const getPrototypeOf = /* @__PURE__ */ working<typeof Object.getPrototypeOf>(
  'Object.getPrototypeOf',
  (found) => found({ __proto__: missing }) === missing,
  () => Object.getPrototypeOf,
  () => Reflect.getPrototypeOf as never,
) as typeof Object.getPrototypeOf;

/** Own keys of one of the page's values. */
export const ownKeys = /* @__PURE__ */ working<(value: object) => (string | symbol)[]>(
  'Object.getOwnPropertyNames',
  (found) => found([])[0],
  () => Object.getOwnPropertyNames,
  () => Reflect.ownKeys,
);

/** Whether a value is a typed array or other view of a buffer, which may have millions of keys. */
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

export const NativeProxy = /* @__PURE__ */ working<ProxyConstructor>(
  'Proxy',
  (found) => new found((): number => 0, { apply: () => 1 })(),
  () => Proxy,
);

/** The part of `WeakMap` that we use. */
interface Ties {
  get(key: object): unknown;
  set(key: object, value: unknown): void;
}

/** Values tied to objects for as long as the objects live. */
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

const { getTime, toISOString } = page.Date?.prototype ?? {};
/** Epoch ms of a `Date` from any realm; `null` for anything else and for an invalid date. */
export function instantOf(value: unknown): number | null {
  try {
    const time = apply(getTime, value, []) as number;
    return time - time === 0 ? time : null;
  } catch {
    return null;
  }
}
/** ISO text of a `Date`. @throws if `date` isn't a valid date */
export const isoText = (date: unknown): string => apply(toISOString, date, []) as string;
