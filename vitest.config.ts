import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** These change what all of a realm shares (globals, built-ins), or take twenty times as long in a worker thread (long regular expressions do). */
const APART = ['page', 'sandbox', 'report', 'redaction'].map((folder) => `tests/unit/${folder}/**/*.test.ts`);

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    restoreMocks: true,
    // By itself it leaves one core to others: of two, half.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'apart', include: APART, pool: 'forks' } },
      {
        extends: true,
        test: { name: 'together', include: ['tests/unit/**/*.test.{ts,tsx}'], exclude: APART, pool: 'threads', isolate: false },
      },
    ],
  },
});
