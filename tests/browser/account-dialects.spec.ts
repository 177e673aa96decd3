import type { AccountOperationName } from '@/lib/sdk/operations';
import { ACCOUNT_CELLS, CALLS, type Given, NATIVE_DIALECTS, typed } from './account-matrix';
import { accountTab, expect, type Hook, hookOf, test, until } from './support';

const SHOP = 'main';
const MARY = 'mary@shop.example';
const MARIA = 'maria@shop.example';
const PETER = 'peter@shop.example';
const OLGA = 'olga@shop.example';
const HELGA = 'helga@shop.example';
const [FIRST, SECOND, THIRD, PETERS] = ['first-secret-1', 'second-secret-2', 'third-secret-3', 'peters-secret-4'] as const;
const PHONE = '+48 111 222 333';

const GETTERS: readonly AccountOperationName[] = ['isSignedIn', 'isSignedInViaSimpleAuthentication'];

for (const dialect of NATIVE_DIALECTS) {
  test(`${dialect}: the life of an account, each operation once and with effect, as SDK and server say`, async ({ inspector }) => {
    const { auth } = inspector.sandbox;
    const { page, noise, v } = await accountTab(inspector, `/?sdk=${dialect}`);
    const through = new Set<AccountOperationName>();
    const account = (email: string) => auth.account(SHOP, email);
    /** The newest message to somebody. */
    const mail = (to: string, about: string) => {
      const message = auth.mailbox(SHOP).findLast((one) => one.to === to && one.about === about);
      if (!message) throw new Error(`no message about ${about} to ${to}`);
      return message;
    };
    const calls = ({ calls: taken }: Hook, method: string) => taken.filter(([name]) => name === method);

    /** Fills the form in, runs it, and sees that the SDK was called once with just that. */
    const act = async (operation: AccountOperationName, given: Given = {}, more?: (text: string) => unknown, confirm?: string) =>
      test.step(operation, async () => {
        through.add(operation);
        await v.waitAttr(`action-${operation}`, 'data-binding', 'native');
        const before = await hookOf(page);
        let run: string;
        if (Object.keys(given).length) {
          await v.open(operation, typed(given));
          if (confirm !== undefined) await v.type('confirm-email', confirm);
          run = await v.submit();
        } else run = await v.begin(operation);
        const { verdict, text } = await v.ended(run);
        expect(verdict, text).toBe('done');
        const after = await hookOf(page);
        const [method, args] = CALLS[operation][dialect](given);
        if (GETTERS.includes(operation)) expect(after.reads[method] ?? 0).toBeGreaterThan(before.reads[method] ?? 0);
        else {
          expect(calls(after, method)).toHaveLength(calls(before, method).length + 1);
          expect(calls(after, method).at(-1)).toEqual([method, args]);
        }
        const secrets = ['password', 'oldPassword', 'newPassword', 'token', 'externalToken', 'clientAuthFactor'].flatMap(
          (name) => given[name] ?? [],
        );
        const html = await v.html();
        for (const secret of secrets) expect(html).not.toContain(secret);
        await more?.(text);
      });
    const held = async () => (await hookOf(page)).held as Hook['held'] & { account: string | null };
    const signOutInPage = async () => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await v.waitAttr('session-state', 'data-identity', 'anonymous');
      await until('the anonymous token', async () => (await held()).token?.origin === 'ANONYMOUS');
    };

    // A new customer: registered, activated by the token of the second e-mail, signed in.
    const registered = {
      email: MARY,
      password: FIRST,
      firstName: 'Mary',
      city: 'Warsaw',
      zipCode: '00-001',
      phone: '+48 222 333 444',
      agreements: { email: true, push: true },
      attributes: { size: 38, color: 'red', old: true },
    };
    await act('registerAccount', registered, () => {
      expect(account(MARY)).toMatchObject({ ...registered, active: false, agreements: { email: true, push: true, sms: false } });
      expect(mail(MARY, 'activation').code).toHaveLength(32);
    });
    const firstMail = mail(MARY, 'activation').code;
    await act('requestAccountActivation', { email: MARY }, () => expect(mail(MARY, 'activation').code).not.toBe(firstMail));
    await act('confirmAccountActivation', { token: mail(MARY, 'activation').code }, () => expect(account(MARY)?.active).toBe(true));
    await act('signIn', { email: MARY, password: FIRST }, async () => {
      expect(await held()).toMatchObject({ account: MARY, signedIn: true });
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
    });
    await act('isSignedIn', {}, (text) => expect(text).toContain('true'));

    // What is known of her, and changed: only what differs is sent; `null` resets.
    await act('getAccount', {}, () => {
      const asked = auth.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/personal-information'));
      expect(asked).toMatchObject([{ status: 200 }]);
    });
    await until('her name', async () => (await v.target.evaluate(`document.querySelector('dl.account').innerText`)).includes('Warsaw'));
    const changes = {
      firstName: null,
      lastName: 'Somerville',
      customId: 'mary-1',
      city: 'Kraków',
      countryCode: 'PL',
      sex: 'FEMALE',
      agreements: { email: false, sms: true },
      attributes: { size: 39, old: null, fresh: { since: [1, 'two'] } },
    };
    await act('updateAccount', changes, () => {
      expect(account(MARY)).toMatchObject({
        ...{ firstName: null, lastName: 'Somerville', customId: 'mary-1', city: 'Kraków', zipCode: '00-001', countryCode: 'PL' },
        sex: 'FEMALE',
        agreements: { email: false, sms: true, push: true },
      });
      expect(account(MARY)?.attributes).toEqual({ size: 39, color: 'red', fresh: { since: [1, 'two'] } });
    });
    const basics = {
      displayName: 'Mary S.',
      birthDate: '1780-12-26',
      avatarUrl: 'https://shop.example/mary.png',
      company: 'Connexion',
      address: '1 Rynek',
      province: 'Lesser Poland',
      zipCode: '30-001',
    };
    await act('updateAccountBasicInformation', basics, () => expect(account(MARY)).toMatchObject({ ...basics, city: 'Kraków' }));

    // Another e-mail, another phone, and passwords.
    await act('requestEmailChange', { email: MARIA, password: FIRST }, () => expect(account(MARY)).toBeDefined());
    await act('confirmEmailChange', { token: mail(MARIA, 'email-change').code, newsletterAgreement: true }, async () => {
      expect(account(MARY)).toBeUndefined();
      expect(account(MARIA)?.agreements).toMatchObject({ email: true, sms: true });
      expect((await held()).account).toBe(MARIA);
    });
    await act('requestPhoneUpdate', { phone: PHONE });
    const { code: confirmationCode } = mail(PHONE, 'phone-update');
    expect(confirmationCode).toMatch(/^0\d{3}$/);
    // On Android the agreement may be left as it is, which is told as null.
    const sms = { smsAgreement: dialect === 'android' ? null : false };
    await act('confirmPhoneUpdate', { phone: PHONE, confirmationCode, ...sms }, () => {
      expect(account(MARIA)).toMatchObject({ phone: PHONE, agreements: { sms: dialect === 'android' } });
    });
    await act('changePassword', { oldPassword: FIRST, newPassword: SECOND }, () => expect(account(MARIA)?.password).toBe(SECOND));
    await act('requestPasswordReset', { email: MARIA });
    await act('confirmPasswordReset', { password: THIRD, token: mail(MARIA, 'password-reset').code }, () =>
      expect(account(MARIA)?.password).toBe(THIRD),
    );

    // A second account, activated by PIN, signed in conditionally.
    await signOutInPage();
    auth.set(SHOP, { activation: 'pin' });
    await act('registerAccount', { email: PETER, password: PETERS });
    await act('requestAccountActivationByPin', { email: PETER });
    const { code: pinCode } = mail(PETER, 'activation-by-pin');
    await act('confirmAccountActivationByPin', { email: PETER, pinCode }, () => expect(account(PETER)?.active).toBe(true));
    await act('signInConditionally', { email: PETER, password: PETERS }, async (text) => {
      expect(text).toContain('SUCCESS');
      expect(await held()).toMatchObject({ account: PETER, signedIn: true });
    });

    // With an identity provider, whose tokens are e-mails in the sandbox.
    await signOutInPage();
    const olga = { clientIdentityProvider: 'GOOGLE', token: OLGA, agreements: { push: true }, attributes: { via: 'search' } };
    await act('authenticate', { ...olga, authID: 'olga-1' }, async () => {
      expect(account(OLGA)).toMatchObject({ provider: 'GOOGLE', agreements: { push: true }, attributes: { via: 'search' } });
      expect(await held()).toMatchObject({ account: OLGA, signedIn: true, token: { origin: 'GOOGLE' } });
    });
    await signOutInPage();
    const again = { ...olga, agreements: { wifi: true }, attributes: { via: 'link' }, authID: 'olga-2' };
    await act('authenticateConditionally', again, async (text) => {
      expect(text).toContain('SUCCESS');
      expect(account(OLGA)).toMatchObject({ agreements: { push: true, wifi: true }, attributes: { via: 'link' } });
      expect(await held()).toMatchObject({ account: OLGA, signedIn: true });
    });

    // Without a password of hers; what one SDK insists on, and another may leave out, is told as well.
    const helga = { email: HELGA, password: 'not-hers-5', externalToken: OLGA, authID: 'olga-2' };
    await act('requestEmailChange', helga, () => expect(mail(HELGA, 'email-change').code).toHaveLength(32));

    // Without a password: known, and not signed in.
    await signOutInPage();
    const lin = { authID: 'lin-1', email: 'lin@shop.example', customId: 'lin', firstName: 'Lin', city: 'Oslo', phone: PHONE };
    await act('simpleAuthentication', { ...lin, zipCode: '0150', agreements: { sms: true }, attributes: { tall: true } }, async () => {
      const { uuid, token, signedIn } = await held();
      expect({ origin: token?.origin, signedIn }).toEqual({ origin: 'SIMPLE_AUTH', signedIn: false });
      const { authID: _, email: __, ...told } = lin;
      expect(auth.profile(SHOP, uuid ?? '')).toMatchObject({
        ...told,
        zipCode: '0150',
        agreements: { sms: true },
        attributes: { tall: true },
      });
      await v.waitAttr('session-state', 'data-identity', 'simple-auth');
    });
    await act('isSignedInViaSimpleAuthentication', {}, (text) => expect(text).toContain('true'));

    // Nobody at all.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await v.waitAttr('session-state', 'data-identity', 'anonymous');
    const parameters = { email: 'guest@shop.example', customIdentify: 'guest-1', parameters: { visits: 3, from: 'a link' } };
    const cell = ACCOUNT_CELLS.find((one) => one.dialect === dialect && one.operation === 'recognizeAnonymous');
    if (cell?.verdict === 'unavailable') {
      await test.step('recognizeAnonymous is not there', async () => {
        through.add('recognizeAnonymous');
        await v.waitAttr('action-recognizeAnonymous', 'data-binding', 'unavailable');
        expect(await v.disabled('action-recognizeAnonymous')).toBe(true);
        expect(await v.attr('action-recognizeAnonymous', 'title')).toContain('no such method');
        await v.click('action-recognizeAnonymous');
        expect(await v.there('form-recognizeAnonymous')).toBe(false);
      });
    } else {
      await act('recognizeAnonymous', parameters, async () => {
        await until('the event', () => auth.events(SHOP).length === 1);
        const { uuid } = await held();
        expect(auth.events(SHOP)).toMatchObject([
          {
            uuid,
            event: { client: { email: 'guest@shop.example', customId: 'guest-1', uuid }, params: { visits: 3, from: 'a link' } },
          },
        ]);
      });
    }

    // The end, with the password of the reset.
    await act('signIn', { email: MARIA, password: THIRD });
    await act('getAccount');
    const { uuid } = await held();
    await act(
      'deleteAccount',
      { clientAuthFactor: THIRD, clientIdentityProvider: 'SYNERISE' },
      async () => {
        expect(account(MARIA)).toBeUndefined();
        expect(auth.accounts(SHOP).map(({ email }) => email)).toContain(PETER);
        const left = await held();
        expect(left).toMatchObject({ account: null, signedIn: false });
        expect(left.uuid).not.toBe(uuid);
        await v.waitAttr('session-state', 'data-identity', 'anonymous');
        await v.shows('uuid', left.uuid ?? '');
      },
      MARIA,
    );
    const own = ACCOUNT_CELLS.filter((one) => one.dialect === dialect).map(({ operation }) => operation);
    expect([...through].sort()).toEqual([...own].sort());
    expect(noise).toEqual([]);
  });
}

test('web: each operation is shown as what other SDKs have, with the reason, and does nothing', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web&jwt');
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-dialect', 'web');
  await v.tab('Account');
  await until('the words', async () => (await v.target.evaluate('document.body.innerText')).includes('The Web SDK knows no accounts'));
  for (const { operation, verdict } of ACCOUNT_CELLS.filter(({ dialect }) => dialect === 'web')) {
    expect(verdict).toBe('unavailable');
    await v.waitAttr(`action-${operation}`, 'data-binding', 'unavailable');
    expect(await v.disabled(`action-${operation}`)).toBe(true);
    expect(await v.attr(`action-${operation}`, 'title')).toContain('the matter of the site and its backend');
    await v.click(`action-${operation}`);
    expect(await v.there(`form-${operation}`)).toBe(false);
  }
  expect(await v.attr('operation-result', 'data-run')).toBeNull();
});
