import { apply, defineProperty, getOwnPropertyDescriptor, NativeProxy } from './builtins';
import { ownerOf } from './plain';

/** A call of the page on an observed method. */
export interface ObservedCall {
  readonly method: string;
  readonly self: object;
  /** Whether its end is seen: a callback was handed over. */
  awaited: boolean;
}

export interface Observer {
  called(call: ObservedCall): void;
  /** The call ended, or returned without a callback to wait for; `value` is what the success callback brought. Once per call. */
  ended(call: ObservedCall, succeeded: boolean, value: unknown): void;
}

interface Wrapped {
  readonly owner: object;
  readonly key: string;
  readonly descriptor: PropertyDescriptor;
  readonly wrapper: (...args: unknown[]) => unknown;
}

const originals = new WeakMap<object, (...args: never[]) => unknown>();
const builtIns = new Set<unknown>([Object.prototype, Function.prototype, Array.prototype]);

/** The SDK's own function behind our wrapper; any other value as it is. */
export function original(method: unknown): unknown {
  return (typeof method === 'function' && originals.get(method)) || method;
}

/**
 * Wraps methods of one client so that the page's calls are seen. A Proxy stands in the very place of the method, in the
 * same kind of property, so name, length, own properties, `this`, `new.target`, arguments, return and throw stay.
 * What stays different is said in docs/architecture.md.
 */
export function observe(client: object, methods: readonly string[], observer: Observer): { unobserved: string[]; revert(): void } {
  const wrapped: Wrapped[] = [];
  const unobserved: string[] = [];
  let active = true;
  // A wrapper that the page kept is silent after `revert`.
  const whileActive: Observer = {
    called: (call) => active && observer.called(call),
    ended: (call, ok, value) => active && observer.ended(call, ok, value),
  };
  for (const key of methods) {
    const found = ownerOf(client, key);
    const value = found?.descriptor.value as unknown;
    if (!found) continue;
    if (typeof value !== 'function' || builtIns.has(found.owner) || !(found.descriptor.writable || found.descriptor.configurable)) {
      unobserved.push(key);
      continue;
    }
    if (originals.has(value)) continue;
    const wrapper = wrap(key, value as (...args: unknown[]) => unknown, whileActive);
    try {
      defineProperty(found.owner, key, { ...found.descriptor, value: wrapper });
      wrapped.push({ owner: found.owner, key, descriptor: found.descriptor, wrapper });
    } catch {
      unobserved.push(key);
    }
  }
  return {
    unobserved,
    revert() {
      active = false;
      for (const { owner, key, descriptor, wrapper } of wrapped) {
        try {
          // Somebody else may have wrapped or replaced it since: theirs stays.
          if (getOwnPropertyDescriptor(owner, key)?.value === wrapper) defineProperty(owner, key, descriptor);
        } catch {
          // Frozen since: our wrapper stays and goes on passing calls through.
        }
      }
    },
  };
}

function wrap(method: string, target: (...args: unknown[]) => unknown, observer: Observer) {
  const wrapper = new NativeProxy(target, {
    apply(_target, self, args: unknown[]) {
      const call: ObservedCall = { method, self: self as object, awaited: false };
      let done = false;
      const end = (succeeded: boolean, value: unknown) => {
        if (done) return;
        done = true;
        quietly(() => observer.ended(call, succeeded, value));
      };
      const failureAt = failureIndex(args);
      const seen = args.map((arg, index) => {
        if (typeof arg !== 'function' || index < failureAt - 1) return arg;
        call.awaited = true;
        return new NativeProxy(arg, {
          apply(callback, callbackSelf, values: unknown[]) {
            end(index !== failureAt, values[0]);
            return apply(callback, callbackSelf, values);
          },
        });
      });
      quietly(() => observer.called(call));
      let returned: unknown;
      try {
        returned = apply(target, self, seen);
      } catch (error) {
        end(false, undefined);
        throw error;
      }
      // A returned promise is left alone: a handler of ours would hide its rejection from the page's `unhandledrejection`.
      if (!call.awaited) end(true, returned);
      return returned;
    },
  });
  originals.set(wrapper, target);
  return wrapper;
}

/** Where `onError` stands, or would stand: both callbacks come last and either may be left out (facts §1.3). */
function failureIndex(args: readonly unknown[]): number {
  const last = args.length - 1;
  const before = args[last - 1];
  const empty = (value: unknown) => value === undefined || value === null;
  const may = (value: unknown) => typeof value === 'function' || empty(value);
  return last > 0 && may(before) && may(args[last]) && !(empty(before) && empty(args[last])) ? last : last + 1;
}

/** Runs our own bookkeeping: whatever goes wrong there is not the page's matter. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The page must notice nothing.
  }
}
