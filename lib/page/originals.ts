import { ties } from './builtins-more';

/** Remembers what `wrapper` stands for; nothing is wrapped where the page has no `WeakMap` that works. */
export function remember(wrapper: object, target: (...args: never[]) => unknown): void {
  ties?.set(wrapper, target);
}

/** The SDK's own function behind our wrapper; any other value as it is. */
export function original(method: unknown): unknown {
  return (typeof method === 'function' && ties?.get(method)) || method;
}
