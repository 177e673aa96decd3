// Operations of the Web SDK, which has few methods: they are made of steps, and of the cookies that it reads.
import { afterEach, expect, it, vi } from 'vitest';
import { NOTE_WORDS } from '@/components/operations/outcome-words';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, type NodePage, openInspector } from '../../fakes/inspector';
import { outcomeOf } from '../../fakes/shop';
import { uuidIn, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const VIEWS = ['popup', 'panel'] as const;
const cookiesIn = (page: NodePage) => page.evaluate(() => document.cookie);

async function attached(view: (typeof VIEWS)[number], path = '/?sdk=web') {
  inspector = await openInspector();
  const page = await inspector.open(path);
  const v = await inspector[view](page);
  return { page, v, uuid: await uuidShown(v, page) };
}

it.each(VIEWS)('a regenerate in the %s shows its step, sets the cookies, and is taken back', async (view) => {
  const { page, v, uuid: first } = await attached(view);
  expect(await v.disabled('action-restorePreviousUUID')).toBe(true);
  await v.click('action-regenerateUUID');
  const [, next = ''] = await until('the step', async () =>
    /SR\.client\.setUuid\('([\da-f-]{36})'\)/.exec((await v.text('form-regenerateUUID')) ?? ''),
  );
  await v.click('run');
  await v.shows('uuid', next);
  expect(await uuidIn(page)).toBe(next);
  expect(await cookiesIn(page)).toContain(`_snrs_uuid=${next}`);
  expect(await cookiesIn(page)).toContain(`_snrs_puuid=${first}`);
  expect(await v.operate('restorePreviousUUID')).toMatchObject({ verdict: 'done' });
  expect(await uuidIn(page)).toBe(first);
  await v.shows('uuid', first);
  expect(page.noise).toEqual([]);
});

it.each(VIEWS)('a regenerate with identifier in the %s makes the UUID by the chosen recipe', async (view) => {
  const { page, v } = await attached(view);
  const clientIdentifier = 'customer@synerise.com';
  // The vendor's own example, and the one of the plugins (facts §3.4).
  for (const [given, uuid] of [
    [{ clientIdentifier, salt: 'someString' }, '345d4c8f-5aff-591d-a19c-1ca48923d9ee'],
    [{ recipe: 'magento-woocommerce', clientIdentifier }, '74081271-9f45-5d83-849d-82c44bca5e74'],
  ] as const) {
    expect(await v.operate('regenerateUUIDWithClientIdentifier', given)).toMatchObject({ verdict: 'done' });
    expect(await uuidIn(page)).toBe(uuid);
  }
  const again = await v.operate('regenerateUUIDWithClientIdentifier', { recipe: 'magento-woocommerce', clientIdentifier });
  expect(again).toMatchObject({ verdict: 'done' });
  expect(again.text).toContain(NOTE_WORDS['same-uuid']);
  expect(outcomeOf(inspector, page)?.note).toBe('same-uuid');
});

it.each(VIEWS)('a destroyed session in the %s leaves no cookie of the customer, and a new visitor after the reload', async (view) => {
  const { page, v, uuid: before } = await attached(view);
  const destroyed = await v.operate('destroySession');
  expect(destroyed).toMatchObject({ verdict: 'done' });
  expect(destroyed.text).toContain('_snrs_p');
  await until('a new visitor', async () => ![before, ''].includes(await uuidIn(page)));
  expect(await cookiesIn(page)).not.toContain(before);
  await uuidShown(v, page);
});

it('a token that is pasted is checked, set, never shown or stored, and cleared', async () => {
  const { page, v, uuid } = await attached('panel');
  await v.waitAttr('token', 'data-read', 'true');
  expect(await v.attr('token', 'data-token')).toBe('none');
  await v.open('setAccessToken', { token: 'no token' });
  expect(await v.disabled('run')).toBe(true);
  expect(await v.text('form-setAccessToken')).toContain('JWT');
  const jwt = await page.evaluate(async (of) => {
    const body = JSON.stringify({ uuid: of, email: 'ada@shop.example' });
    const answer = await fetch('/site/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await answer.json()).token as string;
  }, uuid);
  await v.fill('token', jwt);
  expect(await v.ended(await v.submit())).toMatchObject({ verdict: 'done' });
  await v.waitAttr('token', 'data-token', 'valid');
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  expect((await hookOf(page)).held.token?.raw).toBe(jwt);
  expect(await v.html()).not.toContain(jwt);
  expect(JSON.stringify([...inspector.onDisk])).not.toContain(jwt);
  expect(await v.operate('clearAccessToken')).toMatchObject({ verdict: 'done' });
  await v.waitAttr('token', 'data-token', 'none');
});
