// The import rules: each folder is a "room" that may import only the listed rooms. `npm test` checks every file against this
// table, and tests/unit/rooms.test.ts breaks each rule once.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';

/**
 * @typedef {object} Room
 * @property {string} about its responsibility
 * @property {readonly string[]} rooms the rooms that it may import, besides itself
 * @property {readonly string[]} [packages] import specifiers of the packages that it may use; `preact/**`: all subpaths
 */

const DOMAIN = [
  'lib/sdk',
  'lib/page',
  'lib/text',
  'lib/tasks',
  'lib/web',
  'lib/jwt',
  'lib/redaction',
  'lib/network',
  'lib/forms',
  'lib/session',
];
const VIEWS = [...DOMAIN, 'lib/diagnostics', 'lib/report', 'lib/settings', 'lib/protocol'];

/** By folder or file; the longest match applies. @type {Readonly<Record<string, Room>>} */
export const ROOMS = {
  'lib/sdk': { about: 'Synerise SDKs as data: operations, dialect tables, names', rooms: [] },
  'lib/page': { about: 'what runs in the inspected page: agent, client driver, detection, wrapping, plain data', rooms: ['lib/sdk'] },
  'lib/text': { about: 'text on screen and terminal, counts, times, fingerprints', rooms: [] },
  'lib/tasks': { about: 'scheduling: slices and turns', rooms: [] },
  'lib/web': { about: 'the Web SDK’s cookies and UUID recipes', rooms: ['lib/sdk'], packages: ['uuid'] },
  'lib/jwt': { about: 'tokens: decoding, claims, times, signatures', rooms: ['lib/page'], packages: ['jose'] },
  'lib/redaction': { about: 'what is secret, and how it is redacted', rooms: ['lib/page'] },
  'lib/network': {
    about: 'SDK requests: purposes, recordings, copies for a shell',
    rooms: ['lib/sdk', 'lib/page', 'lib/text', 'lib/tasks', 'lib/jwt', 'lib/redaction'],
    packages: ['zod/mini', '@streamparser/json'],
  },
  'lib/forms': {
    about: 'arguments: drafts, checks, call preview, error hints, presets',
    rooms: ['lib/sdk', 'lib/page', 'lib/tasks', 'lib/jwt', 'lib/session'],
    packages: ['zod/mini', 'uuid', '@preact/signals'],
  },
  'lib/session': { about: 'the session machine, and the history of UUIDs and tokens', rooms: DOMAIN },
  'lib/diagnostics': { about: 'the rules, and the case that they check', rooms: DOMAIN, packages: ['uuid'] },
  'lib/report': {
    about: 'report files: creating, redacting, reading, comparing',
    rooms: [...DOMAIN, 'lib/diagnostics'],
    packages: ['zod/mini'],
  },
  'lib/settings': {
    about: 'settings, watched sites, permissions',
    rooms: ['lib/sdk', 'lib/page', 'lib/session', 'lib/browser'],
    packages: ['zod/mini', 'webextension-polyfill'],
  },
  'lib/protocol': { about: 'the boundaries: page, views, relay', rooms: [...DOMAIN, 'lib/settings'], packages: ['zod/mini'] },
  'lib/background': {
    about: 'the service worker: carriers, registry, alarms, watched sites',
    rooms: [...DOMAIN, 'lib/settings', 'lib/protocol'],
  },
  'lib/browser': {
    about: 'implements the background’s platform with the extension API, and provides that API to views',
    rooms: [...DOMAIN, 'lib/settings', 'lib/protocol', 'lib/background'],
    packages: ['wxt/browser', 'webextension-polyfill'],
  },
  'lib/cdp': {
    about: 'the inspector outside a browser: the background’s platform over a debugging connection, and the panel’s server',
    rooms: [...DOMAIN, 'lib/settings', 'lib/protocol', 'lib/background'],
    packages: ['ws', 'node:crypto', 'node:fs', 'node:http', 'node:path', 'node:stream'],
  },
  'lib/devtools': { about: 'what needs a DevTools page', rooms: [...DOMAIN, 'lib/protocol'] },
  'components/ui': {
    about: 'UI parts that don’t depend on a session',
    rooms: ['lib/text', 'lib/tasks'],
    packages: ['preact', 'preact/**', '@preact/signals', '@tanstack/virtual-core'],
  },
  components: {
    about: 'the views, one folder per tab or view',
    rooms: ['components', 'components/ui', ...VIEWS],
    packages: ['preact', 'preact/**', '@preact/signals'],
  },
  'entrypoints/page-relay.ts': {
    about: 'the relay beside a watched page',
    rooms: ['lib/protocol'],
    packages: ['wxt/utils/define-unlisted-script'],
  },
  'entrypoints/popup-early.ts': { about: 'the popup’s first script', rooms: ['lib/protocol', 'lib/browser'], packages: [] },
  'entrypoints/page-agent.ts': { about: 'the agent', rooms: ['lib/page'], packages: ['wxt/utils/define-unlisted-script'] },
  'entrypoints/page-client.ts': { about: 'the client driver', rooms: ['lib/page'], packages: ['wxt/utils/define-unlisted-script'] },
  'entrypoints/page-tables.ts': { about: 'what the agent looks for', rooms: ['lib/page'], packages: [] },
  'entrypoints/page-watch.ts': { about: 'the agent of watched pages', rooms: ['lib/page'], packages: ['wxt/utils/define-unlisted-script'] },
  entrypoints: {
    about: 'connects the rooms',
    rooms: [...VIEWS, 'lib/background', 'lib/devtools', 'lib/browser', 'components', 'components/ui'],
    packages: ['preact', '@preact/signals', 'wxt/**'],
  },
};

/** Folders that may contain only subfolders. */
const WITHOUT_LOOSE_FILES = ['lib', 'components'];
const HOUSE = /^(lib|components|entrypoints)\//;
const SPECIFIER = /(?<!['"\w.])(?:from\s+|import\s*\(?\s*)(['"])([^'"\n]+)\1/g;
/** A comparison with a dialect's name; such differences belong in the dialect tables. */
const BY_DIALECT = /dialect\b\s*[!=]==\s*'/;
/** Stripped before imports are matched, because comments mention files too. */
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** @param {string} file */
export const roomOf = (file) =>
  Object.keys(ROOMS)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0] ?? null;

/** @param {string} name @param {readonly string[]} allowed */
const isAllowed = (name, allowed) => allowed.some((one) => (one.endsWith('/**') ? name.startsWith(one.slice(0, -2)) : one === name));

/**
 * Finds violations of the rules, one sentence each.
 * @param {ReadonlyMap<string, string>} files text by path
 * @returns {string[]}
 */
export function problemsOf(files) {
  const problems = /** @type {string[]} */ ([]);
  /** @type {Map<string, string[]>} */
  const imports = new Map();
  for (const [file, text] of files) {
    const loose = WITHOUT_LOOSE_FILES.find((folder) => posix.dirname(file) === folder);
    if (loose) problems.push(`${file} is directly in ${loose}.`);
    const room = roomOf(file);
    if (!room) {
      if (!loose) problems.push(`${file} isn’t in any room of scripts/rooms.mjs.`);
      continue;
    }
    if (!file.startsWith('lib/sdk/dialects/') && BY_DIALECT.test(text))
      problems.push(`${file} compares a dialect’s name: use its table or a trait in names.ts (lib/sdk/dialects).`);
    const { rooms, packages = [] } = /** @type {Room} */ (ROOMS[room]);
    const own = /** @type {string[]} */ ([]);
    imports.set(file, own);
    for (const [, , specifier = ''] of text.replace(COMMENT, '').matchAll(SPECIFIER)) {
      const path = pathOf(file, specifier);
      if (path === null) {
        if (!isAllowed(specifier, packages)) problems.push(`${file} imports the package ${specifier}: ${room} may not.`);
        continue;
      }
      const target = ['', '.ts', '.tsx', '/index.ts'].map((end) => path + end).find((one) => files.has(one));
      if (target) own.push(target);
      const other = roomOf(target ?? path);
      if (HOUSE.test(path) && other !== null && other !== room && !rooms.includes(other))
        problems.push(`${file} imports ${target ?? path}: ${room} may not import ${other}.`);
    }
  }
  return [...problems, ...circlesOf(imports).map((circle) => `Import cycle (types included): ${circle.join(', ')}.`)];
}

/** Resolves an import specifier to a path; `null` for a package. @param {string} file @param {string} specifier */
function pathOf(file, specifier) {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), specifier)) : null;
}

/** Import cycles, by Tarjan's algorithm. @param {ReadonlyMap<string, readonly string[]>} imports */
function circlesOf(imports) {
  const circles = /** @type {string[][]} */ ([]);
  /** @type {Map<string, { index: number, low: number, open: boolean }>} */
  const seen = new Map();
  const path = /** @type {string[]} */ ([]);
  const visit = (/** @type {string} */ file) => {
    const mine = { index: seen.size, low: seen.size, open: true };
    seen.set(file, mine);
    path.push(file);
    for (const next of imports.get(file) ?? []) {
      const other = seen.get(next) ?? (imports.has(next) ? visit(next) : null);
      if (other?.open) mine.low = Math.min(mine.low, other.low);
    }
    if (mine.low === mine.index) {
      const circle = path.splice(path.indexOf(file));
      for (const one of circle) /** @type {{ open: boolean }} */ (seen.get(one)).open = false;
      if (circle.length > 1) circles.push(circle.sort());
    }
    return mine;
  };
  for (const file of imports.keys()) if (!seen.has(file)) visit(file);
  return circles;
}

/** Generates docs/rooms.md from the table. */
export function roomsPage() {
  const code = (/** @type {readonly string[]} */ names) => names.map((name) => `\`${name}\``).join(', ') || 'nothing';
  return `${[
    '# Rooms',
    '',
    '<!-- Generated from scripts/rooms.mjs by `npm run docs`; a test compares. -->',
    '',
    'Each folder is a room: it has one topic, and imports only the listed rooms. No file is directly in `lib/` or `components/`, and there are no',
    'import cycles, types included. How the rooms work together: [architecture.md](architecture.md).',
    '',
    '| room | topic | may import | packages |',
    '|---|---|---|---|',
    ...Object.entries(ROOMS).map(
      ([name, { about, rooms, packages = [] }]) => `| \`${name}\` | ${about} | ${code(rooms)} | ${code(packages)} |`,
    ),
  ].join('\n')}\n`;
}

/** The current files of all rooms: text by path, empty for CSS. @returns {Map<string, string>} */
export function houseFiles() {
  const files = ['lib', 'components', 'entrypoints'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  return new Map(
    files
      .filter((file) => /\.(ts|tsx|css)$/.test(file))
      .map((file) => [file, file.endsWith('.css') ? '' : readFileSync(join(ROOT, file), 'utf8')]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = problemsOf(houseFiles());
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length ? 1 : 0;
}
