import type { DialectTable } from './dialect';
import { ALL_TABLES, TABLES } from './index';

/** Properties of a binding that only forms and previews use, not the page scripts. */
const FORMS: ReadonlySet<string> = new Set(['about', 'asks', 'loses', 'since', 'written']);

/** The tables as agents get them. The build writes them, and `ROOTS`, into page scripts (wxt.config.ts). */
export const PAGE_TABLES: readonly DialectTable[] = ALL_TABLES.map((table) => ({
  ...table,
  bindings: Object.fromEntries(
    Object.entries(table.bindings)
      .filter(([, { kind }]) => kind !== 'unavailable')
      .map(([name, binding]) => [name, Object.fromEntries(Object.entries(binding).filter(([key]) => !FORMS.has(key)))]),
  ),
}));

/** The globals where an SDK may appear. An app puts its bridge there before a page's first script, so it isn't among them. */
export const ROOTS: readonly string[] = [...new Set(TABLES.flatMap(({ stand }) => stand.roots))];
