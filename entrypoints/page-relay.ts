import { openRelay, type RelayRuntime } from '@/lib/protocol/relay';

// Without the polyfill, which alone would take more than the relay may weigh.
type Extension = { runtime: RelayRuntime };
const { browser, chrome } = globalThis as unknown as { browser?: Extension; chrome: Extension };

/** Whose relay is here already: an extension that was reloaded has a new one. */
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
