// Generates docs/size.md, the sizes of a build; `npm run bench -- --only sizes` writes it.

/** Explains the parts whose names don't. @type {Readonly<Record<string, string>>} */
const ABOUT = {
  'page agent': 'in each frame that is looked through',
  'page tables': 'with it: what it looks for',
  'page client': 'where a view shows the page, or its site is watched',
  'page watch': 'on watched sites: what waits for the SDK',
  relay: 'beside watched pages',
};

/** @param {readonly { name: string, bytes: number, budget: number }[]} sizes of the build for Chromium @returns {string} */
export function sizePage(sizes) {
  const row = (/** @type {{ name: string, bytes: number, budget: number }} */ { name, bytes, budget }) => {
    // The hash in a file name changes with each build.
    const plain = name.replace(/^lazy (chunks|assets)\/(.*)-[\w-]{8}\.(js|css)$/, '`$2.$3`');
    return `| ${plain}${ABOUT[name] ? `, ${ABOUT[name]}` : ''} | ${bytes} | ${Math.round(budget)} |`;
  };
  const lazy = sizes.filter(({ name }) => name.startsWith('lazy ')).sort((a, b) => a.name.localeCompare(b.name));
  return `# Size

Bytes of the build for Chromium, gzipped, with HTML, CSS and all static imports. \`npm test\` fails beyond the budgets (\`scripts/check-build.mjs\`). This page is written by \`npm run bench -- --only sizes\`.

| part | bytes | budget |
|---|---:|---:|
${sizes
  .filter(({ name }) => !name.startsWith('lazy '))
  .map(row)
  .join('\n')}

Loaded when they are needed:

| file | bytes | budget |
|---|---:|---:|
${lazy.map(row).join('\n')}
`;
}
