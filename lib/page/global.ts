/** The page's global object: `window` cannot be replaced, `globalThis` can. */
export const page: typeof globalThis = typeof window === 'object' ? window : globalThis;
