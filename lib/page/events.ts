/** Events on the page's window, through which agent, watch and relay reach each other. */
import { apply, page } from './builtins';

const { CustomEvent: NativeCustomEvent } = page;
const { addEventListener, removeEventListener, dispatchEvent } = page.EventTarget?.prototype ?? {};

/** Listens on the window, or on `target`. Returns a function that stops listening. */
export function listen(name: string, listener: (event: Event) => void, target: EventTarget = page, capture = false): () => void {
  apply(addEventListener, target, [name, listener, capture]);
  return () => void apply(removeEventListener, target, [name, listener, capture]);
}

/** Raises an event on the window, with one text if given. */
export const raise = (name: string, detail?: string): void => void apply(dispatchEvent, page, [new NativeCustomEvent(name, { detail })]);
