import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** These change what all of a realm shares (globals, built-ins), or take twenty times as long in a worker thread (long regular expressions do). */
const APART = ['page', 'sandbox', 'report', 'redaction'].map((folder) => `tests/unit/${folder}/**/*.test.ts`);

const VIEWS = ['tests/unit/components/**/*.test.{ts,tsx}', 'tests/unit/inspect/drive.test.ts'];

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    restoreMocks: true,
    // By itself it leaves one core to others: of two, half.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'apart', include: APART, pool: 'forks' } },
      // The whole inspector in Node: views over a background and real page scripts.
      { extends: true, test: { name: 'views', include: VIEWS, pool: 'threads', isolate: false } },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          exclude: [...APART, ...VIEWS],
          pool: 'threads',
          isolate: false,
        },
      },
    ],
  },
});
