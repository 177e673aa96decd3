// Checks for every state of a view: no axe violations in either theme, and nothing cut off at any width.
import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

/** The visible tab of the panel. */
export const SHOWN = '[role="tabpanel"]:not([hidden])';

/** @param where for error messages @param part selector of what to check */
export async function clean(page: Page, where: string, part = 'html'): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // Only contrast depends on the theme.
    const found = await page.evaluate(violationsIn, { part, rules: colorScheme === 'dark' ? ['color-contrast'] : null });
    expect(found, `${where}, ${colorScheme}`).toEqual([]);
  }
}

/** In a page that has axe: each violated rule with its elements. `rules`: only these; `null` for all. */
async function violationsIn({ part, rules }: { part: string; rules: string[] | null }): Promise<string[]> {
  const { axe: own } = globalThis as unknown as { axe: typeof axe };
  const { violations } = await own.run(part, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
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
