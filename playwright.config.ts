import { defineConfig } from '@playwright/test';
import { findFirefox } from './scripts/setup.mjs';

export default defineConfig({
  testDir: 'tests/browser',
  outputDir: 'test-results',
  // Two browsers fill a machine of two cores.
  workers: 2,
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  // What needs Firefox is told by `npm test` as "not run here" where there is none, and a failure with CI=true.
  testIgnore: findFirefox() ? [] : /browser\/firefox\//,
  forbidOnly: process.env['CI'] === 'true',
  // Shared machines stall for seconds. A test that needed its second try is reported as flaky, not as passed.
  retries: process.env['CI'] === 'true' ? 1 : 0,
});
