/** Builds the page's scripts once for all test files of a run, as their global setup. */
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import type { TestProject } from 'vitest/node';
import { borrowed, writtenTables } from '@/scripts/page-build';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The scripts by name, as a browser gets them: each has its own copy of shared modules. `modules` evaluates to what tests call directly. */
export interface PageScripts {
  readonly agent: string;
  readonly tables: string;
  readonly client: string;
  readonly watch: string;
  readonly modules: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    pageScripts: PageScripts;
  }
}

/** One script that does what `code` says; `@/` is the project's root. @param plugin of the build, as for the script that ships */
async function bundle(code: string, plugin: Plugin | null = null): Promise<string> {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@': ROOT } },
    plugins: [
      plugin,
      {
        name: 'entry',
        resolveId: (id) => (id === 'virtual:entry' ? id : undefined),
        load: (id) => (id === 'virtual:entry' ? code : undefined),
      },
    ],
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: 'virtual:entry', preserveEntrySignatures: 'strict', output: { format: 'iife', name: 'made' } },
    },
  });
  const [first] = [built].flat() as { output: { code: string }[] }[];
  return String(first?.output[0]?.code);
}

async function pageScripts(): Promise<PageScripts> {
  const [agent, tables, client, watch, modules] = await Promise.all([
    bundle(`import { installAgent } from '@/lib/page/agent'; installAgent();`),
    bundle(`import { prepareAgent } from '@/lib/page/tables'; prepareAgent();`, writtenTables('virtual:entry')),
    bundle(`import { equipAgent } from '@/lib/page/equip'; equipAgent();`, borrowed('virtual:entry')),
    bundle(`import { watchPage } from '@/lib/page/watch'; watchPage();`, writtenTables('virtual:entry')),
    bundle(`
      export { createAgent } from '@/lib/page/agent';
      export { createClient } from '@/lib/page/driver';
      export { TABLES } from '@/lib/sdk/dialects';`),
  ]);
  return { agent, tables, client, watch, modules: `(() => { ${modules}\nreturn made; })()` };
}

export default async function setup(project: TestProject): Promise<void> {
  const provide = async () => project.provide('pageScripts', await pageScripts());
  project.onTestsRerun(provide);
  await provide();
}
