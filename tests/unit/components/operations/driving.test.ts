// Operations that popup and panel run on a page of the shop, checked against what its SDK and its server say.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NOTE_WORDS } from '@/components/operations/outcome-words';
import { IDENTITY_WORDS } from '@/components/state/words';
import { OPERATIONS } from '@/lib/sdk/operations';
import { until } from '@/scripts/until.mjs';
import { callsOf } from '../../fakes/account';
import { hookOf, type NodeInspector, type NodePage, openInspector } from '../../fakes/inspector';
import { openShop, outcomeOf, signIn } from '../../fakes/shop';
import { unfolded, uuidIn } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const tokenOf = async (page: NodePage) => String((await hookOf(page)).held.token?.raw);

describe.each(['popup', 'panel'] as const)('the %s', (view) => {
  it('runs each operation of an anonymous customer once', async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    const v = await inspector[view](page);
    const [first, token] = [await uuidIn(page), await tokenOf(page)];
    await v.shows('uuid', first);

    const get = await v.operate('getUUID');
    expect(get).toMatchObject({ operation: 'getUUID', verdict: 'done' });
    expect(get.text).toContain(first);

    expect((await v.operate('retrieveToken')).verdict).toBe('done');
    expect(await v.html()).not.toContain(token);

    // The sandbox counts expiry in whole seconds: a refresh in the same second changes the token all the same.
    const refresh = await v.operate('refreshToken');
    expect(refresh.verdict).toBe('done');
    expect(refresh.text).toContain('true');
    expect(await callsOf(page, 'refreshToken')).toHaveLength(1);
    expect((await inspector.auth.requests()).filter(({ path }) => path === '/sauth/v3/auth/refresh/client')).toMatchObject([
      { status: 200 },
    ]);
    expect(await tokenOf(page)).not.toBe(token);
    expect(await uuidIn(page)).toBe(first);

    const regenerate = await v.operate('regenerateUUID');
    const second = await uuidIn(page);
    expect(regenerate.verdict).toBe('done');
    expect(second).not.toBe(first);
    expect(regenerate.text).toContain(first);
    expect(regenerate.text).toContain(second);
    await v.shows('uuid', second);
    expect(await callsOf(page, 'regenerateUUID')).toHaveLength(1);

    expect((await v.operate('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'ada-42' })).verdict).toBe('done');
    expect(await callsOf(page, 'regenerateUUIDWithClientIdentifier')).toEqual([['ada-42']]);
    const seeded = await uuidIn(page);
    await v.shows('uuid', seeded);
    const again = await v.operate('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'ada-42' });
    expect(again.verdict).toBe('done');
    expect(outcomeOf(inspector, page)?.note).toBe('same-uuid');
    expect(again.text).toContain(NOTE_WORDS['same-uuid']);
    await v.shows('uuid', seeded);

    expect((await v.operate('destroySession')).verdict).toBe('done');
    const fresh = await uuidIn(page);
    expect(fresh).not.toBe(seeded);
    await v.shows('uuid', fresh);
    expect(await callsOf(page, 'destroySession')).toHaveLength(1);
    expect((await inspector.auth.requests()).filter(({ path, uuid }) => path.endsWith('/anonymous') && uuid === fresh)).toHaveLength(1);
  });

  it('signs a customer out in each way', async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    const v = await inspector[view](page);
    const customerSignsIn = async () => {
      await signIn(page);
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
    };
    await customerSignsIn();
    await v.waitAttr('token-origin', 'data-origin', 'SYNERISE');
    const uuid = await uuidIn(page);
    const out = await v.operate('signOut');
    expect(out.verdict).toBe('done');
    expect(out.text).toContain(IDENTITY_WORDS.anonymous);
    await v.waitAttr('session-state', 'data-identity', 'anonymous');
    await v.shows('uuid', uuid);

    await customerSignsIn();
    expect((await v.operate('signOutWithMode', { mode: 'SIGN_OUT', fromAllDevices: true })).verdict).toBe('done');
    await v.shows('uuid', uuid);

    await customerSignsIn();
    expect((await v.operate('signOutWithMode', { mode: 'SIGN_OUT_WITH_SESSION_DESTROY' })).verdict).toBe('done');
    const fresh = await uuidIn(page);
    expect(fresh).not.toBe(uuid);
    await v.shows('uuid', fresh);
    expect(await callsOf(page, 'signOutWithMode')).toEqual([
      ['SIGN_OUT', true],
      ['SIGN_OUT_WITH_SESSION_DESTROY', false],
    ]);
    expect((await inspector.auth.requests()).filter(({ path }) => path === '/sauth/my-account/logout')).toHaveLength(2);
  });

  it('asks before a loss, lists what is lost, and runs nothing that is canceled', async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    const v = await inspector[view](page);
    const uuid = await uuidIn(page);
    await v.shows('uuid', uuid);
    await v.click('action-destroySession');
    await until('the confirmation', () => v.there('form-destroySession'));
    const losses = OPERATIONS.destroySession.loses({});
    expect(losses.length).toBeGreaterThan(4);
    for (const loss of losses) expect(await v.text('form-destroySession')).toContain(loss);
    await v.click('cancel');
    await until('the form to close', async () => !(await v.there('form-destroySession')));
    await v.click('action-regenerateUUID');
    await until('the other form', () => v.there('form-regenerateUUID'));
    await v.click('action-destroySession');
    await until('one form only', async () => (await v.there('form-destroySession')) && !(await v.there('form-regenerateUUID')));
    await v.click('cancel');
    await until('the form to close', async () => !(await v.there('form-destroySession')));
    // An operation that follows ends after any that was sent before it.
    expect((await v.operate('getUUID')).verdict).toBe('done');
    for (const method of ['destroySession', 'regenerateUUID']) expect(await callsOf(page, method)).toEqual([]);
    expect(await uuidIn(page)).toBe(uuid);
  });

  it('rules regenerateUUID out while a customer is signed in, and offers to run it anyway', async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    await signIn(page);
    const v = await inspector[view](page);
    await v.waitAttr('session-state', 'data-identity', 'signed-in');
    expect(await v.disabled('action-regenerateUUID')).toBe(true);
    expect(await v.attr('action-regenerateUUID', 'title')).toContain('anonymous');
    await v.click('action-regenerateUUID');
    await until('the offer', () => v.there('run-anyway'));
    expect(await v.there('run')).toBe(false);
  });

  it("shows the SDK's error with code and message, and how long the call took", async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    const v = await inspector[view](page);
    await v.waitAttr('token', 'data-token', 'valid');
    await inspector.auth.set({ fail: 401 });
    expect((await v.operate('refreshToken')).verdict).toBe('failed');
    const text = await unfolded(v, 'operation-result');
    expect(text).toContain('401');
    expect(text).toContain('switched to fail');
    expect(text).toMatch(/\d+ ms|\d s/);
    expect((await v.operate('refreshToken')).verdict).toBe('done');
  });
});

it('a ruled-out operation runs if told to, and what the SDK ignores is shown as refused', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  await signIn(page);
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  const uuid = await uuidIn(page);
  await v.click('action-regenerateUUID');
  await v.click('run-anyway');
  await v.waitAttr('operation-result', 'data-verdict', 'refused');
  expect(outcomeOf(inspector, page)?.note).toBe('signed-in');
  expect(await v.text('operation-result')).toContain(NOTE_WORDS['signed-in']);
  expect(await callsOf(page, 'regenerateUUID')).toHaveLength(1);
  await v.shows('uuid', uuid);
});

it('no operation starts while another runs, and the others give that as their reason', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await inspector.auth.set({ latency: 800 });
  const run = await v.begin('refreshToken');
  expect(await v.attr('operation-result', 'aria-busy')).toBe('true');
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();
  await until('busy', () => v.disabled('action-getUUID'));
  expect(await v.attr('action-getUUID', 'title')).toContain(OPERATIONS.refreshToken.label);
  await v.click('action-getUUID');
  expect(await v.attr('operation-result', 'data-run')).toBe(run);
  expect((await v.ended(run)).verdict).toBe('done');
});

it('a refresh of a token that has ended for the server fails with the answer of the server', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await inspector.auth.set({ skew: 7200 });
  expect((await v.operate('refreshToken')).verdict).toBe('failed');
  const text = await unfolded(v, 'operation-result');
  expect(text).toContain('401');
  expect(text).toContain('cannot be refreshed');
});
