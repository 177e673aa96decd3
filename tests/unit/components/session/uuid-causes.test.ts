// Facts §2.2: each way in which a UUID changes, made to happen on a page of the shop, and the cause that is recorded for it.
import { afterEach, expect, it, vi } from 'vitest';
import type { Cause } from '@/lib/session/history/cause';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, type NodePage, openInspector } from '../../fakes/inspector';
import { historyOf, openShop, sessionOf, signIn } from '../../fakes/shop';
import { uuidIn, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

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

/** What the page does, one after another; `signed`: a customer is signed in before. */
const STORIES: readonly (readonly [what: string, act: () => unknown, cause: Partial<Cause>, signed?: 'signed'])[] = [
  [
    'a regenerate method',
    () => void (globalThis as unknown as Globals).Synerise.Client['regenerateUUID']?.(),
    { kind: 'call', by: 'regenerateUUID()', sure: true },
  ],
  [
    'destroying the session',
    () => void (globalThis as unknown as Globals).Synerise.Client['destroySession']?.(),
    { kind: 'call', by: 'destroySession()', sure: true },
  ],
  [
    'another API key',
    () => (globalThis as unknown as Globals).Synerise.changeApiKey('11111111-1111-4111-8111-111111111111'),
    { kind: 'api-key', by: 'changeApiKey()', sure: true },
  ],
  [
    'Simple Authentication',
    () => {
      const { Client, ClientSimpleAuthenticationData: Data } = (globalThis as unknown as Globals).Synerise;
      Client['simpleAuthentication']?.(new Data({ email: 'ada@shop.example' }), 'seed-1');
    },
    { kind: 'call', by: 'simpleAuthentication()', sure: true },
  ],
  [
    'authentication by a provider with an authID',
    () => {
      const { Client, ClientAuthContext: Context } = (globalThis as unknown as Globals).Synerise;
      Client['authenticate']?.('ada@shop.example', 'OAUTH', new Context({ authID: 'seed-2' }));
    },
    { kind: 'call', by: 'authenticate()', sure: true },
  ],
  [
    'signing out with the mode that destroys the session',
    () => void (globalThis as unknown as Globals).Synerise.Client['signOutWithMode']?.('SIGN_OUT_WITH_SESSION_DESTROY', false),
    { kind: 'call', by: 'signOutWithMode()', sure: true },
    'signed',
  ],
  [
    'another account while one is signed in',
    () => void (globalThis as unknown as Globals).Synerise.Client['signIn']?.('grace@shop.example', 'cobol'),
    { kind: 'call', by: 'signIn()', sure: true },
    'signed',
  ],
  [
    'deleting the account',
    () => void (globalThis as unknown as Globals).Synerise.Client['deleteAccountByIdentityProvider']?.('cobol', 'SYNERISE', null),
    { kind: 'call', by: 'deleteAccount()', sure: true },
  ],
  [
    'do-not-track',
    () => {
      (globalThis as unknown as Globals).Synerise.Settings.sdk.doNotTrack = true;
    },
    { kind: 'do-not-track', by: 'doNotTrack = true', sure: true },
  ],
];

/** The recorded cause of the UUID that the page has now, once it is there. */
const causeOf = (page: NodePage): Promise<Cause> =>
  until('the UUID of the page in the history', async () => {
    const last = historyOf(inspector, page)
      .flatMap((entry) => (entry.kind === 'uuid' ? [entry] : []))
      .at(-1);
    return last?.uuid === (await uuidIn(page)) && last.cause;
  });

it('the history has what the page did as the cause of each new UUID', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  await uuidShown(v, page);
  expect(await causeOf(page)).toMatchObject({ kind: 'first' });
  for (const [what, act, cause, signed] of STORIES) {
    if (signed) {
      if (!(await hookOf(page)).held.signedIn) await signIn(page);
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
    }
    const before = await uuidShown(v, page);
    await page.evaluate(act);
    await until(`another UUID by ${what}`, async () => (await uuidIn(page)) !== before);
    expect(await causeOf(page), what).toMatchObject(cause);
  }
});

it('a UUID that is another after a page load, with nothing that explains it, has an unknown cause', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  const before = await uuidShown(v, page);
  // As after a new installation.
  await page.evaluate(() => localStorage.clear());
  await page.goto('/');
  await until('another UUID', async () => (await hookOf(page)).held.token && (await uuidIn(page)) !== before);
  expect(await causeOf(page)).toMatchObject({ kind: 'unknown', sure: false, by: null });
});

/** What the page of the Web SDK does, one after another. */
const ON_THE_WEB: readonly (readonly [what: string, act: (page: NodePage) => Promise<unknown>, cause: Partial<Cause>])[] = [
  [
    'its own method, called by the page',
    (page) => page.evaluate((uuid) => void (globalThis as unknown as Globals).SR.client['setUuid']?.(uuid), UUID),
    { kind: 'call', by: 'setUuid()', sure: true },
  ],
  [
    'a cookie that resets it',
    async (page) => {
      await page.evaluate(() => {
        // biome-ignore lint/suspicious/noDocumentCookie: as sites set it
        document.cookie = '_snrs_reset_uuid=33333333-3333-4333-8333-333333333333;path=/';
      });
      await until('the cookie to be seen', () => {
        const stage = sessionOf(inspector, page)?.stage;
        return stage?.phase === 'attached' && stage.customer.cookies.some((cookie) => cookie.startsWith('_snrs_reset_uuid'));
      });
      await page.reload();
    },
    { kind: 'reset-cookie', by: '_snrs_reset_uuid', sure: true },
  ],
  [
    'a link with snrs_cl',
    (page) => page.goto('/?sdk=web&stripurl&snrs_cl=44444444-4444-4444-8444-444444444444'),
    { kind: 'link', by: 'snrs_cl', sure: true },
  ],
  [
    'a link with snrs_reset_uuid',
    (page) => page.goto('/?sdk=web&snrs_reset_uuid=55555555-5555-4555-8555-555555555555'),
    { kind: 'link', by: 'snrs_reset_uuid', sure: true },
  ],
];

it('the history has what reset the UUID of the Web SDK as its cause', async () => {
  inspector = await openInspector();
  const page = await inspector.open('/?sdk=web');
  const v = await inspector.panel(page);
  await uuidShown(v, page);
  expect(await causeOf(page)).toMatchObject({ kind: 'first' });
  for (const [what, act, cause] of ON_THE_WEB) {
    const before = await uuidShown(v, page);
    await act(page);
    await until(`another UUID by ${what}`, async () => {
      const now = await uuidIn(page);
      return now && now !== before;
    });
    expect(await causeOf(page), what).toMatchObject(cause);
  }
});
