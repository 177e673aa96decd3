import { apply, defineProperty, getOwnPropertyDescriptor, NativeError, NativeMap, NativeProxy } from './builtins';
import { original, remember } from './originals';
import { cut, ownerOf, peek } from './plain';

/** A call of the page on an observed method. */
export interface ObservedCall {
  readonly method: string;
  readonly self: unknown;
  /** Of the page's call; of a call object's, those that it was made with. */
  readonly args: readonly unknown[];
  /** Given by whoever counts them; when it began (epoch ms). */
  number?: number | undefined;
  begun?: number | undefined;
  /** Whether its end is seen: a callback was handed over. */
  awaited: boolean;
  /** The line of the stack that called; empty where the engine tells none, or the page formats stacks itself. */
  readonly site: () => string;
}

export interface Observer {
  called(call: ObservedCall): void;
  /** The call ended, or returned without a callback to wait for; `value` is what the callback brought, or what was thrown. Once per call. */
  ended(call: ObservedCall, succeeded: boolean, value: unknown): void;
  /** The call only made a call object, which is a call of its own once it is executed. */
  dropped(call: ObservedCall): void;
}

type AnyFunction = (...args: unknown[]) => unknown;

const builtIns = new Set<unknown>([Object.prototype, Function.prototype, Array.prototype]);

/**
 * Wraps methods of one client so that the page's calls are seen; `methods` may be members of members (`jwt.clear`). A
 * Proxy stands in the very place of the method, in the same kind of property, so name, length, own properties, `this`,
 * `new.target`, arguments, return and throw stay. What stays different is said in docs/architecture.md.
 */
export function observe(client: object, methods: readonly string[], observer: Observer): { unobserved: string[]; revert(): void } {
  const restores: (() => void)[] = [];
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
      parts.reduce<unknown>((holder, part) => (part[0] === '^' ? peek(globalThis, part.slice(1)) : peek(holder, part)), client),
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
    const restore = place(found, key, wrapper);
    if (restore) restores.push(restore);
    else unobserved.push(method);
  }
  return {
    unobserved,
    revert() {
      active = false;
      for (const restore of restores) restore();
    },
  };
}

/** Puts `wrapper` where a method stands. Gives what puts the method back; `null` where it cannot stand there. */
function place({ owner, descriptor }: NonNullable<ReturnType<typeof ownerOf>>, key: string, wrapper: AnyFunction): (() => void) | null {
  try {
    defineProperty(owner, key, { ...descriptor, value: wrapper });
  } catch {
    return null;
  }
  return () =>
    quietly(() => {
      // Somebody else may have wrapped or replaced it since: theirs stays. Frozen since, ours stays and passes calls through.
      if (getOwnPropertyDescriptor(owner, key)?.value === wrapper) defineProperty(owner, key, descriptor);
    });
}

/** @param maker the call that made this one's object; @param first done at the first call */
function wrap(method: string, target: AnyFunction, observer: Observer, maker?: ObservedCall, first?: () => void): AnyFunction {
  const wrapper = new NativeProxy(target, {
    apply(_target, self, args: unknown[]) {
      first?.();
      const call: ObservedCall = {
        method,
        self: maker?.self ?? self,
        args: maker?.args ?? args,
        awaited: false,
        site: maker?.site ?? siteOf(new NativeError()),
      };
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
        end(false, error);
        throw error;
      }
      // A returned promise is left alone: a handler of ours would hide its rejection from the page's `unhandledrejection`.
      if (!call.awaited) {
        if (hearExecute(method, returned, observer, call)) quietly(() => observer.dropped(call));
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
const hearNamed = (arg: unknown, heard: Hear): unknown => hearMembers(arg, ['onSuccess', 'onError'], heard);

/** `arg` with its functions `first` and `second` heard, as they are when they are asked for; as it is where it has neither. */
function hearMembers(arg: unknown, [first, second]: readonly [string, string], heard: Hear): unknown {
  if (!arg || typeof arg !== 'object') return arg;
  // The page's callbacks see the page's object, not ours in its place.
  const ownSelf = (self: unknown) => (self === stand ? arg : self);
  const wrappers = new NativeMap<unknown, unknown>();
  const hear = (name: PropertyKey, callback: unknown): unknown => {
    const isHeard = name === first || name === second;
    if (!isHeard || typeof callback !== 'function') return callback;
    const found = ownerOf(arg, name as string);
    // What a Proxy may not change, it must give as it is: a fixed property of the object's own.
    if (found && found.owner === arg && !found.descriptor.configurable && !found.descriptor.writable) return callback;
    if (!wrappers.has(callback)) wrappers.set(callback, heard(callback as AnyFunction, name === first, ownSelf));
    return wrappers.get(callback);
  };
  const given = new NativeMap<unknown, unknown>([first, second].map((name) => [name, peek(arg, name)]));
  if (![first, second].some((name) => hear(name, given.get(name)) !== given.get(name))) return arg;
  const stand: object = new NativeProxy(arg, {
    get(target, key) {
      // A getter runs no oftener than the SDK asks for it.
      const isGetter = given.has(key) && ownerOf(target, key as string)?.descriptor.get !== undefined;
      return hear(key, isGetter ? given.get(key) : (target as Record<PropertyKey, unknown>)[key]);
    },
  });
  return stand;
}

/**
 * Hears what the SDK tells the page's own listener, which the page hands to `method` while this lasts: the listener is
 * the app's, and never replaced. Gives what ends it.
 */
export function hearListener(
  client: object,
  { method, signedIn, signedOut }: { readonly method: string; readonly signedIn: string; readonly signedOut: string },
  told: (signedIn: boolean, reason: unknown) => void,
): () => void {
  const found = ownerOf(client, method);
  const target = found?.descriptor.value as unknown;
  if (!found || typeof target !== 'function' || original(target) !== target) return () => {};
  let active = true;
  const heard: Hear = (callback, isIn, ownSelf) =>
    new NativeProxy(callback, {
      apply(_callback, self, values: unknown[]) {
        if (active) quietly(() => told(isIn, values[0]));
        return apply(callback, ownSelf ? ownSelf(self) : self, values);
      },
    });
  const wrapper = new NativeProxy(target as AnyFunction, {
    apply: (_target, self, args: unknown[]) =>
      apply(
        target as AnyFunction,
        self,
        args.map((arg, index) => (index ? arg : hearMembers(arg, [signedIn, signedOut], heard))),
      ),
  });
  remember(wrapper, target as AnyFunction);
  const restore = place(found, method, wrapper);
  return () => {
    active = false;
    restore?.();
  };
}

/** Hears the `execute` of a call object, once; false where `returned` is none, or cannot be heard. */
function hearExecute(method: string, returned: unknown, observer: Observer, maker: ObservedCall): boolean {
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
      value: wrap(method, execute as AnyFunction, observer, maker, restore),
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

/** Who called the wrapper that made `error`: V8 has `at name (place)` below a headline, Firefox `name@place`. Written out only when it is asked for, which is what costs. */
const siteOf = (error: Error) => (): string => {
  // It formats stacks itself, and would notice.
  if (peek(NativeError, 'prepareStackTrace')) return '';
  const stack = peek(error, 'stack');
  if (typeof stack !== 'string') return '';
  const lines = stack.split('\n');
  const line = (lines[lines[0]?.includes('@') ? 1 : 2] ?? '').trim().replace(/^at /, '');
  // A query may hold what is nobody's matter.
  return cut(line.replace(/[?#][^)\s]*?(?=(:\d+){1,2}\)?$)/, ''), 300);
};

/** Runs our own bookkeeping: whatever goes wrong there is not the page's matter. */
function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // The page must notice nothing.
  }
}
