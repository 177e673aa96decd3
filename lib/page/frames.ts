/** Finds out which frames of a page were not reached. Pure, except for the function that runs in a page. */

/** The addresses of a document and its frames. */
export interface FrameAddresses {
  readonly own: string;
  /** The address of each frame; empty if unknown. */
  readonly children: readonly string[];
}

/** Runs inside a page and is sent as text: uses nothing from outside itself. */
export function frameAddresses(): FrameAddresses {
  const children: string[] = [];
  try {
    // The document does not list frames in shadow trees: they are counted, without an address.
    const count = window.length;
    const elements = document.querySelectorAll<HTMLIFrameElement>('iframe, frame');
    for (let index = 0; index < elements.length && index < 200; index += 1) {
      const element = elements[index];
      children[children.length] = element?.hasAttribute('srcdoc') ? 'about:srcdoc' : element?.src || 'about:blank';
    }
    while (children.length < count && children.length < 200) children[children.length] = '';
  } catch {
    // The page replaced parts of its document.
  }
  return { own: location.href, children };
}

/** Limits, since a page can use any address: characters of an address, and number of addresses. */
const MAX_ADDRESS = 300;
const MAX_MISSED = 200;

const withoutHash = (address: string): string => address.split('#')[0] ?? '';

/**
 * Addresses of the frames that were not reached: the frames of the reached documents, minus the frames that were reached.
 * @param told what `frameAddresses` returned in each of them, the page itself first
 */
export function missedFrames(told: readonly unknown[]): string[] {
  const reached = told.flatMap((one) => asAddresses(one) ?? []);
  const missed = reached.flatMap(({ children }) => children.map((address) => withoutHash(address)));
  // The first is the page itself, which isn't a frame.
  for (const { own } of reached.slice(1)) {
    const at = missed.indexOf(withoutHash(own));
    // A frame that navigated to a different address is still one of those listed.
    if (missed.length) missed.splice(at >= 0 ? at : Math.max(0, missed.indexOf('')), 1);
  }
  return missed.slice(0, MAX_MISSED);
}

/** A page's answer as frame addresses, bounded; `null` if it isn't valid. */
function asAddresses(told: unknown): FrameAddresses | null {
  const { own, children } = (told ?? {}) as Partial<FrameAddresses>;
  if (typeof own !== 'string' || !Array.isArray(children)) return null;
  const bounded = (text: unknown) => (typeof text === 'string' ? text.slice(0, MAX_ADDRESS) : '');
  return { own: bounded(own), children: children.slice(0, 200).map(bounded) };
}
