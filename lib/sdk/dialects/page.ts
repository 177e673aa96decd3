import type { DialectTable } from './dialect';
import { TABLES } from './index';

/** Properties of a binding that only forms and previews use, not the page scripts. */
const FORMS: ReadonlySet<string> = new Set(['about', 'asks', 'loses', 'since', 'written']);

/** The tables as agents get them. The build writes them into the script that runs before a page's first line (wxt.config.ts). */
export const PAGE_TABLES: readonly DialectTable[] = TABLES.map((table) => ({
  ...table,
  bindings: Object.fromEntries(
    Object.entries(table.bindings)
      .filter(([, { kind }]) => kind !== 'unavailable')
      .map(([name, binding]) => [name, Object.fromEntries(Object.entries(binding).filter(([key]) => !FORMS.has(key)))]),
  ),
}));
