/** Build plugins for the scripts that go into pages, where every byte counts. Used by WXT, and by tests that run those scripts. */
import { readFileSync } from 'node:fs';
import { runnerImport } from 'vite';

/** Starts an unlisted script directly, without the logger that WXT wraps around it. */
export const bareStart = () => ({
  name: 'bare-start',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (!id.includes('virtual:wxt-unlisted-script-entrypoint')) return undefined;
    const [definition] = /import definition from ["'][^"']+["'];?/.exec(code) ?? [];
    if (!definition) throw new Error('WXT starts unlisted scripts otherwise than scripts/page-build.ts expects.');
    return `${definition}\ndefinition.main();`;
  },
});

/** A plugin for the one build whose input contains `entry`: where `replace` returns code for a file, loads that code instead. */
function only(entry: string, name: string, replace: (file: string) => string | undefined | Promise<string | undefined>) {
  let isWanted = false;
  return {
    name,
    enforce: 'pre' as const,
    options({ input }: { input?: unknown }) {
      isWanted = JSON.stringify(input ?? '').includes(entry);
    },
    load: (id: string) => (isWanted ? replace(id) : undefined),
  };
}

const LENT = ['own', 'builtins', 'path'].map((name) => `/lib/page/${name}.ts`);

/** Makes the client driver borrow the helpers that the agent already has (lib/page/kit.ts). @param entry part of the entry's file name */
export const borrowed = (entry: string) =>
  only(entry, 'borrowed', (file) => {
    if (!LENT.some((lent) => file.endsWith(lent))) return undefined;
    const folder = file.replace(/[^/]*$/, '');
    // Only own.ts unpacks the kit; the other modules re-export from it.
    if (!file.endsWith('/own.ts')) return `export * from '${folder}own';`;
    const names = [...readFileSync(`${folder}kit.ts`, 'utf8').matchAll(/^ {2}\w+\.(\w+),$/gm)].map(([, name]) => name);
    if (!names.length) throw new Error('The list in lib/page/kit.ts is written differently from what scripts/page-build.ts expects.');
    // By index: the page may have broken iteration.
    const each = names.map((name, index) => `${name} = kit[${index}]`);
    return `import { kit } from '${folder}borrowed'; export { page } from '${folder}borrowed'; export const ${each.join()};`;
  });

/** Inlines the dialect tables as data into the script that runs before a page's own scripts: the code that builds them is larger. */
export const writtenTables = (entry: string) =>
  only(entry, 'written-tables', async (file) => {
    if (!file.endsWith('/lib/sdk/dialects/page.ts')) return undefined;
    const { module } = await runnerImport<typeof import('../lib/sdk/dialects/page')>(file, { configFile: false, logLevel: 'error' });
    const { PAGE_TABLES, ROOTS } = module;
    return `export const PAGE_TABLES = ${JSON.stringify(PAGE_TABLES)}; export const ROOTS = ${JSON.stringify(ROOTS)};`;
  });
