/** The page's scripts as they are built, for tests in a realm of their own. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { borrowed } from '@/scripts/page-build';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** One script that does what `code` says; `@/` is the project's root. @param isLent it borrows of the agent that it comes to, as what drives a client does */
export async function bundle(code: string, isLent = false): Promise<string> {
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
    build: { write: false, minify: false, modulePreload: false, rolldownOptions: { input: 'virtual:entry', output: { format: 'iife' } } },
  });
  const [first] = [built].flat() as { output: { code: string }[] }[];
  return String(first?.output[0]?.code);
}
