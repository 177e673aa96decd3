import type { Page } from '@playwright/test';
import { expect, hookOf, type Inspector, sdkReady, test, until } from './support';
import { historyOf, sessionOf } from './worker';

// Facts §2.2: each way in which a session changes, made to happen on a real page, and the cause that is told.
test.use({ watched: true });

type Call = (...args: unknown[]) => unknown;
interface Globals {
  readonly Synerise: {
    readonly Client: Record<string, Call>;
    readonly Settings: { readonly sdk: { doNotTrack: boolean } };
    changeApiKey(key: string): void;
    readonly ClientAuthContext: new (fields: object) => object;
    readonly ClientSimpleAuthenticationData: new (fields: object) => object;
  };
  readonly SR: { readonly client: Record<string, Call> };
}

const UUID = '22222222-2222-4222-8222-222222222222';

/** What a person, or the site, does on the page; `signed` where somebody is signed in before. */
const STORIES: readonly {
  readonly what: string;
  readonly signed?: true;
  readonly act: () => unknown;
  readonly cause: { readonly kind: string; readonly by?: string | null; readonly sure: boolean };
}[] = [
  {
    what: 'a regenerate method',
    act: () => (globalThis as unknown as Globals).Synerise.Client['regenerateUUID']?.(),
    cause: { kind: 'call', by: 'regenerateUUID()', sure: true },
  },
  {
    what: 'destroying the session',
    act: () => (globalThis as unknown as Globals).Synerise.Client['destroySession']?.(),
    cause: { kind: 'call', by: 'destroySession()', sure: true },
  },
  {
    what: 'another API key',
    act: () => (globalThis as unknown as Globals).Synerise.changeApiKey('11111111-1111-4111-8111-111111111111'),
    cause: { kind: 'api-key', by: 'changeApiKey()', sure: true },
  },
  {
    what: 'Simple Authentication',
    act: () => {
      const { Client, ClientSimpleAuthenticationData: Data } = (globalThis as unknown as Globals).Synerise;
      Client['simpleAuthentication']?.(new Data({ email: 'ada@shop.example' }), 'seed-1');
    },
    cause: { kind: 'call', by: 'simpleAuthentication()', sure: true },
  },
  {
    what: 'authentication by a provider with an authID',
    act: () => {
      const { Client, ClientAuthContext: Context } = (globalThis as unknown as Globals).Synerise;
      Client['authenticate']?.('ada@shop.example', 'OAUTH', new Context({ authID: 'seed-2' }));
    },
    cause: { kind: 'call', by: 'authenticate()', sure: true },
  },
  {
    what: 'signing out with the mode that destroys the session',
    signed: true,
    act: () => (globalThis as unknown as Globals).Synerise.Client['signOutWithMode']?.('SIGN_OUT_WITH_SESSION_DESTROY', false),
    cause: { kind: 'call', by: 'signOutWithMode()', sure: true },
  },
  {
    what: 'deleting the account',
    signed: true,
    act: () => (globalThis as unknown as Globals).Synerise.Client['deleteAccountByIdentityProvider']?.('lovelace', 'SYNERISE', null),
    cause: { kind: 'call', by: 'deleteAccount()', sure: true },
  },
  {
    what: 'another account while one is signed in',
    signed: true,
    act: () => (globalThis as unknown as Globals).Synerise.Client['signIn']?.('grace@shop.example', 'cobol'),
    cause: { kind: 'call', by: 'signIn()', sure: true },
  },
  {
    what: 'do-not-track',
    act: () => {
      (globalThis as unknown as Globals).Synerise.Settings.sdk.doNotTrack = true;
    },
    cause: { kind: 'do-not-track', by: 'doNotTrack = true', sure: true },
  },
];

/** The cause of the UUID that the page has now. */
async function causeOf({ chromium }: Inspector, page: Page) {
  const { uuid } = (await hookOf(page)).held;
  await until(
    'the UUID of the page to be known',
    async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === uuid,
    15_000,
  );
  return (await historyOf(chromium, page)).flatMap((entry) => (entry.kind === 'uuid' ? [entry] : [])).at(-1)?.cause;
}

for (const { what, signed, act, cause } of STORIES) {
  test(`the UUID changed by ${what}`, async ({ inspector }) => {
    const { page } = await inspector.open('/');
    await sdkReady(page);
    if (signed) {
      await page.evaluate(
        () =>
          new Promise((resolve, reject) =>
            (globalThis as unknown as Globals).Synerise.Client['signIn']?.('ada@shop.example', 'lovelace', resolve, reject),
          ),
      );
      await until('the sign-in', async () => (await sessionOf(inspector.chromium, page))?.history.seen?.identity === 'signed-in');
    }
    const { uuid } = (await hookOf(page)).held;
    expect((await causeOf(inspector, page))?.kind).toBe('first');
    // One look of a view, as when a person has it open: a setting is no call.
    const popup = what === 'do-not-track' ? await inspector.popup(page) : null;
    await popup?.shows('uuid', uuid ?? '');
    await page.evaluate(act);
    await until('another UUID', async () => (await hookOf(page)).held.uuid !== uuid);
    await popup?.shows('uuid', (await hookOf(page)).held.uuid ?? '');
    expect(await causeOf(inspector, page)).toMatchObject(cause);
  });
}

test('the UUID was there on another device of the customer: unknown, and said so', async ({ inspector }) => {
  const { page } = await inspector.open('/');
  await sdkReady(page);
  expect((await causeOf(inspector, page))?.kind).toBe('first');
  // Reinstalled, as a page can show it: the storage is gone, and with it the UUID.
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await sdkReady(page);
  const cause = await causeOf(inspector, page);
  expect(cause).toMatchObject({ kind: 'unknown', sure: false, by: null });
  expect(cause?.evidence.join(' ')).toContain('when the page was loaded');
});

test('the UUID changed in another tab of the site', async ({ inspector }) => {
  const { page: one } = await inspector.open('/?sync');
  await sdkReady(one);
  await causeOf(inspector, one);
  const { page: two } = await inspector.open('/?sync');
  await sdkReady(two);
  await causeOf(inspector, two);
  await two.evaluate(() => (globalThis as unknown as Globals).Synerise.Client['regenerateUUID']?.());
  expect(await causeOf(inspector, two)).toMatchObject({ kind: 'call' });
  await one.bringToFront();
  const popup = await inspector.popup(one);
  await popup.shows('uuid', (await hookOf(two)).held.uuid ?? '');
  expect(await causeOf(inspector, one)).toMatchObject({ kind: 'other-tab', sure: true });
});

test.describe('on the Web SDK', () => {
  const WEB: readonly {
    readonly what: string;
    readonly act: (page: Page, origin: string) => Promise<unknown>;
    readonly cause: Record<string, unknown>;
  }[] = [
    {
      what: 'a cookie that resets it',
      async act(page) {
        await page.evaluate((uuid) => {
          // biome-ignore lint/suspicious/noDocumentCookie: as sites set it
          document.cookie = `_snrs_reset_uuid=${uuid};path=/`;
        }, UUID);
        await page.reload();
      },
      cause: { kind: 'reset-cookie', by: '_snrs_reset_uuid', sure: true },
    },
    {
      what: 'a link with snrs_cl',
      act: (page, origin) => page.goto(`${origin}/?sdk=web&stripurl&snrs_cl=${UUID}`),
      cause: { kind: 'link', by: 'snrs_cl', sure: true },
    },
    {
      what: 'a link with snrs_reset_uuid',
      act: (page, origin) => page.goto(`${origin}/?sdk=web&snrs_reset_uuid=${UUID}`),
      cause: { kind: 'link', by: 'snrs_reset_uuid', sure: true },
    },
    {
      what: 'its cookies removed',
      async act(page) {
        await page.context().clearCookies();
        await page.reload();
      },
      cause: { kind: 'cookies-removed', sure: true },
    },
    {
      what: 'its own method, called by the page',
      act: (page) => page.evaluate((uuid) => (globalThis as unknown as Globals).SR.client['setUuid']?.(uuid), UUID),
      cause: { kind: 'call', by: 'setUuid()', sure: true },
    },
  ];
  for (const { what, act, cause } of WEB) {
    test(`the UUID changed by ${what}`, async ({ inspector }) => {
      const { page } = await inspector.open('/?sdk=web');
      await until('the SDK', async () => (await hookOf(page)).held.uuid);
      const { uuid } = (await hookOf(page)).held;
      expect((await causeOf(inspector, page))?.kind).toBe('first');
      await act(page, inspector.sandbox.origin);
      await until('another UUID', async () => {
        const now = (await hookOf(page)).held.uuid;
        return now && now !== uuid;
      });
      expect(await causeOf(inspector, page)).toMatchObject(cause);
    });
  }

  test('the UUID changed because its cookies expired', async ({ inspector }) => {
    const { page } = await inspector.open('/?sdk=web&cookiesfor=3');
    await until('the SDK', async () => (await hookOf(page)).held.uuid);
    const { uuid } = (await hookOf(page)).held;
    expect((await causeOf(inspector, page))?.kind).toBe('first');
    await until('the cookies to expire', () => page.evaluate(() => !document.cookie.includes('_snrs_uuid')), 15_000);
    await page.reload();
    await until('another UUID', async () => {
      const now = (await hookOf(page)).held.uuid;
      return now && now !== uuid;
    });
    expect(['cookies-expired', 'cookies-removed']).toContain((await causeOf(inspector, page))?.kind);
  });
});
