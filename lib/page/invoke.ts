import type { Convention } from '../sdk/dialects/dialect';
import { apply } from './builtins';
import type { Clock, Timer } from './clock';
import { concat } from './own';
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
  /** In the SDK's own order, without the callbacks. */
  readonly args: readonly unknown[];
  /** Goes beside the callbacks in one object (convention `named`). */
  readonly named?: unknown;
  readonly convention: Convention;
  /** How long to wait for an answer (ms). */
  readonly deadline: number;
  readonly clock: Clock;
  /** Called exactly once. */
  settle(settled: Settled): void;
  /** Called for every answer after the first, which is only noted. */
  readonly late?: ((how: Settlement) => void) | undefined;
}

/**
 * Calls an SDK method by its dialect's convention and settles exactly once: with the first callback, a throw, a
 * rejection or the deadline. A promise settles a callback method only if no callback came in the same turn.
 */
export function invoke({ method, self, args, named, convention, deadline, clock, settle, late }: Invocation): void {
  const started = clock.elapsed();
  let settled = false;
  let timer: Timer | undefined;
  const finish = (how: Settlement, value: unknown) => {
    if (settled) {
      late?.(how);
      return;
    }
    settled = true;
    clock.clear(timer);
    settle({ how, value, ms: clock.elapsed() - started });
  };
  if (typeof method !== 'function') {
    finish('missing', undefined);
    return;
  }
  timer = clock.set(() => finish('deadline', undefined), deadline);

  let returned: unknown;
  try {
    const onSuccess = (value: unknown) => finish('success', value);
    const onError = (error: unknown) => finish('error', error);
    const callbacks = { sync: [], call: [], callbacks: [onSuccess, onError], named: [{ ...(named as object), onSuccess, onError }] };
    returned = apply(method as () => unknown, self, concat<unknown>(args, callbacks[convention]));
    if (convention === 'call') {
      const execute = peek(returned, 'execute');
      if (typeof execute !== 'function') throw { message: 'The SDK returned no call object to execute.' };
      returned = apply(execute as () => unknown, returned, [onSuccess, onError]);
    }
  } catch (error) {
    finish('threw', error);
    return;
  }
  const thenable = isThenable(returned);
  if (convention === 'sync' && !thenable) {
    finish('success', returned);
  } else if (thenable) {
    // A promise besides a callback is the same answer twice, so it counts only if no callback came.
    adopt(
      returned,
      (value) => settled || clock.set(() => settled || finish('success', value)),
      (error) => settled || clock.set(() => settled || finish('rejected', error)),
    );
  }
}

/** Awaits one of the page's promises in an async function of ours: a hostile `then` may call back immediately, twice, or throw. */
export function adopt(promise: unknown, resolved: (value: unknown) => unknown, rejected: (error: unknown) => unknown): void {
  void (async () => {
    let value: unknown;
    try {
      value = await promise;
    } catch (error) {
      rejected(error);
      return;
    }
    resolved(value);
  })();
}

export const isThenable = (value: unknown): boolean => typeof peek(value, 'then') === 'function';
