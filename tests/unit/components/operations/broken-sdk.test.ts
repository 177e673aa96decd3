// SDKs whose methods throw, hang, answer twice or answer with what is no data: the verdicts, and what is shown of it.
import { afterEach, expect, it, vi } from 'vitest';
import { NOTE_WORDS } from '@/components/operations/outcome-words';
import { until } from '@/scripts/until.mjs';
import { accountTab, callsOf } from '../../fakes/account';
import { type NodeInspector, openInspector } from '../../fakes/inspector';
import { callClient, openShop, outcomeOf, sessionOf } from '../../fakes/shop';
import { textOf, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const EMAIL = { email: 'ada@shop.example' };
/** `?break=` of the sandbox's SDK, the arguments, the verdict, and what of the answer is shown. */
const BROKEN = [
  ['refreshToken', 'throw', {}, 'failed', /refreshToken broke/],
  ['requestPasswordReset', 'cycle', EMAIL, 'done', /circular/],
  ['requestAccountActivation', 'getter', EMAIL, 'done', /this getter throws/],
  ['requestAccountActivationByPin', 'huge', EMAIL, 'done', /5000000/],
  ['confirmAccountActivation', 'proxy', { token: 'a-token' }, 'done', /this proxy throws/],
  ['requestPhoneUpdate', 'bigint', { phone: '+48500100200' }, 'done', /1000000000000000000000000000000n/],
] as const;

it('an answer that is no data is shown as far as it can be read, and the next operation runs', async () => {
  inspector = await openInspector();
  const { page, v } = await accountTab(inspector, `/?${BROKEN.map(([name, how]) => `break=${name}:${how}`).join('&')}`);
  for (const [name, how, args, verdict, words] of BROKEN) {
    expect((await v.operate(name, args)).verdict, how).toBe(verdict);
    // A long answer is whole in the details.
    if (how === 'huge') await v.click('result-details');
    await textOf(v, 'operation-result', words);
  }
  expect((await v.operate('getUUID')).verdict).toBe('done');
  expect(page.noise).toEqual([]);
});

it('a refresh that answers twice is done once, and the second answer is noted', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector, '/?break=refreshToken:twice');
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  expect((await v.operate('refreshToken')).verdict).toBe('done');
  await until('the second answer', () => outcomeOf(inspector, page)?.late.includes('success'));
  expect(await v.attr('operation-result', 'data-verdict')).toBe('done');
  expect((await v.operate('getUUID')).verdict).toBe('done');
  expect(page.noise).toEqual([]);
});

it('a call that is never answered times out, with the console as the place to look, and the next operation runs', async () => {
  inspector = await openInspector({ settings: { deadline: 1000 } });
  const page = await openShop(inspector, '/?break=refreshToken:hang&break=signOutWithMode:swallow');
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  for (const [name, args] of [
    ['refreshToken', {}],
    ['signOutWithMode', { mode: 'SIGN_OUT' }],
  ] as const) {
    const { verdict, text } = await v.operate(name, args);
    expect(verdict, name).toBe('timed-out');
    expect(outcomeOf(inspector, page)?.note).toBe('no-callback');
    expect(text).toContain(NOTE_WORDS['no-callback']);
  }
  // The exception that the SDK swallows is in the console only.
  expect(page.noise).toEqual([expect.stringContaining('the native side of signOutWithMode broke')]);
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
});

it('a method that is not there is unavailable, before it is called or after', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  await page.evaluate(() => {
    const { Client } = (globalThis as unknown as { Synerise: { Client: object } }).Synerise;
    delete (Object.getPrototypeOf(Client) as { signOutWithMode?: unknown }).signOutWithMode;
  });
  const v = await inspector.panel(page);
  await v.waitAttr('action-signOutWithMode', 'data-binding', 'unavailable');
  expect(await v.disabled('action-signOutWithMode')).toBe(true);
  // The version that brought it.
  expect(await v.attr('action-signOutWithMode', 'title')).toContain('0.14.0');
  await v.waitAttr('token', 'data-token', 'valid');
  await page.evaluate(() => {
    const { Client } = (globalThis as unknown as { Synerise: { Client: { refreshToken?: unknown } } }).Synerise;
    Client.refreshToken = null;
  });
  expect((await v.operate('refreshToken')).verdict).toBe('unavailable');
  expect(outcomeOf(inspector, page)?.note).toBe('no-method');
});

it('a frozen SDK is sampled and driven, and its methods are listed as not observed', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector, '/?break=frozen');
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  const before = await uuidShown(v, page);
  const stage = sessionOf(inspector, page)?.stage;
  expect(stage?.phase === 'attached' && stage.client.unobserved).toContain('regenerateUUID');
  expect(await v.target.evaluate('document.body.innerHTML')).toContain('regenerateUUID, ');
  await callClient(page, 'regenerateUUID');
  await until('the UUID that the page asked for', async () => (await uuidShown(v, page)) !== before);
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  expect(await callsOf(page, 'regenerateUUID')).toHaveLength(2);
  expect(page.noise).toEqual([]);
});
