/** The panel's Diagnostics tab in Node. */
import { until } from '@/scripts/until.mjs';
import type { NodeView } from './inspector';

export interface ShownFinding {
  readonly rule: string;
  readonly severity: string;
}

/** The findings that are shown, from the top. */
export const findingsIn = (v: NodeView): Promise<ShownFinding[]> =>
  v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="finding"]')].map(({ dataset: { rule, severity } }) => ({ rule, severity }))`,
  ) as Promise<ShownFinding[]>;

export const rulesIn = async (v: NodeView): Promise<string[]> => (await findingsIn(v)).map(({ rule }) => rule);

/** Waits until a rule has a finding. */
export const speaks = (v: NodeView, rule: string) => until(`the finding ${rule}`, async () => (await rulesIn(v)).includes(rule));
/** Waits until a rule has none. */
export const isSilent = (v: NodeView, rule: string) => until(`no finding ${rule}`, async () => !(await rulesIn(v)).includes(rule));

/** Waits until the rules have looked at what there is now. */
export async function lookedAnew(v: NodeView): Promise<void> {
  const asked = Date.now();
  await until('a run of the rules', async () => {
    const at = await v.target.evaluate(`document.querySelector('[data-testid="last-run"] time')?.dateTime ?? ''`);
    if (Date.parse(String(at)) >= asked) return true;
    await v.click('run-rules');
    return false;
  });
}

/** The number of findings on the tab's label; `null` if there are none. */
export const badgeIn = (v: NodeView): Promise<string | null> =>
  v.target.evaluate(
    `[...document.querySelectorAll('[role="tab"]')].find((one) => one.textContent === 'Diagnostics').dataset.badge ?? null`,
  ) as Promise<string | null>;
