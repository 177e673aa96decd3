const originals = new WeakMap<object, (...args: never[]) => unknown>();

/** Remembers what `wrapper` stands for. */
export function remember(wrapper: object, target: (...args: never[]) => unknown): void {
  originals.set(wrapper, target);
}

/** The SDK's own function behind our wrapper; any other value as it is. */
export function original(method: unknown): unknown {
  return (typeof method === 'function' && originals.get(method)) || method;
}
