// What every view must be: nothing that axe finds, and nothing cut off at any width.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** @param part of the document; the whole unless said */
export async function clean(page: Page, part = 'html'): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** The tab of the panel that is shown. */
export const SHOWN = '[role="tabpanel"]:not([hidden])';

export async function fits(page: Page): Promise<void> {
  for (const width of [280, 420, 900]) {
    await page.setViewportSize({ width, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `at ${width} px`).toBe(
      0,
    );
  }
}
