import { ties } from './builtins-more';

/** Remembers which function `wrapper` wraps. Without a working `WeakMap` in the page, nothing is wrapped. */
export function remember(wrapper: object, target: (...args: never[]) => unknown): void {
  ties?.set(wrapper, target);
}

/** The SDK's own function behind our wrapper; any other value unchanged. */
export function original(method: unknown): unknown {
  return (typeof method === 'function' && ties?.get(method)) || method;
}
