/** What the build does to the scripts that go into pages, where every byte counts: used by WXT, and by tests that run those scripts. */
import { readFileSync } from 'node:fs';
import { runnerImport } from 'vite';

/** WXT starts an unlisted script with a logger around it. */
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

/** A plugin for the one build whose input names `entry`: loads other code for a file that `replace` says. */
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

/** The client driver runs next to an agent, which lends it what both need (lib/page/kit.ts). @param entry part of the name of its entry */
export const borrowed = (entry: string) =>
  only(entry, 'borrowed', (file) => {
    if (!LENT.some((lent) => file.endsWith(lent))) return undefined;
    const folder = file.replace(/[^/]*$/, '');
    // The names are taken out of the kit once.
    if (!file.endsWith('/own.ts')) return `export * from '${folder}own';`;
    const names = [...readFileSync(`${folder}kit.ts`, 'utf8').matchAll(/^ {2}\w+\.(\w+),$/gm)].map(([, name]) => name);
    if (!names.length) throw new Error('The list in lib/page/kit.ts is written differently from what scripts/page-build.ts expects.');
    return `import { kit } from '${folder}borrowed'; export { page } from '${folder}borrowed'; export const [${names.join()}] = kit;`;
  });

/** In front of a page's first line the dialects' tables stand as they are: what makes them would weigh more. */
export const writtenTables = (entry: string) =>
  only(entry, 'written-tables', async (file) => {
    if (!file.endsWith('/lib/sdk/dialects/page.ts')) return undefined;
    const { module } = await runnerImport<typeof import('../lib/sdk/dialects/page')>(file, { configFile: false, logLevel: 'error' });
    return `export const PAGE_TABLES = ${JSON.stringify(module.PAGE_TABLES)};`;
  });
