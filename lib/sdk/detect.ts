import type { Dialect, Found } from './dialects/dialect';

export type Detected = Found & { readonly dialect: Dialect };

/** All SDK instances of the page. A look that throws (a hostile getter or Proxy) finds nothing there. */
export function detect(dialects: readonly Dialect[]): Detected[] {
  const all: Detected[] = [];
  for (const dialect of dialects) {
    try {
      for (const found of dialect.find()) {
        // One instance under two names is one client.
        if (!found.client || !all.some(({ client }) => client === found.client)) all.push({ ...found, dialect });
      }
    } catch {
      // The page's own getter threw: nothing to see there now, look again later.
    }
  }
  return all;
}
