// Checks for every state of a view: no axe violations in either theme, and nothing cut off at any width.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** The visible tab of the panel. */
export const SHOWN = '[role="tabpanel"]:not([hidden])';

/** @param where for error messages @param part selector of what to check */
export async function clean(page: Page, where: string, part = 'html'): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // Legacy mode doesn't open an extra page per analysis, which only frames would need.
    const axe = new AxeBuilder({ page }).include(part).setLegacyMode();
    // Only contrast depends on the theme.
    const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      `${where}, ${colorScheme}`,
    ).toEqual([]);
  }
}

export async function fits(page: Page, where: string, widths: readonly number[] = [280, 420, 900]): Promise<void> {
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 700 });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(beyond, `${where} at ${width} px`).toBe(0);
  }
  if (before) await page.setViewportSize(before);
}

/** Both checks. */
export async function wellMade(page: Page, where: string, part?: string): Promise<void> {
  await fits(page, where);
  await clean(page, where, part);
}
