// The purpose of a request, recognized by its path and the customer it names, on any host.
import { describe, expect, it } from 'vitest';
import { PURPOSES, purposeNamed, purposeOf } from '@/lib/network/purposes';
import { CHANGE_NAMES } from '@/lib/sdk/changes';

/** The paths of facts §4.1 with known or likely prefixes, at least one for each purpose. */
const PATHS: readonly (readonly [name: string, method: string, path: string])[] = [
  ['anonymous-login', 'POST', '/sauth/v3/auth/login/client/anonymous'],
  ['incognito-login', 'POST', '/sauth/v3/auth/login/client/incognito'],
  ['conditional-login', 'POST', '/sauth/v3/auth/login/client/conditional'],
  ['simple-auth', 'POST', '/sauth/v3/auth/login/client/simple-auth'],
  ['login', 'POST', '/sauth/v3/auth/login/client'],
  ['refresh', 'POST', '/sauth/v3/auth/refresh/client'],
  ['refresh', 'GET', '/v4/auth/refresh/client'],
  ['workspace-login', 'POST', '/v4/auth/login/profile'],
  ['workspace-login', 'GET', '/v4/auth/refresh/profile'],
  ['account-read', 'GET', '/v4/my-account/personal-information'],
  ['account-update', 'POST', '/v4/my-account/personal-information'],
  ['basic-update', 'POST', '/v4/my-account/basic-information'],
  ['password-change', 'POST', '/sauth/my-account/change-password'],
  ['email-change', 'POST', '/sauth/my-account/email-change/request'],
  ['email-change', 'POST', '/sauth/my-account/email-change/confirmation'],
  ['phone-update', 'POST', '/v4/my-account/phone-update/request'],
  ['phone-update', 'POST', '/v4/my-account/phone-update/confirmation'],
  ['logout', 'POST', '/sauth/my-account/logout'],
  ['account-delete', 'POST', '/sauth/my-account/delete'],
  ['password-reset', 'POST', '/sauth/clients/password-reset/request'],
  ['password-reset', 'POST', '/sauth/clients/password-reset/confirmation'],
  ['registration', 'POST', '/v4/clients/registered'],
  ['activation', 'POST', '/sauth/clients/activation/request'],
  ['activation', 'POST', '/sauth/clients/activation/confirmation'],
  ['activation', 'POST', '/sauth/clients/activation/by-pin-code/request'],
  ['activation', 'POST', '/sauth/clients/activation/by-pin-code/confirmation'],
  ['public-key', 'GET', '/v4/public.pem'],
  ['event', 'POST', '/v4/events/custom'],
  ['event', 'POST', '/v4/events/added-to-cart'],
  ['event', 'POST', '/v4/events/ai-compat/recommendation.view'],
  ['event', 'POST', '/v4/events/ai-compat/recommendation.click'],
  ['recommendation', 'POST', '/recommendations/v2/recommend/campaigns/abc'],
  ['search', 'GET', '/search/v2/indices/abc/query'],
];

describe('purposeOf', () => {
  it.each(PATHS)('%s: %s %s', (name, method, path) => {
    expect(purposeOf(method, path, false)?.name).toBe(name);
  });

  it('ignores anything before the vendor’s path', () => {
    for (const [name, method, path] of PATHS) expect(purposeOf(method, `/proxy/shop${path}`, false)?.name, path).toBe(name);
  });

  it('has a path for every purpose', () => {
    const reached = new Set([...PATHS.map(([name]) => name), 'tracking']);
    expect(PURPOSES.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
  });

  it.each([
    '/auth/login/client/anonymous/more',
    '/auth/login/clients',
    '/my-auth/login/client/else',
    '/unauth/login/client',
    '/v4/events/',
    '/v4/events/a/b',
    '/v4/publicxpem',
    '/my-account/email-change/other',
    '/my-account/deleted',
    '/recommendations/vx/recommend/a',
    '/',
  ])('returns null for %s', (path) => {
    expect(purposeOf('POST', path, false)).toBeNull();
  });

  it('matches the method in any case, and only if the purpose requires one', () => {
    expect(purposeOf('get', '/v4/my-account/personal-information', false)?.name).toBe('account-read');
    expect(purposeOf('PUT', '/v4/my-account/personal-information', false)).toBeNull();
    expect(purposeOf('PUT', '/auth/login/client', false)?.name).toBe('login');
  });

  it('is tracking for other requests that name a customer, with known paths taking precedence', () => {
    expect(purposeOf('GET', '/collect', true)?.name).toBe('tracking');
    expect(purposeOf('POST', '/v4/events/custom', true)?.name).toBe('event');
  });

  it('a browser preflight is not an SDK request', () => {
    expect(purposeOf('OPTIONS', '/sauth/v3/auth/login/client', false)).toBeNull();
  });
});

describe('the table', () => {
  it('has unique names, which find their purpose', () => {
    expect(new Set(PURPOSES.map(({ name }) => name)).size).toBe(PURPOSES.length);
    for (const purpose of PURPOSES) expect(purposeNamed(purpose.name)).toBe(purpose);
    for (const name of ['', 'nothing', '__proto__', 'constructor']) expect(purposeNamed(name)).toBeNull();
  });

  it('has names that fit the message schema, and only existing operations', () => {
    for (const { name, label, does } of PURPOSES) {
      expect(name.length).toBeLessThanOrEqual(40);
      expect(label).not.toBe('');
      for (const one of does) expect(CHANGE_NAMES).toContain(one);
    }
  });

  it.each([
    ['refresh', 'refreshToken'],
    ['refresh', 'retrieveToken'],
    ['anonymous-login', 'regenerateUUID'],
    ['anonymous-login', 'destroySession'],
    ['anonymous-login', 'retrieveToken'],
    ['login', 'signIn'],
    ['login', 'authenticate'],
    ['conditional-login', 'signInConditionally'],
    ['simple-auth', 'simpleAuthentication'],
    ['account-read', 'getAccount'],
    ['account-update', 'updateAccount'],
    ['password-change', 'changePassword'],
    ['account-delete', 'deleteAccount'],
    ['logout', 'signOut'],
    ['password-reset', 'confirmPasswordReset'],
    ['registration', 'registerAccount'],
  ] as const)('a %s request may be caused by %s', (name, does) => {
    expect(purposeNamed(name)?.does).toContain(does);
  });
});
