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
export const NativeError = Error;
export const { CustomEvent: NativeCustomEvent, MutationObserver: NativeMutationObserver } = globalThis;
export const { observe: observeNodes, disconnect } = NativeMutationObserver?.prototype ?? {};
const { addEventListener, removeEventListener, dispatchEvent } = globalThis.EventTarget?.prototype ?? {};

/** Listens on the window, or on `target`. Gives what ends it. */
export function listen(name: string, listener: (event: Event) => void, target: EventTarget = globalThis, capture = false): () => void {
  apply(addEventListener, target, [name, listener, capture]);
  return () => void apply(removeEventListener, target, [name, listener, capture]);
}

/** Raises an event on the window that carries one text. */
export const raise = (name: string, detail = ''): void => void apply(dispatchEvent, globalThis, [new NativeCustomEvent(name, { detail })]);
