import type { Page } from '@playwright/test';
import { JWT, MATRIX } from './matrix';
import { expect, type Hook, hookOf, test, until } from './support';

/** The last call of a method that the page's SDK took. */
const lastCall = async (page: Page, method: string) => (await hookOf(page)).calls.filter(([name]) => name === method).at(-1);

const count = ({ calls }: Hook, method: string | undefined) => calls.filter(([name]) => name === method).length;

for (const { table, cells } of MATRIX) {
  test(`${table.name}: each operation is done once, as the page's SDK says`, async ({ inspector }) => {
    const { page, noise } = await inspector.open(`/?sdk=${table.name}${table.name === 'web' ? '&jwt' : ''}`);
    const v = await inspector.panel(page);
    await v.waitAttr('dialect', 'data-dialect', table.name);
    await v.waitAttr('session-state', 'data-phase', 'attached');
    await until('the token', async () => (await hookOf(page)).held.token);
    for (const { operation, binding, verdict, args, first } of cells) {
      await test.step(operation, async () => {
        await v.waitAttr(`action-${operation}`, 'data-binding', binding.kind);
        if (binding.kind === 'unavailable') {
          expect(verdict).toBe('unavailable');
          expect(await v.disabled(`action-${operation}`)).toBe(true);
          expect(await v.attr(`action-${operation}`, 'title')).toBe(binding.reason);
          return;
        }
        if (first === 'sign-in') {
          await page.getByRole('button', { name: 'Sign in as Ada' }).click();
          await v.waitAttr('session-state', 'data-identity', 'signed-in');
        }
        await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
        const before = await hookOf(page);
        const given =
          args['token'] === JWT
            ? await page.evaluate(
                async (uuid) =>
                  (
                    await (
                      await fetch('/site/token', {
                        method: 'POST',
                        headers: { 'content-type': 'application/json' },
                        body: JSON.stringify({ uuid, email: 'ada@shop.example' }),
                      })
                    ).json()
                  ).token as string,
                before.held.uuid,
              )
            : undefined;
        const { verdict: ended, text } = await v.operate(operation, given === undefined ? args : { ...args, token: given });
        expect(ended, text).toBe(verdict);
        await until('the page to settle', async () => {
          const { uuid, token } = (await hookOf(page)).held;
          // A site that has the Web SDK asks for a token when it likes.
          return uuid && (token || table.name === 'web');
        });
        const after = await hookOf(page);
        await v.shows('uuid', after.held.uuid ?? '');
        if (binding.kind === 'native') {
          // Once, with the values where the SDK has them.
          const name = binding.method
            .split('|')
            .map((way) => way.split('.').at(-1) ?? '')
            .find((way) => after.calls.some(([method]) => method === way) || way in after.reads);
          if (!binding.keepsSession && !binding.answersToken) expect(count(after, name), text).toBe(count(before, name) + 1);
          if (binding.args.length && name)
            expect((await lastCall(page, name))?.[1]).toEqual(binding.args.map((arg) => given ?? args[String(arg)]));
        }
        expect(text).not.toContain(given ?? 'no such token');
        if (operation === 'getUUID') expect(text).toContain(after.held.uuid);
        if (operation === 'getUUIDForAuthentication') {
          expect(after.held).toEqual(before.held);
          expect(text).toMatch(/[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-/);
        }
        if (operation === 'retrieveToken') expect(after.held.token?.raw).toBe(before.held.token?.raw);
        if (operation === 'refreshToken') expect(after.held.token?.raw).not.toBe(before.held.token?.raw);
        if (operation === 'setAccessToken') expect(after.held.token?.raw).toBe(given);
        if (operation === 'clearAccessToken') expect(after.held.token).toBeNull();
        if (operation === 'setUuid') expect(after.held.uuid).toBe(args['uuid']);
        if (/^(regenerate|destroy|restore)/.test(operation)) expect(after.held.uuid).not.toBe(before.held.uuid);
        if (/^signOut/.test(operation)) expect(after.held.signedIn).toBe(false);
      });
    }
    expect(noise).toEqual([]);
  });
}

for (const name of ['flutter', 'ios', 'android'] as const) {
  test(`${name}: a signed-in customer keeps the UUID, and the SDK's false is told as a refusal`, async ({ inspector }) => {
    const { page } = await inspector.open(`/?sdk=${name}`);
    const v = await inspector.panel(page);
    await until('the token', async () => (await hookOf(page)).held.token);
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await v.waitAttr('session-state', 'data-identity', 'signed-in');
    const { uuid } = (await hookOf(page)).held;
    await v.waitAttr('action-regenerateUUID', 'aria-disabled', 'true');
    await v.click('action-regenerateUUID');
    await v.click('run-anyway');
    await v.waitAttr('operation-result', 'data-verdict', 'refused');
    expect(await v.text('operation-result')).toContain('false');
    expect((await hookOf(page)).held.uuid).toBe(uuid);
  });
}
