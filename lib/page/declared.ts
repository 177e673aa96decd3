// A top-level `class Client` or `const SR` isn't a property of any object: only the bare name reaches it.
declare const Synerise: unknown, Client: unknown, SNRClient: unknown, SR: unknown;

/** Globals that a page may have declared this way; `typeof` first, since an undeclared bare name throws. */
const BARE = {
  __proto__: null,
  Synerise: () => (typeof Synerise === 'undefined' ? undefined : Synerise),
  Client: () => (typeof Client === 'undefined' ? undefined : Client),
  SNRClient: () => (typeof SNRClient === 'undefined' ? undefined : SNRClient),
  SR: () => (typeof SR === 'undefined' ? undefined : SR),
} as unknown as Readonly<Record<string, () => unknown>>;

/** The value of a well-known global by its bare name. If its script failed before initializing it, even `typeof` throws. */
export function declared(name: string): unknown {
  try {
    return BARE[name]?.();
  } catch {
    return undefined;
  }
}
