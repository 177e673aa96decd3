// Drives a popup or panel through its elements' `data-testid`, as a user would. Used by `npm run inspect` and the browser tests.
import { until } from './until.mjs';

/**
 * @typedef {object} Ended How an operation ended, as the view shows it.
 * @property {string | null} operation
 * @property {string | null} verdict
 * @property {string} text
 */

/** @typedef {Readonly<Record<string, string | boolean>>} Args by canonical argument name */

/**
 * @typedef {object} Surface Access to a popup or panel, in any browser.
 * @property {(expression: string) => Promise<any>} evaluate evaluates with a user gesture; awaits promises
 * @property {(expression: string, path: string) => Promise<void>} setFile Sets a file on the file input that `expression` finds.
 */

/**
 * @template {Surface} [T=import('./chromium.mjs').Target]
 * @typedef {object} View A popup or panel.
 * @property {T} target
 * @property {(id: string) => Promise<string | null>} text
 * @property {(id: string, name: string) => Promise<string | null>} attr
 * @property {(id: string) => Promise<boolean>} there
 * @property {(id: string) => Promise<number>} count
 * @property {() => Promise<string>} html the whole document
 * @property {(id: string) => Promise<void>} click
 * @property {(id: string) => Promise<boolean>} disabled
 * @property {(argument: string, value: string | boolean) => Promise<void>} fill Fills in an argument, by its name; one key of a map
 *   as `attributes.size`, one of the agreements as `agreements.sms`.
 * @property {(id: string, value: string | boolean) => Promise<void>} type Sets an input, by its test id.
 * @property {(id: string) => Promise<string | boolean>} value An input's value, or whether it is checked.
 * @property {(name: string) => Promise<void>} tab Selects a tab of the panel, by its name.
 * @property {(id: string, text: string) => Promise<void>} shows Waits until `id` shows `text`.
 * @property {(id: string, name: string, value: string) => Promise<void>} waitAttr
 * @property {(id: string) => Promise<string>} saved Clicks a button that saves a file; resolves with the file's text.
 * @property {(id: string, path: string) => Promise<void>} upload Sets a file on a file input, as a user does in the browser's dialog.
 * @property {(operation: string, args?: Args) => Promise<Ended>} operate Opens, fills and confirms an operation and waits for its verdict.
 * @property {(operation: string, args?: Args) => Promise<string>} begin Starts an operation and resolves with its run id.
 * @property {(operation: string, args?: Args) => Promise<void>} open Opens an operation's form and fills it in.
 * @property {(id?: 'run' | 'run-anyway') => Promise<string>} submit Submits the open form. Resolves with its run id.
 * @property {(run: string, ms?: number) => Promise<Ended>} ended Waits for the verdict of a run.
 */

/** Runs in a view: sets an input and fires its events, as typing does. */
const SET = `(input, value) => {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, value);
  for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
}`;

/**
 * Fills in a row of a map: the row that has the key, otherwise an empty one, otherwise a new one.
 * @param {Surface} target @param {string} id @param {string} key @param {string} text
 */
async function fillRow(target, id, key, text) {
  const rows = `[...document.querySelectorAll('[data-testid="${id}"] .row')]`;
  const cells = `${rows}.map((row) => [...row.querySelectorAll('input')].map(({ value }) => value))`;
  const place = async () => {
    const keys = /** @type {string[][]} */ (await target.evaluate(cells)).map(([one]) => one);
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

/** A view that is a page of Playwright's. @param {import('@playwright/test').Page} page @returns {Surface} */
export const surfaceOf = (page) => ({
  evaluate: (expression) => page.evaluate(expression),
  async setFile(expression, path) {
    const input = /** @type {import('@playwright/test').ElementHandle | null} */ ((await page.evaluateHandle(expression)).asElement());
    await input?.setInputFiles(path);
  },
});

/** @template {Surface} T @param {T} target @returns {View<T>} */
export function viewOf(target) {
  const at = (/** @type {string} */ id) => `document.querySelector('[data-testid="${id}"]')`;
  /** @type {View<T>} */
  const view = {
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
    ended: (run, ms = 30_000) =>
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
        ms,
      ),
    async saved(id) {
      await until(`${id} to be there`, () => view.there(id));
      await target.evaluate(`(() => {
        globalThis.saved = null;
        const { createObjectURL } = URL;
        const { click } = HTMLAnchorElement.prototype;
        let file = null;
        URL.createObjectURL = (blob) => {
          file = blob;
          return createObjectURL(blob);
        };
        // Read here, because a page's policy may not allow it to fetch either kind of URL.
        HTMLAnchorElement.prototype.click = async function () {
          HTMLAnchorElement.prototype.click = click;
          URL.createObjectURL = createObjectURL;
          globalThis.saved = file ? await file.text() : decodeURIComponent(this.href.replace(/^data:[^,]*,/, ''));
        };
        ${at(id)}.click(); })()`);
      await until('the file', async () => (await target.evaluate('globalThis.saved')) !== null);
      return String(await target.evaluate('globalThis.saved'));
    },
    async upload(id, path) {
      await until(`${id} to be there`, () => view.there(id));
      await target.setFile(at(id), path);
    },
    operate: async (operation, args) => view.ended(await view.begin(operation, args)),
  };
  return view;
}
