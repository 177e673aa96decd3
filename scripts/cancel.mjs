// Work that may be canceled: its waits end, however deep they are.
import { AsyncLocalStorage } from 'node:async_hooks';

/** @type {AsyncLocalStorage<AbortSignal>} */
const signals = new AsyncLocalStorage();

/** Runs `work`, whose waits (`until`) reject once `signal` is aborted. @template T @param {AbortSignal} signal @param {() => Promise<T>} work */
export const cancelable = (signal, work) => signals.run(signal, work);

/** The signal of the current work; `undefined` if it can't be canceled. */
export const currentSignal = () => signals.getStore();
