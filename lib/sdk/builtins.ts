/** Built-ins as they were when the agent came: what the page patches later does not reach it. */
export const { create, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, keys, setPrototypeOf } = Object;
export const { apply, ownKeys } = Reflect;
export const { parse, stringify } = JSON;
export const {
  setTimeout,
  clearTimeout,
  queueMicrotask,
  Promise: NativePromise,
  Proxy: NativeProxy,
  Set: NativeSet,
  Map: NativeMap,
} = globalThis;
export const { now } = Date;
