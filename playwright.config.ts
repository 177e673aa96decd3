import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/browser',
  outputDir: 'test-results',
  // Two browsers fill a machine of two cores.
  workers: 2,
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  projects: [
    { name: 'browser', testIgnore: /start\.spec/ },
    // `npm start` builds: after the tests that load the build.
    { name: 'start', testMatch: /start\.spec/, dependencies: ['browser'], fullyParallel: false },
  ],
  forbidOnly: process.env['CI'] === 'true',
  // Shared machines stall for seconds. A test that needed its second try is reported as flaky, not as passed.
  retries: process.env['CI'] === 'true' ? 1 : 0,
});
