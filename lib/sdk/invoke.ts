import { apply, clearTimeout, NativePromise, setTimeout } from './builtins';
import type { Convention } from './dialects/dialect';
import { peek } from './plain';
import type { Settlement } from './wire';

/** How one call ended; `value` is the SDK's own, unbounded value. */
export interface Settled {
  readonly how: Settlement;
  readonly value: unknown;
  /** From the call to its settlement, in ms. */
  readonly ms: number;
}

export interface Invocation {
  readonly method: unknown;
  readonly self: unknown;
  /** In the SDK's own order, callbacks left out. */
  readonly args: readonly unknown[];
  /** Goes beside the callbacks, where those are named. */
  readonly named?: unknown;
  readonly convention: Convention;
  /** ms to wait for an answer. */
  readonly deadline: number;
  /** Called exactly once. */
  settle(settled: Settled): void;
  /** Called for every answer after the first: noted, not obeyed. */
  readonly late?: ((how: Settlement) => void) | undefined;
}

const { performance } = globalThis;

/**
 * Calls an SDK method by its dialect's convention and settles exactly once: with the first callback, a throw, a
 * rejection or the deadline. A promise settles a callback method only if no callback came in the same turn.
 */
export function invoke({ method, self, args, named, convention, deadline, settle, late }: Invocation): void {
  const started = performance.now();
  let settled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const finish = (how: Settlement, value: unknown) => {
    if (settled) {
      late?.(how);
      return;
    }
    settled = true;
    clearTimeout(timer);
    settle({ how, value, ms: performance.now() - started });
  };
  if (typeof method !== 'function') {
    finish('missing', undefined);
    return;
  }
  timer = setTimeout(() => finish('deadline', undefined), deadline);

  let returned: unknown;
  try {
    const onSuccess = (value: unknown) => finish('success', value);
    const onError = (error: unknown) => finish('error', error);
    const callbacks = { sync: [], call: [], callbacks: [onSuccess, onError], named: [{ ...(named as object), onSuccess, onError }] };
    returned = apply(method, self, [...args, ...callbacks[convention]]);
    // An SDK that gives no call object has nothing to execute: that ends as a throw, which says so.
    if (convention === 'call') returned = (returned as { execute(...to: unknown[]): unknown }).execute(onSuccess, onError);
  } catch (error) {
    finish('threw', error);
    return;
  }
  const thenable = isThenable(returned);
  if (convention === 'sync' && !thenable) {
    finish('success', returned);
  } else if (thenable) {
    // A promise beside a callback is the same answer told twice, so it counts only where no callback came.
    adopt(
      returned,
      (value) => settled || setTimeout(() => settled || finish('success', value)),
      (error) => settled || setTimeout(() => settled || finish('rejected', error)),
    );
  }
}

/** Waits for a promise of the page by one of our own: a hostile `then` may call back at once, twice or throw. */
export function adopt(promise: unknown, resolved: (value: unknown) => unknown, rejected: (error: unknown) => unknown): void {
  new NativePromise((resolve) => resolve(promise)).then(resolved, rejected);
}

export const isThenable = (value: unknown): boolean => typeof peek(value, 'then') === 'function';
