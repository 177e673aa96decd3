import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const within = (folders: readonly string[]) => folders.map((folder) => `tests/unit/${folder}/**/*.test.ts`);
/** These change what all of a realm shares: globals and built-ins. */
const APART = within(['page']);
/** Builds the page's scripts once for all files. */
const globalSetup = 'tests/unit/page/bundles.ts';
/** These take twenty times as long in a worker thread, as long regular expressions do. */
const FORKED = within(['report', 'redaction']);

/** Half of their time is pauses: those of the product between its steps, and of the sandbox's SDKs until a token expires. */
const WAITING = ['tests/unit/components/**/*.test.{ts,tsx}', 'tests/unit/inspect/drive.test.ts', ...within(['sandbox'])];

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    restoreMocks: true,
    // Shared machines stall for seconds.
    testTimeout: 30_000,
    // By itself it leaves one core to others: of two, half.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'apart', include: APART, globalSetup, pool: 'forks' } },
      { extends: true, test: { name: 'forked', include: FORKED, pool: 'forks', isolate: false } },
      // Most are the whole inspector in Node: views over a background and real page scripts.
      {
        extends: true,
        test: {
          name: 'waiting',
          include: WAITING,
          globalSetup,
          pool: 'threads',
          isolate: false,
          maxWorkers: 2 * availableParallelism(),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          exclude: [...APART, ...FORKED, ...WAITING],
          globalSetup,
          pool: 'threads',
          isolate: false,
        },
      },
    ],
  },
});
