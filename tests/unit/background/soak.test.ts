/** The soak of the bench in small: it must run and find nothing, or nobody notices that it has stopped working. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('thirty sessions, a minute, the worker killed every second: nothing is lost, done twice or left without an outcome', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['tests/bench/soak.mjs', '--sessions=30', '--seconds=60']);
  const figures = JSON.parse(stdout) as Record<string, number>;
  expect(figures).toMatchObject({
    problems: [],
    lost: 0,
    doubledTransitions: 0,
    doubledOperations: 0,
    withoutOutcome: 0,
    doubledRefreshes: 0,
    refreshesAfterExpiry: 0,
    stale: 0,
  });
  expect(figures['kills']).toBeGreaterThanOrEqual(60);
  expect(figures['transitions']).toBeGreaterThan(100);
  expect(figures['operations']).toBeGreaterThan(10);
}, 120_000);
