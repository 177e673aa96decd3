/** Builds the page's scripts once for all test files of a run, as their global setup. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { borrowed } from '@/scripts/page-build';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The scripts by name, as a browser gets them: each has its own copy of shared modules. `modules` evaluates to what tests call directly. */
export interface PageScripts {
  readonly agent: string;
  readonly client: string;
  readonly watch: string;
  readonly modules: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    pageScripts: PageScripts;
  }
}

/** One script that does what `code` says; `@/` is the project's root. @param isLent it borrows of the agent that it comes to, as what drives a client does */
async function bundle(code: string, isLent = false): Promise<string> {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@': ROOT } },
    plugins: [
      ...(isLent ? [borrowed('virtual:entry')] : []),
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
  const [agent, client, watch, modules] = await Promise.all([
    bundle(`import { installAgent } from '@/lib/page/agent'; installAgent();`),
    bundle(`import { equipAgent } from '@/lib/page/equip'; equipAgent();`, true),
    bundle(`import { watchPage } from '@/lib/page/watch'; watchPage();`),
    bundle(`
      export { createAgent } from '@/lib/page/agent';
      export { createClient } from '@/lib/page/driver';
      export { TABLES } from '@/lib/sdk/dialects';`),
  ]);
  return { agent, client, watch, modules: `(() => { ${modules}\nreturn made; })()` };
}

export default async function setup(project: TestProject): Promise<void> {
  const provide = async () => project.provide('pageScripts', await pageScripts());
  project.onTestsRerun(provide);
  await provide();
}
