import { beforeEach, expect, it, vi } from 'vitest';
import { showBadge } from '@/lib/background/badge';
import { browserPlatform } from '@/lib/browser/browser-platform';
import type { Badge } from '@/lib/session/session';
import { fake, resetBrowser } from '../fakes/browser';
import { T0 } from '../fakes/make';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(resetBrowser);

const near = (left: number): Badge => ({ kind: 'near-expiry', expiresAt: T0 + left });
it.each<[Badge, string, string]>([
  [{ kind: 'none' }, '', '#5f6368'],
  [{ kind: 'expired' }, '!', '#c5221f'],
  [near(60_000), '<1m', '#b06000'],
  [near(60_001), '<2m', '#b06000'],
  [near(300_000), '<5m', '#b06000'],
  [near(1), '<1m', '#b06000'],
  [near(-1), '<1m', '#b06000'],
])('%o', async (badge, text, color) => {
  await showBadge(browserPlatform(), 7, badge, T0);
  expect([...fake.badges]).toEqual([[7, { text, color }]]);
});

it('ignores a tab that is gone', async () => {
  fake.badgeFails = true;
  await expect(showBadge(browserPlatform(), 7, { kind: 'expired' }, T0)).resolves.toBeUndefined();
});
