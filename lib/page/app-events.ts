/**
 * Stands in for `events.ts` in the script for an app's engine, which has no events: the agent's bell is a function that the
 * debugger adds to the engine's globals (`Runtime.addBinding`).
 */
import { page } from './global';

/** Name of that function. */
export const APP_BELL = 'syneriseInspectorRing';

/** Nothing in an app raises events for us. */
export const listen = (): (() => void) => () => undefined;

export function raise(): void {
  try {
    (page as unknown as Record<string, ((payload: string) => void) | undefined>)[APP_BELL]?.('');
  } catch {
    // The debugger is gone.
  }
}
