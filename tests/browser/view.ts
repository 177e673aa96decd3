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
  /** An argument, by its name; one key of a map as `attributes.size`, and one of several agreements as `agreements.sms`. */
  fill(argument: string, value: string | boolean): Promise<void>;
  /** What stands in an input, by its test id. */
  type(id: string, value: string | boolean): Promise<void>;
  /** What stands in an input, or whether it is ticked. */
  value(id: string): Promise<string | boolean>;
  /** Chooses a tab of the panel, by its name. */
  tab(name: string): Promise<void>;
  /** Waits until `id` shows `text`. */
  shows(id: string, text: string): Promise<void>;
  waitAttr(id: string, name: string, value: string): Promise<void>;
  /** Opens, fills and confirms an operation and waits for its verdict. */
  operate(operation: string, args?: Record<string, string | boolean>): Promise<Ended>;
  /** Starts an operation without waiting for its end. Gives its run. */
  begin(operation: string, args?: Record<string, string | boolean>): Promise<string>;
  /** Opens an operation's form and fills it in. */
  open(operation: string, args?: Record<string, string | boolean>): Promise<void>;
  /** Runs what the open form holds. Gives its run. */
  submit(id?: 'run' | 'run-anyway'): Promise<string>;
  /** Waits for the verdict of a run. */
  ended(run: string): Promise<Ended>;
}

/** In a view: sets an input as a person would. */
const SET = `(input, value) => {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, value);
  for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
}`;

/** Fills in a row of a map: the one that has the key, an empty one, or one more. */
async function fillRow(target: Target, id: string, key: string, text: string): Promise<void> {
  const rows = `[...document.querySelectorAll('[data-testid="${id}"] .row')]`;
  const cells = `${rows}.map((row) => [...row.querySelectorAll('input')].map(({ value }) => value))`;
  const place = async () => {
    const keys = ((await target.evaluate(cells)) as string[][]).map(([one]) => one);
    return keys.includes(key) ? keys.indexOf(key) : keys.indexOf('');
  };
  if ((await place()) < 0) {
    await target.evaluate(`document.querySelector('[data-testid="${id}"] > button').click()`);
    await until('a row more', async () => (await place()) >= 0);
  }
  const at = await place();
  for (const [cell, value] of [key, text].entries()) {
    await target.evaluate(`(${SET})(${rows}[${at}].querySelectorAll('input')[${cell}], ${JSON.stringify(value)})`);
    await until(`${key} in its row`, async () => (await target.evaluate(cells))[at][cell] === value);
  }
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
      const [map = '', ...key] = argument.split('.');
      await until(`argument-${map}`, () => view.there(`argument-${map}`));
      if (key.length && !(await view.there(`argument-${argument}`))) await fillRow(target, `argument-${map}`, key.join('.'), String(value));
      else await view.type(`argument-${argument}`, value);
    },
    async type(id, value) {
      await until(id, () => view.there(id));
      await target.evaluate(`(() => {
        const input = ${at(id)};
        if (input.type === 'checkbox') { if (input.checked !== ${JSON.stringify(value)}) input.click(); return; }
        (${SET})(input, ${JSON.stringify(String(value))});
      })()`);
    },
    value: (id) =>
      target.evaluate(`(() => { const input = ${at(id)}; return input.type === 'checkbox' ? input.checked : input.value; })()`),
    async tab(name) {
      const tab = `[...document.querySelectorAll('[role="tab"]')].find((one) => one.textContent === ${JSON.stringify(name)})`;
      await until(`the tab ${name}`, () => target.evaluate(`!!${tab}`));
      await target.evaluate(`${tab}.click()`);
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
      const run = await view.attr('operation-result', 'data-run');
      if (run !== before) return String(run);
      for (const [name, value] of Object.entries(args)) await view.fill(name, value);
      return view.submit();
    },
    async open(operation, args = {}) {
      await until(
        `${operation} to be enabled`,
        async () => (await view.there(`action-${operation}`)) && !(await view.disabled(`action-${operation}`)),
      );
      await view.click(`action-${operation}`);
      await until(`form-${operation}`, () => view.there(`form-${operation}`));
      for (const [name, value] of Object.entries(args)) await view.fill(name, value);
    },
    async submit(id = 'run') {
      const before = await view.attr('operation-result', 'data-run');
      await until(`${id} to be enabled`, async () => !(await view.disabled(id)));
      await view.click(id);
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
