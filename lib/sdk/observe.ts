import { apply, defineProperty, getOwnPropertyDescriptor, NativeProxy } from './builtins';
import { original, remember } from './originals';
import { ownerOf, peek } from './plain';

/** A call of the page on an observed method. */
export interface ObservedCall {
  readonly method: string;
  readonly self: unknown;
  /** Whether its end is seen: a callback was handed over. */
  awaited: boolean;
}

export interface Observer {
  called(call: ObservedCall): void;
  /** The call ended, or returned without a callback to wait for; `value` is what the success callback brought. Once per call. */
  ended(call: ObservedCall, succeeded: boolean, value: unknown): void;
  /** The call only made a call object, which is a call of its own once it is executed. */
  dropped(call: ObservedCall): void;
}

type AnyFunction = (...args: unknown[]) => unknown;

interface Wrapped {
  readonly owner: object;
  readonly key: string;
  readonly descriptor: PropertyDescriptor;
  readonly wrapper: AnyFunction;
}

const builtIns = new Set<unknown>([Object.prototype, Function.prototype, Array.prototype]);

/**
 * Wraps methods of one client so that the page's calls are seen; `methods` may be members of members (`jwt.clear`). A
 * Proxy stands in the very place of the method, in the same kind of property, so name, length, own properties, `this`,
 * `new.target`, arguments, return and throw stay. What stays different is said in docs/architecture.md.
 */
export function observe(client: object, methods: readonly string[], observer: Observer): { unobserved: string[]; revert(): void } {
  const wrapped: Wrapped[] = [];
  const unobserved: string[] = [];
  let active = true;
  // A wrapper that the page kept is silent after `revert`.
  const whileActive: Observer = {
    called: (call) => active && observer.called(call),
    ended: (call, ok, value) => active && observer.ended(call, ok, value),
    dropped: (call) => active && observer.dropped(call),
  };
  for (const method of methods) {
    const parts = method.split('.');
    const key = parts.pop() as string;
    const found = ownerOf(
      parts.reduce<unknown>((holder, part) => peek(holder, part), client),
      key,
    );
    const value = found?.descriptor.value as unknown;
    if (!found) continue;
    if (typeof value !== 'function' || builtIns.has(found.owner) || !(found.descriptor.writable || found.descriptor.configurable)) {
      unobserved.push(method);
      continue;
    }
    if (original(value) !== value) continue;
    const wrapper = wrap(method, value as AnyFunction, whileActive);
    try {
      defineProperty(found.owner, key, { ...found.descriptor, value: wrapper });
      wrapped.push({ owner: found.owner, key, descriptor: found.descriptor, wrapper });
    } catch {
      unobserved.push(method);
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

/** @param onBehalf whose call it is, where `this` does not tell; @param first done at the first call */
function wrap(method: string, target: AnyFunction, observer: Observer, onBehalf?: unknown, first?: () => void): AnyFunction {
  const wrapper = new NativeProxy(target, {
    apply(_target, self, args: unknown[]) {
      first?.();
      const call: ObservedCall = { method, self: onBehalf ?? self, awaited: false };
      let done = false;
      const end = (succeeded: boolean, value: unknown) => {
        if (done) return;
        done = true;
        quietly(() => observer.ended(call, succeeded, value));
      };
      const heard: Hear = (callback, succeeded, ownSelf) => {
        call.awaited = true;
        return new NativeProxy(callback, {
          apply(_callback, callbackSelf, values: unknown[]) {
            end(succeeded, values[0]);
            return apply(callback, ownSelf ? ownSelf(callbackSelf) : callbackSelf, values);
          },
        });
      };
      const failureAt = failureIndex(args);
      const seen = args.map((arg, index) =>
        typeof arg !== 'function'
          ? index === args.length - 1
            ? hearNamed(arg, heard)
            : arg
          : index < failureAt - 1
            ? arg
            : heard(arg as AnyFunction, index !== failureAt),
      );
      quietly(() => observer.called(call));
      let returned: unknown;
      try {
        returned = apply(target, self, seen);
      } catch (error) {
        end(false, undefined);
        throw error;
      }
      // A returned promise is left alone: a handler of ours would hide its rejection from the page's `unhandledrejection`.
      if (!call.awaited) {
        if (hearExecute(method, returned, observer, call.self)) quietly(() => observer.dropped(call));
        else end(true, returned);
      }
      return returned;
    },
  });
  remember(wrapper, target);
  return wrapper;
}

type Hear = (callback: AnyFunction, succeeded: boolean, ownSelf?: (self: unknown) => unknown) => AnyFunction;

/** `{ onSuccess, onError }` with the callbacks heard; any other argument as it is. */
function hearNamed(arg: unknown, heard: Hear): unknown {
  if (!arg || typeof arg !== 'object') return arg;
  // The page's callbacks see the page's object, not ours in its place.
  const ownSelf = (self: unknown) => (self === stand ? arg : self);
  const hear = (name: string) => {
    const callback = peek(arg, name);
    if (typeof callback !== 'function') return undefined;
    const found = ownerOf(arg, name);
    // What a Proxy may not change, it must give as it is: a fixed property of the object's own.
    const free = !found || found.owner !== arg || found.descriptor.configurable || found.descriptor.writable;
    return free ? heard(callback as AnyFunction, name === 'onSuccess', ownSelf) : undefined;
  };
  const onSuccess = hear('onSuccess');
  const onError = hear('onError');
  if (!onSuccess && !onError) return arg;
  const stand: object = new NativeProxy(arg, {
    get: (target, key) => (key === 'onSuccess' ? onSuccess : key === 'onError' && onError) || (target as Record<PropertyKey, unknown>)[key],
  });
  return stand;
}

/** Hears the `execute` of a call object, once; false where `returned` is none, or cannot be heard. */
function hearExecute(method: string, returned: unknown, observer: Observer, onBehalf: unknown): boolean {
  const execute = returned && typeof returned === 'object' ? peek(returned, 'execute') : undefined;
  if (typeof execute !== 'function') return false;
  // Given out before, and not executed since.
  if (original(execute) !== execute) return true;
  const object = returned as { execute?: unknown };
  const own = getOwnPropertyDescriptor(object, 'execute');
  const restore = () => quietly(() => (own ? defineProperty(object, 'execute', own) : delete object.execute));
  try {
    defineProperty(object, 'execute', {
      enumerable: own?.enumerable ?? false,
      configurable: true,
      writable: true,
      value: wrap(method, execute as AnyFunction, observer, onBehalf, restore),
    });
    return true;
  } catch {
    return false;
  }
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
function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // The page must notice nothing.
  }
}
