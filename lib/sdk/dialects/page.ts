import type { PageTable } from './dialect';
import { TABLES } from './index';

/** What forms and previews ask a binding, and nobody in a page. */
const FORMS: ReadonlySet<string> = new Set(['about', 'asks', 'loses', 'since', 'written']);

/** The tables as agents are given them. The build writes them out in what stands before a page's first line (wxt.config.ts). */
export const PAGE_TABLES: readonly PageTable[] = TABLES.map(({ traits: _, ...table }) => ({
  ...table,
  bindings: Object.fromEntries(
    Object.entries(table.bindings)
      .filter(([, { kind }]) => kind !== 'unavailable')
      .map(([name, binding]) => [name, Object.fromEntries(Object.entries(binding).filter(([key]) => !FORMS.has(key)))]),
  ),
}));
