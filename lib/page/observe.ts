import type { Plain } from '../sdk/plain-data';
import { apply, defineProperty, getOwnPropertyDescriptor, page, pageNow } from './builtins';
import { NativeProxy, ties } from './builtins-more';
import type { Entered } from './call-detail';
import { original, remember } from './originals';
import { each, find, includes, join, map, push, split, take } from './own';
import { read } from './path';
import { cut, ownerOf, peek } from './plain';

/** A page call on an observed method. */
export interface ObservedCall {
  readonly method: string;
  readonly self: unknown;
  /** Arguments of the page's call; for the `execute` of a call object, those that the object was created with. */
  readonly args: readonly unknown[];
  /** The call's number, set by the observer. */
  number?: number | undefined;
  /** When it began (epoch ms). */
  readonly begun: number;
  /** When it began by our own clock (ms since the agent started); set by the observer. */
  since?: number | undefined;
  /** What was passed in, as long as it is kept. */
  entered?: (Entered & { readonly told: Readonly<Record<string, Plain>> }) | undefined;
  /** A later call of the same method may have canceled its answer: nothing waits for it. */
  superseded?: true;
  /** Whether its end can be observed: the page passed a callback. */
  awaited: boolean;
  /** The stack line of the caller; empty if the engine provides none, or if the page formats stacks itself. */
  site(): string;
}

export interface Observer {
  /**
   * Asked about a call without arguments before it is made. If repeats of the last answer are only counted, returns a function
   * that takes the answer of this call, counts it if it is the same, and returns whether it was. A call that was counted isn't
   * reported.
   */
  repeat(call: ObservedCall): ((answer: unknown) => boolean) | undefined;
  called(call: ObservedCall): void;
  /**
   * The call ended, or returned without a callback to wait for. `value` is the callback's first argument, the return
   * value, or what was thrown. Called once per call.
   */
  ended(call: ObservedCall, succeeded: boolean, value: unknown): void;
  /** The call only created a call object; executing that object is reported as a call of its own. */
  dropped(call: ObservedCall): void;
}

type AnyFunction = (...args: unknown[]) => unknown;

const { Error: NativeError } = page;
const builtIns: readonly unknown[] = [page.Object?.prototype, page.Function?.prototype, page.Array?.prototype];

/**
 * Wraps methods of one client so that the page's calls are observed; `methods` may be members of members (`jwt.clear`). A
 * Proxy replaces the method in the same place and in the same kind of property, so name, length, own properties, `this`,
 * `new.target`, arguments, return value and throws stay the same. docs/page-scripts.md lists what differs.
 * @param scope see `Detected.scope`
 */
export function observe(
  client: object,
  methods: readonly string[],
  observer: Observer,
  scope?: unknown,
): { unobserved: string[]; revert(): void } {
  const restores: (() => void)[] = [];
  const unobserved: string[] = [];
  let active = true;
  // A wrapper that the page kept reports nothing after `revert`.
  const tell: Tell = (what) => (active ? quietly(() => what(observer)) : undefined);
  each(methods, (method) => {
    const steps = split(method, '.');
    const key = steps[steps.length - 1] as string;
    const holder = read(client, join(take(steps, 0, steps.length - 1), '.'), undefined, scope);
    const found = ownerOf(holder, key);
    const value = found?.descriptor.value as unknown;
    if (!found) return;
    if (
      !NativeProxy ||
      !ties ||
      typeof value !== 'function' ||
      includes(builtIns, found.owner) ||
      !(found.descriptor.writable || found.descriptor.configurable)
    ) {
      push(unobserved, method);
      return;
    }
    if (original(value) !== value) return;
    const wrapper = wrap(NativeProxy, method, value as AnyFunction, tell);
    const restore = place(found, key, wrapper);
    if (restore) push(restores, restore);
    else push(unobserved, method);
  });
  return {
    unobserved,
    revert() {
      active = false;
      each(restores, (restore) => restore());
    },
  };
}

/** Replaces a method with `wrapper`. Returns a function that restores the method; `null` if it cannot be replaced. */
function place({ owner, descriptor }: NonNullable<ReturnType<typeof ownerOf>>, key: string, wrapper: AnyFunction): (() => void) | null {
  try {
    defineProperty(owner, key, { ...descriptor, value: wrapper });
  } catch {
    return null;
  }
  return () =>
    quietly(() => {
      // Other code may have wrapped or replaced it since: leave that in place. If frozen since, our wrapper stays and passes calls through.
      if (getOwnPropertyDescriptor(owner, key)?.value === wrapper) defineProperty(owner, key, descriptor);
    });
}

/** Reports to the observer: its errors must not reach the page. */
type Tell = <T>(what: (to: Observer) => T) => T | undefined;

/** @param maker the call that created this call's object @param first runs before each call */
function wrap(
  Proxying: ProxyConstructor,
  method: string,
  target: AnyFunction,
  tell: Tell,
  maker?: ObservedCall,
  first?: () => void,
): AnyFunction {
  const wrapper = new Proxying(target, {
    apply(_target, self, args: unknown[]) {
      first?.();
      const call: ObservedCall = {
        method,
        self: maker?.self ?? self,
        args: maker?.args ?? args,
        begun: pageNow(),
        awaited: false,
        site: maker?.site ?? nowhere,
      };
      const counts = maker || args.length ? undefined : tell((to) => to.repeat(call));
      const early = counts && attempt(target, self, args);
      if (early?.ok && counts?.(early.value)) return early.value;
      // A stack is expensive, and a call that was counted needs none.
      if (!maker) call.site = siteOf(errorHere());
      let done = false;
      const end = (succeeded: boolean, value: unknown) => {
        if (done) return;
        done = true;
        tell((to) => to.ended(call, succeeded, value));
      };
      const heard: Hear = (callback, succeeded, ownSelf) => {
        call.awaited = true;
        return new Proxying(callback, {
          apply(_callback, callbackSelf, values: unknown[]) {
            end(succeeded, values[0]);
            return apply(callback, ownSelf ? ownSelf(callbackSelf) : callbackSelf, values);
          },
        });
      };
      const failureAt = failureIndex(args);
      const seen = map(args, (arg, index) =>
        typeof arg !== 'function'
          ? index === args.length - 1
            ? hearNamed(Proxying, arg, heard)
            : arg
          : index < failureAt - 1
            ? arg
            : heard(arg as AnyFunction, index !== failureAt),
      );
      tell((to) => to.called(call));
      const { ok, value } = early ?? attempt(target, self, seen);
      if (!ok) {
        end(false, value);
        throw value;
      }
      // Leave a returned promise alone: a handler of ours would hide its rejection from the page's `unhandledrejection`.
      if (!call.awaited) {
        if (hearExecute(Proxying, method, value, tell, call)) tell((to) => to.dropped(call));
        else end(true, value);
      }
      return value;
    },
  });
  remember(wrapper, target);
  return wrapper;
}

/** Calls a method. `value` is what it returned or, if not `ok`, what it threw. */
function attempt(target: AnyFunction, self: unknown, args: readonly unknown[]): { readonly ok: boolean; readonly value: unknown } {
  try {
    return { ok: true, value: apply(target, self, args) };
  } catch (value) {
    return { ok: false, value };
  }
}

type Hear = (callback: AnyFunction, succeeded: boolean, ownSelf?: (self: unknown) => unknown) => AnyFunction;

/** `{ onSuccess, onError }` with its callbacks observed; any other argument unchanged. */
const hearNamed = (Proxying: ProxyConstructor, arg: unknown, heard: Hear): unknown =>
  hearMembers(Proxying, arg, { first: 'onSuccess', second: 'onError' }, heard);

/** A Proxy of `arg` that wraps its functions `first` and `second` when they are read; `arg` itself if it has neither. */
function hearMembers(
  Proxying: ProxyConstructor,
  arg: unknown,
  { first, second }: { readonly first: string; readonly second: string },
  heard: Hear,
): unknown {
  if (!arg || typeof arg !== 'object') return arg;
  // The page's callbacks get the page's object as `this`, not our Proxy of it.
  const ownSelf = (self: unknown) => (self === stand ? arg : self);
  const wrappers: { readonly callback: unknown; readonly wrapper: unknown }[] = [];
  const hear = (name: PropertyKey, callback: unknown): unknown => {
    const isHeard = name === first || name === second;
    if (!isHeard || typeof callback !== 'function') return callback;
    const found = ownerOf(arg, name as string);
    // A Proxy must return a non-configurable, non-writable own property unchanged.
    if (found && found.owner === arg && !found.descriptor.configurable && !found.descriptor.writable) return callback;
    const known = find(wrappers, (one) => one.callback === callback);
    if (known) return known.wrapper;
    const wrapper = heard(callback as AnyFunction, name === first, ownSelf);
    push(wrappers, { callback, wrapper });
    return wrapper;
  };
  const given = { first: peek(arg, first), second: peek(arg, second) };
  if (hear(first, given.first) === given.first && hear(second, given.second) === given.second) return arg;
  const stand: object = new Proxying(arg, {
    get(target, key) {
      const before = key === first ? given.first : key === second ? given.second : undefined;
      // Reuse the value that a getter returned above: it must not run more often than the SDK reads it.
      const isGetter = before !== undefined && ownerOf(target, key as string)?.descriptor.get !== undefined;
      return hear(key, isGetter ? before : (target as Record<PropertyKey, unknown>)[key]);
    },
  });
  return stand;
}

/**
 * Observes what the SDK passes to the page's own listener, which the page hands to `method` while this is active. The
 * listener belongs to the app and is never replaced. Returns a function that stops observing.
 */
export function hearListener(
  client: object,
  { method, signedIn, signedOut }: { readonly method: string; readonly signedIn: string; readonly signedOut: string },
  told: (signedIn: boolean, reason: unknown) => void,
): () => void {
  const found = ownerOf(client, method);
  const target = found?.descriptor.value as unknown;
  if (!NativeProxy || !ties || !found || typeof target !== 'function' || original(target) !== target) return () => {};
  const Proxying = NativeProxy;
  let active = true;
  const heard: Hear = (callback, isIn, ownSelf) =>
    new Proxying(callback, {
      apply(_callback, self, values: unknown[]) {
        if (active) quietly(() => told(isIn, values[0]));
        return apply(callback, ownSelf ? ownSelf(self) : self, values);
      },
    });
  const wrapper = new Proxying(target as AnyFunction, {
    apply: (_target, self, args: unknown[]) =>
      apply(
        target as AnyFunction,
        self,
        map(args, (arg, index) => (index ? arg : hearMembers(Proxying, arg, { first: signedIn, second: signedOut }, heard))),
      ),
  });
  remember(wrapper, target as AnyFunction);
  const restore = place(found, method, wrapper);
  return () => {
    active = false;
    restore?.();
  };
}

/** Observes the `execute` of a call object, once. Returns false if `returned` isn't a call object, or cannot be observed. */
function hearExecute(Proxying: ProxyConstructor, method: string, returned: unknown, tell: Tell, maker: ObservedCall): boolean {
  const execute = returned && typeof returned === 'object' ? peek(returned, 'execute') : undefined;
  if (typeof execute !== 'function') return false;
  // The page got this object before and has not executed it since.
  if (original(execute) !== execute) return true;
  const object = returned as { execute?: unknown };
  const own = getOwnPropertyDescriptor(object, 'execute');
  // If the page has put its own `execute` around ours since, that one stays.
  const restore = () =>
    quietly(() => {
      if (getOwnPropertyDescriptor(object, 'execute')?.value !== value) return;
      if (own) defineProperty(object, 'execute', own);
      else delete object.execute;
    });
  const value = wrap(Proxying, method, execute as AnyFunction, tell, maker, restore);
  try {
    defineProperty(object, 'execute', { enumerable: own?.enumerable ?? false, configurable: true, writable: true, value });
    return true;
  } catch {
    return false;
  }
}

/** Index of `onError`, or where it would be: both callbacks come last, and either may be omitted (facts §1.3). */
function failureIndex(args: readonly unknown[]): number {
  const last = args.length - 1;
  const before = args[last - 1];
  const empty = (value: unknown) => value === undefined || value === null;
  const may = (value: unknown) => typeof value === 'function' || empty(value);
  return last > 0 && may(before) && may(args[last]) && !(empty(before) && empty(args[last])) ? last : last + 1;
}

/** An error with the current stack; `undefined` if the page has no `Error`. */
function errorHere(): unknown {
  try {
    return new NativeError();
  } catch {
    return undefined;
  }
}

const nowhere = () => '';

/**
 * The caller of the wrapper that created `error`: V8 writes `at name (place)` below a headline, Firefox `name@place`.
 * The stack is formatted only when the result is called, because formatting is the expensive part.
 */
const siteOf = (error: unknown) => (): string => {
  // The page formats stacks itself, and would notice.
  if (peek(NativeError, 'prepareStackTrace')) return '';
  const stack = peek(error, 'stack');
  if (typeof stack !== 'string') return '';
  try {
    const lines = stack.split('\n');
    const line = (lines[lines[0]?.includes('@') ? 2 : 3] ?? '').trim().replace(/^at /, '');
    // A query may contain private data.
    return cut(line.replace(/[?#][^)\s]*?(?=(:\d+){1,2}\)?$)/, ''), 300);
  } catch {
    // The page replaced string methods.
    return '';
  }
};

/** Runs our own bookkeeping: its errors must not reach the page. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // The page must notice nothing.
    return undefined;
  }
}
