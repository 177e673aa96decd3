// The size of each part of a build in bytes, gzipped (level 9), including HTML, CSS and all static imports.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KB = 1024;

/** @type {readonly { name: string, entry: string, budget: number }[]} */
export const PARTS = [
  { name: 'page agent', entry: 'page-agent.js', budget: 5 * KB },
  // Injected with it: the dialect tables. A request would bring the same, in many times the time.
  { name: 'page tables', entry: 'page-tables.js', budget: 4 * KB },
  // Injected into documents that a view shows, and on watched sites; the agent goes into every frame.
  { name: 'page client', entry: 'page-client.js', budget: 9 * KB },
  // Injected on watched sites only, after those above, before the page's own scripts: the code that waits for the SDK.
  { name: 'page watch', entry: 'page-watch.js', budget: 2 * KB },
  { name: 'relay', entry: 'page-relay.js', budget: 1.5 * KB },
  { name: 'devtools page', entry: 'devtools.html', budget: 1.2 * KB },
  // With what shows the UUID and the token.
  { name: 'popup', entry: 'popup.html', budget: 29.5 * KB },
  { name: 'panel', entry: 'panel.html', budget: 35.5 * KB },
  // Shares its parser's chunk with the report reader.
  { name: 'options', entry: 'options.html', budget: 36 * KB },
];
/** The budget of a chunk that is loaded on demand, unless its name is listed below. */
const LAZY_BUDGET = 10.5 * KB;
/** @type {Readonly<Record<string, number>>} */
const LAZY_BUDGETS = {
  // What the popup shows once the page was read: its actions, or why there is no session.
  'popup-later': 13 * KB,
};

/** @param {string} build build folder @returns {{ name: string, bytes: number, budget: number }[]} */
export function sizesOf(build) {
  const weigh = (/** @type {string} */ file) => gzipSync(readFileSync(join(build, file)), { level: 9 }).length;
  const used = new Set(/** @type {string[]} */ ([]));
  const rows = PARTS.map(({ name, entry, budget }) => {
    const files = staticFiles(build, entry);
    for (const file of files) used.add(file);
    return { name, bytes: files.reduce((sum, file) => sum + weigh(file), 0), budget };
  });
  const built = ['chunks', 'assets'].flatMap((folder) =>
    existsSync(join(build, folder)) ? readdirSync(join(build, folder)).map((file) => `${folder}/${file}`) : [],
  );
  const lazy = built.filter((file) => /\.(js|css)$/.test(file) && !used.has(file));
  return [
    ...rows,
    ...lazy.map((file) => ({
      name: `lazy ${file}`,
      bytes: weigh(file),
      budget: LAZY_BUDGETS[/([\w-]+)-.{8}\.js$/.exec(file)?.[1] ?? ''] ?? LAZY_BUDGET,
    })),
  ];
}

/** The entry and everything that it loads statically. @param {string} build @param {string} entry */
function staticFiles(build, entry) {
  const seen = new Set([entry]);
  for (const file of seen) {
    const text = readFileSync(join(build, file), 'utf8');
    // What a page preloads is counted as an import, or as lazy.
    const found = file.endsWith('.html')
      ? [...text.replaceAll(/<link rel="modulepreload"[^>]*>/g, '').matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g)].map(
          ([, path = '']) => path,
        )
      : [...text.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)].map(([, path = '']) => `chunks/${path}`);
    for (const path of found) if (existsSync(join(build, path))) seen.add(path);
  }
  return [...seen];
}
