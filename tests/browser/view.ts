import type { Target } from '../../scripts/chromium.mjs';
import { until } from '../../scripts/chromium.mjs';

/** What an operation ended with, as a person reads it. */
export interface Ended {
  readonly operation: string | null;
  readonly verdict: string | null;
  readonly text: string;
}

/** A popup or panel, driven by the names of the UI contract. */
export interface View {
  readonly target: Target;
  text(id: string): Promise<string | null>;
  attr(id: string, name: string): Promise<string | null>;
  there(id: string): Promise<boolean>;
  count(id: string): Promise<number>;
  /** The whole document, as HTML. */
  html(): Promise<string>;
  click(id: string): Promise<void>;
  disabled(id: string): Promise<boolean>;
  fill(argument: string, value: string | boolean): Promise<void>;
  /** Waits until `id` shows `text`. */
  shows(id: string, text: string): Promise<void>;
  waitAttr(id: string, name: string, value: string): Promise<void>;
  /** Opens, fills and confirms an operation and waits for its verdict. */
  operate(operation: string, args?: Record<string, string | boolean>): Promise<Ended>;
  /** Starts an operation without waiting for its end. Gives its run. */
  begin(operation: string, args?: Record<string, string | boolean>): Promise<string>;
  /** Waits for the verdict of a run. */
  ended(run: string): Promise<Ended>;
}

export function viewOf(target: Target): View {
  const at = (id: string) => `document.querySelector('[data-testid="${id}"]')`;
  const view: View = {
    target,
    text: (id) => target.evaluate(`${at(id)}?.innerText.trim() ?? null`),
    attr: (id, name) => target.evaluate(`${at(id)}?.getAttribute('${name}') ?? null`),
    there: (id) => target.evaluate(`!!${at(id)}`),
    count: (id) => target.evaluate(`document.querySelectorAll('[data-testid="${id}"]').length`),
    html: () => target.evaluate('document.documentElement.outerHTML'),
    async click(id) {
      await until(`${id} to be there`, () => view.there(id));
      await target.evaluate(`${at(id)}.click()`);
    },
    async disabled(id) {
      await until(`${id} to be there`, () => view.there(id));
      return target.evaluate(`${at(id)}.disabled === true || ${at(id)}.getAttribute('aria-disabled') === 'true'`);
    },
    async fill(argument, value) {
      await until(`argument-${argument}`, () => view.there(`argument-${argument}`));
      await target.evaluate(`(() => {
        const input = ${at(`argument-${argument}`)};
        if (input.type === 'checkbox') { if (input.checked !== ${JSON.stringify(value)}) input.click(); return; }
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, ${JSON.stringify(String(value))});
        for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
      })()`);
    },
    async shows(id, text) {
      await until(`${id} to show ${text}`, async () => (await view.text(id)) === text);
    },
    async waitAttr(id, name, value) {
      await until(`${id} to have ${name}=${value}`, async () => (await view.attr(id, name)) === value, 15_000);
    },
    async begin(operation, args = {}) {
      const before = await view.attr('operation-result', 'data-run');
      await until(
        `${operation} to be enabled`,
        async () => (await view.there(`action-${operation}`)) && !(await view.disabled(`action-${operation}`)),
      );
      await view.click(`action-${operation}`);
      await until(
        `${operation} to open or run`,
        async () => (await view.there('run')) || (await view.attr('operation-result', 'data-run')) !== before,
      );
      if ((await view.attr('operation-result', 'data-run')) === before) {
        for (const [name, value] of Object.entries(args)) await view.fill(name, value);
        await until('run to be enabled', async () => !(await view.disabled('run')));
        await view.click('run');
      }
      return until('the run', async () => {
        const run = await view.attr('operation-result', 'data-run');
        return run !== before && run;
      });
    },
    ended: (run) =>
      until(
        'the verdict',
        async () => {
          const verdict = await view.attr('operation-result', 'data-verdict');
          if ((await view.attr('operation-result', 'data-run')) !== run || !verdict) return null;
          return {
            operation: await view.attr('operation-result', 'data-operation'),
            verdict,
            text: (await view.text('operation-result')) ?? '',
          };
        },
        30_000,
      ),
    operate: async (operation, args) => view.ended(await view.begin(operation, args)),
  };
  return view;
}
