/** Pages that finished loading a while ago. */

/** Runs in a page, before the inspector looks at it: it finished loading 5 s ago, so an SDK that is not there by now is absent. */
export function age(): void {
  Object.defineProperty(window, 'performance', {
    value: { timeOrigin: Date.now() - 5000, now: () => 5000, getEntriesByType: () => [{ loadEventEnd: 1 }], getEntriesByName: () => [] },
  });
}

/** The same, as part of a page's markup. */
export const OLD = `<script>(${age})()</script>`;
