// The seven jobs that the panel is opened for, in the bottom dock: few clicks, nothing to scroll to, and each by keyboard too.
import type { Locator, Page } from '@playwright/test';
import { alone, expect, hookOf, signInBehind, test, until } from './support';

test.use({ watched: true });

const MOST_CLICKS = 3;
/** Keys that choose or run something; Tab and arrows only move. */
const MOST_KEYS = 4;

/** Asks for a recommendation that names another UUID than the SDK's, as a page with an old copy of it does. */
const sendWrongUuid = () =>
  fetch('/recommendations/v2/recommend/campaigns/similar', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client: { uuid: '00000000-0000-4000-8000-0000000000d2' } }),
  });

interface Hand {
  /** Chooses what is in view. */
  on(target: Locator): Promise<void>;
  readonly count: number;
}

function mouse(): Hand {
  let count = 0;
  return {
    async on(target) {
      await expect(target).toBeInViewport({ ratio: 0.9 });
      await target.click();
      count += 1;
    },
    get count() {
      return count;
    },
  };
}

function keyboard(own: Page): Hand {
  let count = 0;
  return {
    async on(target) {
      const has = () => target.evaluate((element) => element === document.activeElement);
      // Arrows move within a table, Tab between all else.
      const isRow = (await target.getAttribute('role')) === 'row';
      if (isRow) {
        await own.locator('[role="grid"]:visible, [role="treegrid"]:visible').first().focus();
        await until('the row', async () => {
          if ((await target.getAttribute('aria-selected')) === 'true') return true;
          await own.keyboard.press('ArrowDown');
          return false;
        });
      } else {
        for (let presses = 0; !(await has()); presses += 1) {
          // Tabs are one stop, which arrows walk through.
          const inTabs = await own.evaluate(() => document.activeElement?.getAttribute('role') === 'tab');
          const isTab = (await target.getAttribute('role')) === 'tab';
          if (presses > 80) throw new Error(`The focus never came to ${target}.`);
          await own.keyboard.press(isTab && inTabs ? 'ArrowRight' : 'Tab');
        }
        const isTab = (await target.getAttribute('role')) === 'tab';
        if (!isTab) await own.keyboard.press((await target.getAttribute('type')) === 'checkbox' ? 'Space' : 'Enter');
      }
      count += 1;
    },
    get count() {
      return count;
    },
  };
}

for (const by of ['mouse', 'keyboard'] as const)
  test(`by ${by}, each job takes few steps`, async ({ inspector }) => {
    const { page } = await inspector.open();
    await until('the token of the page', async () => (await hookOf(page)).held.token);
    const own = await alone(inspector, page);
    await own.setViewportSize({ width: 1280, height: 360 });
    await expect(own.getByTestId('token')).toHaveAttribute('data-token', 'valid');
    const result = own.getByTestId('operation-result');
    const id = (name: string) => own.getByTestId(name);
    const tabOf = (name: string) => own.getByRole('tab', { name });
    const counts: Record<string, number> = {};
    const job = async (name: string, does: (hand: Hand) => Promise<void>) => {
      await tabOf('Session').click();
      await tabOf('Session').focus();
      const hand = by === 'mouse' ? mouse() : keyboard(own);
      await does(hand);
      counts[name] = hand.count;
    };
    const isDone = async (operation: string) => {
      await expect(result).toHaveAttribute('data-operation', operation);
      await expect(result).toHaveAttribute('data-verdict', 'done');
    };

    await job('refresh the token', async (hand) => {
      await hand.on(id('action-refreshToken'));
      await isDone('refreshToken');
    });
    await job('copy the UUID', async (hand) => {
      await hand.on(id('copy-uuid').first());
      await expect(own.getByText('Copied').first()).toBeAttached();
    });
    await job('regenerate the UUID', async (hand) => {
      await hand.on(id('action-regenerateUUID'));
      await hand.on(id('run'));
      await isDone('regenerateUUID');
    });
    await job('see why the UUID changed', async () => {
      const row = id('history').getByRole('row').filter({ hasText: 'UUID' }).first();
      await expect(row).toContainText('regenerateUUID()');
      await expect(row).toBeInViewport({ ratio: 0.9 });
    });
    await job('sign out', async (hand) => {
      await signInBehind(page, own);
      await tabOf('Session').focus();
      await hand.on(id('action-signOut'));
      await hand.on(id('run'));
      await isDone('signOut');
      await expect(id('session-state')).toHaveAttribute('data-identity', 'anonymous');
    });
    await job('find the request with the wrong UUID', async (hand) => {
      await page.evaluate(sendWrongUuid);
      await hand.on(tabOf('Network'));
      await hand.on(id('network-problems'));
      const row = id('network-entry');
      await expect(row).toHaveCount(1);
      await hand.on(row);
      await expect(id('request-details').getByTestId('uuid-mismatch')).toBeVisible();
    });
    await job('save a report for a colleague', async (hand) => {
      await hand.on(id('export-report'));
      await hand.on(id('make-report'));
      const saved = own.waitForEvent('download');
      await hand.on(id('save-report'));
      expect((await saved).suggestedFilename()).toMatch(/\.json$/);
    });
    test.info().annotations.push({ type: by, description: JSON.stringify(counts) });
    if (process.env['JOBS']) console.log(by, JSON.stringify(counts, null, 1));
    for (const [name, steps] of Object.entries(counts)) expect(steps, name).toBeLessThanOrEqual(by === 'mouse' ? MOST_CLICKS : MOST_KEYS);
  });
