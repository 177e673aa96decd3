/**
 * Build plugin for the views: each loads few chunks, all requested together. A browser takes several ms for each file of an
 * extension, and as long again for each generation of imports.
 */
import type { IndexHtmlTransformContext, Rolldown } from 'vite';

type Bundle = NonNullable<IndexHtmlTransformContext['bundle']>;
type ModuleInfoOf = (id: string) => Rolldown.ModuleInfo | null;

/** Chunks of what exactly these pages need at their start. */
const CHUNKS: Readonly<Record<string, string>> = { shared: 'options panel popup', views: 'panel popup' };

/** Names of the pages that import a module statically. */
function pagesOf(id: string, infoOf: ModuleInfoOf, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(id)) return found;
  seen.add(id);
  const [, page] = /\/(\w+)\/index\.html$/.exec(id) ?? [];
  if (page !== undefined) return found.add(page);
  for (const importer of infoOf(id)?.importers ?? []) for (const name of pagesOf(importer, infoOf, seen)) found.add(name);
  return found;
}

/** Modules that a page imports dynamically at its start: ends of their paths. */
const AT_START: Readonly<Record<string, readonly string[]>> = {
  popup: ['/operations/actions.tsx', '/popup/popup-details.tsx', '/header/empty-state.tsx', '/header/limits.tsx'],
};

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
      const pages = [...pagesOf(id, (module) => context.getModuleInfo(module))].sort().join(' ');
      return Object.keys(CHUNKS).find((chunk) => CHUNKS[chunk] === pages) ?? null;
    };
    return { ...options, codeSplitting: { groups: [{ name, includeDependenciesRecursively: false }] } };
  },
  transformIndexHtml: {
    order: 'post' as const,
    // Vite's own preloading would add a helper to each page.
    handler(_html: string, { bundle, chunk }: IndexHtmlTransformContext) {
      if (!bundle || !chunk) return [];
      const files = closure(bundle, chunk.fileName);
      for (const end of AT_START[chunk.name] ?? []) {
        const later = Object.values(bundle).find((one) => one.type === 'chunk' && one.moduleIds.some((id) => id.endsWith(end)));
        if (!later) throw new Error(`No chunk contains ${end}.`);
        closure(bundle, later.fileName, files);
      }
      files.delete(chunk.fileName);
      return [...files].map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', href: `/${file}` }, injectTo: 'head' as const }));
    },
  },
});
