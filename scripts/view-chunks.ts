/**
 * Build plugin for the views: each loads few chunks, all requested together. A browser takes several ms for each file of an
 * extension, and as long again for each generation of imports. Modules that the same views need at their start are one chunk.
 */
import type { IndexHtmlTransformContext, Rolldown } from 'vite';

type Bundle = NonNullable<IndexHtmlTransformContext['bundle']>;
type ModuleInfoOf = (id: string) => Rolldown.ModuleInfo | null;

/** Modules that a page imports dynamically at its start: ends of their paths. */
const AT_START: Readonly<Record<string, readonly string[]>> = {
  popup: ['/operations/actions.tsx', '/header/empty-state.tsx', '/header/limits.tsx'],
};

/** What needs a module at its start: names of pages, and `NAME-later` where the page imports it dynamically. */
function startsOf(id: string, infoOf: ModuleInfoOf, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(id)) return found;
  seen.add(id);
  const [, page] = /\/(\w+)\/index\.html$/.exec(id) ?? [];
  if (page !== undefined) return found.add(page);
  for (const [name, ends] of Object.entries(AT_START)) if (ends.some((end) => id.endsWith(end))) found.add(`${name}-later`);
  for (const importer of infoOf(id)?.importers ?? []) for (const name of startsOf(importer, infoOf, seen)) found.add(name);
  return found;
}

/** Ending of the first script of pages that request their modules themselves, from a `<template>`. */
const EARLY = '-early.js';

/** Files of a chunk and of everything that it imports statically. */
function closure(bundle: Bundle, file: string, found = new Set<string>()): Set<string> {
  const chunk = bundle[file];
  if (chunk?.type !== 'chunk' || found.has(file)) return found;
  found.add(file);
  for (const next of chunk.imports) closure(bundle, next, found);
  return found;
}

export const viewChunks = () => ({
  name: 'view-chunks',
  outputOptions(options: Rolldown.OutputOptions) {
    if (options.format === 'iife') return null;
    const name = (id: string, context: { getModuleInfo: ModuleInfoOf }) => {
      if (id.includes('/entrypoints/')) return null;
      const starts = [...startsOf(id, (module) => context.getModuleInfo(module))].sort();
      return starts.filter((one) => !starts.some((other) => one === `${other}-later`)).join('-') || null;
    };
    return { ...options, codeSplitting: { groups: [{ name, includeDependenciesRecursively: false }] } };
  },
  transformIndexHtml: {
    order: 'post' as const,
    // Vite's own preloading would add a helper to each page.
    handler(html: string, { bundle, chunk }: IndexHtmlTransformContext) {
      if (!bundle || !chunk) return html;
      const files = closure(bundle, chunk.fileName);
      for (const end of AT_START[chunk.name] ?? []) {
        const later = Object.values(bundle).find((one) => one.type === 'chunk' && one.moduleIds.some((id) => id.endsWith(end)));
        if (!later) throw new Error(`No chunk contains ${end}.`);
        closure(bundle, later.fileName, files);
      }
      files.delete(chunk.fileName);
      const [entry] = /<script type="module".*?<\/script>\s*/s.exec(html) ?? [];
      if (entry === undefined) throw new Error(`${chunk.name} has no module script where scripts/view-chunks.ts expects it.`);
      const wanted = [...files].map((file) => `<link rel="modulepreload" href="/${file}">\n    `).join('') + entry;
      return html.replace(entry, () => (html.includes(EARLY) ? `<template>${wanted}</template>` : wanted));
    },
  },
});
