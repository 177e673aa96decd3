/** Which frames a document has, as the one who looked through them counts. Pure, but for the function that runs in a page. */

/** What a document says of itself and its frames. */
export interface FrameAddresses {
  readonly own: string;
  /** Of each of its frames; empty where it cannot be told. */
  readonly children: readonly string[];
}

/** Runs inside a page, as text: uses nothing from outside itself. */
export function frameAddresses(): FrameAddresses {
  const children: string[] = [];
  try {
    // Frames in shadow trees are on no list of the document: counted, and nameless.
    const count = window.length;
    const elements = document.querySelectorAll<HTMLIFrameElement>('iframe, frame');
    for (let index = 0; index < elements.length && index < 200; index += 1) {
      const element = elements[index];
      children[children.length] = element?.hasAttribute('srcdoc') ? 'about:srcdoc' : element?.src || 'about:blank';
    }
    while (children.length < count && children.length < 200) children[children.length] = '';
  } catch {
    // What the page made of its document.
  }
  return { own: location.href, children };
}

/** More is neither told nor kept: what a page names may be anything (characters, and addresses). */
const MAX_ADDRESS = 300;
const MAX_MISSED = 200;

const withoutHash = (address: string): string => address.split('#')[0] ?? '';

/** Addresses of the frames that were not reached: what the reached documents have as frames, less the frames that were reached. */
export function missedFrames(reached: readonly FrameAddresses[]): string[] {
  const missed = reached.flatMap(({ children }) => children.map((address) => withoutHash(address)));
  // The first is the page itself, which is nobody's frame.
  for (const { own } of reached.slice(1)) {
    const at = missed.indexOf(withoutHash(own));
    // A frame that went on to another address is one of those all the same.
    if (missed.length) missed.splice(at >= 0 ? at : Math.max(0, missed.indexOf('')), 1);
  }
  return missed.slice(0, MAX_MISSED);
}

/** What came from a page as such addresses, bounded; `null` where it is none. */
export function asAddresses(told: unknown): FrameAddresses | null {
  const { own, children } = (told ?? {}) as Partial<FrameAddresses>;
  if (typeof own !== 'string' || !Array.isArray(children)) return null;
  const bounded = (text: unknown) => (typeof text === 'string' ? text.slice(0, MAX_ADDRESS) : '');
  return { own: bounded(own), children: children.slice(0, 200).map(bounded) };
}
