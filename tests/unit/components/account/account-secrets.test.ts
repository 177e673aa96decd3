// Passwords, codes and tokens of account operations are nowhere but in the call.
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { ADA, accountTab, callsOf, wordsOf } from '../../fakes/account';
import { type NodeInspector, openInspector } from '../../fakes/inspector';

vi.setConfig({ testTimeout: 60_000 });

type Sdk = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };
type Callback = (value: unknown) => void;

let inspector: NodeInspector;
afterEach(() => inspector.close());

const stored = () => JSON.stringify([...inspector.stored, ...inspector.onDisk]);

it('no password and no code is stored, shown or said, before, during and after a run', async () => {
  inspector = await openInspector();
  const { auth } = inspector;
  const { page, v } = await accountTab(inspector);
  const email = 'mary@shop.example';
  const secrets = ['old-secret-1', 'new-secret-2', 'wrong-secret-3', 'reset-secret-4', 'lovelace'];
  const nowhere = async () => {
    const all = [stored(), await v.html(), ...page.noise].join('\n');
    expect(all).toContain('"stage"');
    for (const secret of secrets) expect(all).not.toContain(secret);
  };
  await v.operate('registerAccount', { email, password: 'old-secret-1' });
  await nowhere();
  const token = await auth.code('activation');
  secrets.push(token);
  await v.operate('confirmAccountActivation', { token });
  expect((await v.operate('signIn', { email, password: 'wrong-secret-3' })).verdict).toBe('failed');
  await nowhere();
  // While it is on its way.
  await auth.set({ latency: 500 });
  const run = await v.begin('signIn', { email, password: 'old-secret-1' });
  await until('the call', async () => (await callsOf(page, 'signIn')).length === 2);
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();
  await nowhere();
  await auth.set({ latency: 0 });
  expect((await v.ended(run)).verdict).toBe('done');
  expect((await v.operate('getAccount')).verdict).toBe('done');
  expect((await v.operate('changePassword', { oldPassword: 'old-secret-1', newPassword: 'new-secret-2' })).verdict).toBe('done');
  await nowhere();
  await v.open('changePassword', { oldPassword: 'new-secret-2', newPassword: 'reset-secret-4' });
  await v.shows('preview', 'Synerise.Client.changePassword("••••••" /* oldPassword */, "••••••" /* newPassword */, onSuccess, onError)');
  await nowhere();
  await v.click('cancel');
  await v.operate('requestPasswordReset', { email });
  const reset = await auth.code('password-reset');
  secrets.push(reset);
  await v.operate('confirmPasswordReset', { password: 'reset-secret-4', token: reset });
  await nowhere();
  await v.open('deleteAccount', { clientAuthFactor: 'reset-secret-4' });
  await v.type('confirm-email', email);
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  await nowhere();
});

it('a secret that the SDK repeats in its answer is shown and stored as [secret]', async () => {
  inspector = await openInspector();
  const { page, v } = await accountTab(inspector);
  await page.evaluate(() => {
    const { Client: client } = (globalThis as unknown as Sdk).Synerise;
    client['changePassword'] = (old, fresh, _onSuccess, onError) =>
      (onError as Callback)({
        code: 400,
        message: `${old} may not become ${fresh}`,
        errors: [{ field: 'password', rejectedValue: fresh, deep: { list: [`again: ${old}`] } }],
      });
    client['confirmPasswordReset'] = (password) => {
      throw new RangeError(`bad: ${password}`);
    };
    client['signInConditionally'] = (email, password, onSuccess) =>
      (onSuccess as Callback)({ status: 'SUCCESS', conditions: [{ email, password }] });
  });
  const nowhere = async (...secrets: string[]) => {
    for (const secret of secrets) for (const text of [await v.html(), stored()]) expect(text).not.toContain(secret);
  };
  const changed = await v.operate('changePassword', { oldPassword: 'old-secret-1', newPassword: 'new-secret-2' });
  expect(changed.verdict).toBe('failed');
  expect(changed.text).toContain('[secret] may not become [secret]');
  await until('the whole error', async () => (await wordsOf(v)).includes('again: [secret]'));
  expect(await wordsOf(v)).toMatch(/rejectedValue\W+\[secret\]/);
  await nowhere('old-secret-1', 'new-secret-2');
  const reset = await v.operate('confirmPasswordReset', { password: 'reset-secret-4', token: 'token-secret-5' });
  expect(reset.text).toContain('bad: [secret]');
  await nowhere('reset-secret-4', 'token-secret-5');
  const signedIn = await v.operate('signInConditionally', { email: ADA, password: 'lovelace' });
  expect(signedIn.verdict).toBe('done');
  expect(await wordsOf(v)).toMatch(new RegExp(`"${ADA}"[^}]*"\\[secret\\]"`));
  await nowhere('lovelace');
});
