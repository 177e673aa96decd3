// Checks both builds: budgets, permissions, content security policy, and the Firefox store's linter.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { program, ROOT, SetupError } from './setup.mjs';
import { sizesOf } from './sizes.mjs';

const BUILDS = { chrome: join(ROOT, '.output', 'chrome-mv3'), firefox: join(ROOT, '.output', 'firefox-mv3') };
/** Exactly the permissions that the manifests must request. */
const PERMISSIONS = ['activeTab', 'alarms', 'scripting', 'storage'];
const OPTIONAL = ['cookies', 'notifications'];
/** Optional in Firefox only; Chromium doesn't apply it when it is granted later (see wxt.config.ts). */
const REQUESTS = 'webRequest';
const CSP = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";

/** @type {string[]} */
const faults = [];
/** @param {string} what @param {unknown} is @param {unknown} must */
const same = (what, is, must) => {
  if (JSON.stringify(is) !== JSON.stringify(must)) faults.push(`${what}: is ${JSON.stringify(is)}, must be ${JSON.stringify(must)}`);
};

await program(async () => {
  for (const [browser, folder] of Object.entries(BUILDS)) {
    if (!existsSync(folder)) throw new SetupError(`${folder} is missing: run \`npm run build\` and \`npm run build:firefox\` first.`);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    same(`${browser} manifest_version`, manifest.manifest_version, 3);
    same(`${browser} permissions`, [...manifest.permissions].sort(), browser === 'firefox' ? PERMISSIONS : [...PERMISSIONS, REQUESTS]);
    same(`${browser} host_permissions`, manifest.host_permissions, undefined);
    same(`${browser} content_scripts`, manifest.content_scripts, undefined);
    same(
      `${browser} optional_permissions`,
      [...manifest.optional_permissions].sort(),
      browser === 'firefox' ? [...OPTIONAL, REQUESTS] : OPTIONAL,
    );
    same(`${browser} optional_host_permissions`, manifest.optional_host_permissions, ['*://*/*']);
    same(`${browser} web_accessible_resources`, manifest.web_accessible_resources, undefined);
    same(`${browser} CSP`, manifest.content_security_policy?.extension_pages, CSP);
    // The polyfill is for the background: views use the browser's own API (lib/browser/native-browser.ts).
    const chunks = join(folder, 'chunks');
    const withPolyfill = readdirSync(chunks).filter((file) =>
      readFileSync(join(chunks, file), 'utf8').includes('only be loaded in a browser extension'),
    );
    same(`${browser} chunks with the polyfill`, withPolyfill, []);
    console.log(`\n${browser}`);
    for (const { name, bytes, budget } of sizesOf(folder)) {
      console.log(`  ${name.padEnd(16)} ${String(bytes).padStart(7)} B of ${Math.round(budget)}`);
      if (bytes > budget) faults.push(`${browser} ${name}: ${bytes} B gzipped is over its budget of ${budget} B`);
    }
  }
  // addons-linter ships no type declarations.
  const { default: linter } = /** @type {any} */ (await import(createRequire(import.meta.url).resolve('addons-linter')));
  const { errors, warnings } = await linter
    .createInstance({
      config: { _: [BUILDS.firefox], output: 'none', logLevel: 'fatal', enableDataCollectionPermissions: true },
      runAsBinary: false,
    })
    .run();
  console.log(
    `\nFirefox store linter: ${errors.length} errors, ${warnings.length} warnings (${[...new Set(warnings.map((/** @type {any} */ one) => one.code))].join(', ') || 'none'})`,
  );
  for (const { code, message, file } of errors) faults.push(`Firefox store linter: ${code} ${message} (${file ?? 'manifest'})`);
  for (const fault of faults) console.error(fault);
  return faults.length ? 1 : 0;
});
