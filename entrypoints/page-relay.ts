import { openRelay, type RelayRuntime } from '@/lib/protocol/relay';

// Does not use the polyfill, which alone would exceed the relay's size budget.
type Extension = { runtime: RelayRuntime };
const { browser, chrome } = globalThis as unknown as { browser?: Extension; chrome: Extension };

/** Key of a function that returns whether the relay already in the page still works; after a reload of the extension, it doesn't. */
const HERE = Symbol.for('synerise.inspector.relay');
const world = globalThis as unknown as Record<symbol, (() => boolean) | undefined>;

export default {
  globalName: false,
  main() {
    if (world[HERE]?.()) return;
    const { runtime } = browser ?? chrome;
    world[HERE] = () => runtime.id !== undefined;
    openRelay(window, location, () => runtime);
  },
};
