// tests/unit/components/account/account-life.test.ts covers every operation of every SDK.
import { CALLS, type Given, typed } from './account-matrix';
import { accountTab, expect, hookOf, test, until } from './support';

const MARY = 'mary@shop.example';
const [FIRST, SECOND] = ['first-secret-1', 'second-secret-2'];

test('android: an account is registered, read, updated, and deleted in the real panel', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { page, noise, v } = await accountTab(inspector, '/?sdk=android');
  const act = async (operation: keyof typeof CALLS, given: Given = {}, confirm?: string) =>
    test.step(operation, async () => {
      if (Object.keys(given).length) await v.open(operation, typed(given));
      if (confirm !== undefined) await v.type('confirm-email', confirm);
      const { verdict, text } = await v.ended(Object.keys(given).length ? await v.submit() : await v.begin(operation));
      expect(verdict, text).toBe('done');
      const call = CALLS[operation].android(given);
      expect((await hookOf(page)).calls.findLast(([method]) => method === call[0])).toEqual(call);
      const html = await v.html();
      for (const secret of [FIRST, SECOND]) expect(html).not.toContain(secret);
    });

  await act('registerAccount', {
    ...{ email: MARY, password: FIRST, firstName: 'Mary', phone: '+48 222 333 444' },
    ...{ agreements: { email: true }, attributes: { size: 38, old: true } },
  });
  const token = auth.mailbox('main').at(-1)?.code;
  await act('confirmAccountActivation', { token });
  await act('signIn', { email: MARY, password: FIRST });
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  await act('getAccount');
  await until('the account', async () => (await v.html()).includes('+48 222 333 444'));
  await v.operate('updateAccount', { city: 'Kraków', 'attributes.size': '39' });
  await until('the account to be read again', async () => (await v.html()).includes('Kraków'));
  expect(auth.account('main', MARY)).toMatchObject({ city: 'Kraków', agreements: { email: true }, attributes: { size: 39, old: true } });
  await act('changePassword', { oldPassword: FIRST, newPassword: SECOND });
  await act('deleteAccount', { clientAuthFactor: SECOND, clientIdentityProvider: 'SYNERISE' }, MARY);
  expect(auth.account('main', MARY)).toBeUndefined();
  await v.waitAttr('session-state', 'data-identity', 'anonymous');
  expect(noise).toEqual([]);
});
