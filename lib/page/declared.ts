// A top-level `class Client` or `const SR` is on no object: only the bare name reaches it.
declare const Synerise: unknown, Client: unknown, SNRClient: unknown, SR: unknown;

/** Globals that a page may have declared so; `typeof` first, since a bare name that is not there throws. */
const BARE = {
  __proto__: null,
  Synerise: () => (typeof Synerise === 'undefined' ? undefined : Synerise),
  Client: () => (typeof Client === 'undefined' ? undefined : Client),
  SNRClient: () => (typeof SNRClient === 'undefined' ? undefined : SNRClient),
  SR: () => (typeof SR === 'undefined' ? undefined : SR),
} as unknown as Readonly<Record<string, () => unknown>>;

/** What a bare name of a well-known global stands for. One whose script died before it had a value throws even under `typeof`. */
export function declared(name: string): unknown {
  try {
    return BARE[name]?.();
  } catch {
    return undefined;
  }
}
