import type { DialectTable } from './dialect';
import { TABLES } from './index';

/** What forms and previews ask a binding, and nobody in a page. */
const FORMS: ReadonlySet<string> = new Set(['about', 'asks', 'loses', 'since', 'written']);

/** The tables as agents are given them. The build writes them out in what stands before a page's first line (wxt.config.ts). */
export const PAGE_TABLES: readonly DialectTable[] = TABLES.map((table) => ({
  ...table,
  bindings: Object.fromEntries(
    Object.entries(table.bindings)
      .filter(([, { kind }]) => kind !== 'unavailable')
      .map(([name, binding]) => [name, Object.fromEntries(Object.entries(binding).filter(([key]) => !FORMS.has(key)))]),
  ),
}));
