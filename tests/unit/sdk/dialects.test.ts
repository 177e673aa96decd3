import { describe, expect, it } from 'vitest';
import { namesOf, placeOf } from '@/lib/page/call-arguments';
import { ALL_TABLES, TABLES, tableOf } from '@/lib/sdk/dialects';
import type { Binding, DialectTable, Reads } from '@/lib/sdk/dialects/dialect';
import { DIALECT_NAMES, type DialectName } from '@/lib/sdk/dialects/names';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { ASIDE } from '@/scripts/dialects-page';
import vendor from '@/tests/fixtures/vendor-methods.json';

const WEB_ONLY: readonly OperationName[] = ['setAccessToken', 'clearAccessToken', 'setUuid', 'restorePreviousUUID'];
const ROWS = TABLES.flatMap(({ name, bindings }) =>
  (Object.keys(bindings) as OperationName[]).map((operation) => ({ dialect: name, operation, binding: bindings[operation] as Binding })),
);

describe('every table', () => {
  it('belongs to one dialect and is found by its name', () => {
    expect(ALL_TABLES.map(({ name }) => name).sort()).toEqual([...DIALECT_NAMES].sort());
    for (const table of ALL_TABLES) expect(tableOf(table.name)).toBe(table);
  });

  it('is plain data that survives JSON', () => {
    expect(JSON.parse(JSON.stringify(TABLES))).toEqual(TABLES);
  });

  it.each(TABLES)('$name has a binding for each operation; Web SDK operations are in the web table only', ({ name, bindings }) => {
    const all = name === 'web' ? OPERATION_NAMES : OPERATION_NAMES.filter((operation) => !WEB_ONLY.includes(operation));
    expect(Object.keys(bindings).sort()).toEqual([...all].sort());
  });

  it('mentions a listener setter only in `listener`', () => {
    // `lacks` only checks that a member exists, and neither reads nor calls it.
    const others = TABLES.map(({ stand, ...table }) => ({ ...table, stand: { ...stand, lacks: null }, listener: null }));
    expect(JSON.stringify(others)).not.toMatch(/Listener|Delegate/);
  });

  it.each(TABLES)('$name has well-formed paths, which call only methods named like getters', (table) => {
    const { stand, samples, facts = {}, token, error } = table;
    const { mayBeNone: _, ...tokenPaths } = token;
    const read = [
      ...stand.shape,
      ...Object.values(samples),
      ...Object.values(facts),
      ...Object.values(tokenPaths),
      error.code,
      error.message,
    ];
    const within = (reads: Reads): string[] => Object.values(reads).flatMap((one) => (typeof one === 'string' ? [one] : within(one)));
    for (const path of [...read, ...within(error.detail ?? {}), stand.awaits ?? 'x']) {
      expect(path).toMatch(/^(\^?\w+(\(\))?((\.|\|\^?)\w+(\(\))?)*)?$/);
      for (const call of path.match(/\w+(?=\(\))/g) ?? []) expect(call).toMatch(/^(get|is)[A-Z]/);
    }
    for (const path of stand.shape) expect(path).not.toContain('(');
  });
});

describe('each binding', () => {
  it.each(ROWS)('$dialect $operation takes only arguments of the catalog, each once', ({ operation, binding }) => {
    const own = OPERATIONS[operation].args.map(({ name }) => name);
    if (binding.kind === 'native') {
      const taken = namesOf(binding);
      expect(own).toEqual(expect.arrayContaining([...taken]));
      // Some methods take an argument both in a context and separately.
      if (binding.args.every((arg) => typeof arg === 'string')) expect([...taken].sort()).toEqual([...own].sort());
      for (const arg of OPERATIONS[operation].args) if ('required' in arg && arg.required) expect(taken).toContain(arg.name);
      for (const name of [...(binding.tells ?? []), ...(binding.given ?? [])]) expect(placeOf(binding, name)).toBeDefined();
      for (const name of Object.keys(binding.asks ?? {})) expect(taken).toContain(name);
      expect(binding.method).toMatch(/^\w+(\.\w+)?(\|\w+(\.\w+)?)*$/);
    } else if (binding.kind === 'emulated') {
      const known = [...own, ...(binding.asks ?? []).map(({ name }) => name), ...(binding.uuid ? ['uuid'] : [])];
      for (const step of binding.steps) {
        if (step.do === 'call') for (const name of step.args) expect(known).toContain(name);
        if (step.do === 'give') expect(known).toContain(step.arg);
      }
      expect(new Set(known).size).toBe(known.length);
      expect(binding.about).toMatch(/\.$/);
    } else expect(binding.reason).toMatch(/\.$/);
  });

  it('is marked as answering with a token exactly for retrieveToken', () => {
    for (const { dialect, operation, binding } of ROWS) {
      const answers = binding.kind === 'native' && !!binding.answersToken;
      expect(answers, `${dialect} ${operation}`).toBe(operation === 'retrieveToken');
    }
  });

  // Facts §2.1, §2.2: the operations that change token, UUID or sign-in; the others affect only the account.
  const CHANGES_SESSION =
    /^(refresh|retrieve|setAccess|clearAccess)Token|^(regenerate|restore|setUuid)|^signOut|^destroy|^signIn|^authenticate|^simpleAuth|^deleteAccount/;
  it('is marked as keeping the session exactly when the operation does not change it', () => {
    for (const { dialect, operation, binding } of ROWS) {
      const looks = binding.kind !== 'unavailable' && !!binding.keepsSession;
      if (binding.kind === 'unavailable') continue;
      expect(looks, `${dialect} ${operation}`).toBe(!CHANGES_SESSION.test(operation));
    }
  });

  // Facts §1.1, §1.7: how each call is answered.
  it.each<[string, OperationName[], string]>([
    ['react-native', ['refreshToken', 'retrieveToken', 'signOutWithMode'], 'callbacks'],
    ['react-native', ['getUUID', 'regenerateUUID', 'regenerateUUIDWithClientIdentifier', 'signOut', 'destroySession'], 'sync'],
    ['flutter', ['refreshToken', 'retrieveToken', 'signOutWithMode', 'destroySession'], 'named'],
    ['flutter', ['getUUID', 'regenerateUUID', 'regenerateUUIDWithClientIdentifier', 'signOut'], 'sync'],
    ['ios', ['refreshToken', 'retrieveToken', 'signOutWithMode'], 'callbacks'],
    ['ios', ['getUUID', 'getUUIDForAuthentication', 'regenerateUUID', 'signOut', 'destroySession'], 'sync'],
    ['android', ['refreshToken', 'retrieveToken', 'signOutWithMode'], 'call'],
    ['android', ['getUUID', 'getUUIDForAuthentication', 'regenerateUUID', 'signOut', 'destroySession'], 'sync'],
    ['web', ['retrieveToken', 'setAccessToken', 'clearAccessToken', 'setUuid'], 'sync'],
  ])('%s: %j by %s', (dialect, operations, convention) => {
    const of = (name: string) => ROWS.filter((row) => row.dialect === dialect && row.operation === name);
    for (const name of operations) expect(of(name)).toMatchObject([{ binding: { kind: 'native', convention } }]);
  });

  it.each(vendor.sdks)('$dialect accounts for every method of the vendor’s $version', ({ dialect, methods }) => {
    const { bindings, alsoChange } = tableOf(dialect as DialectName) as DialectTable;
    const run = Object.values(bindings).flatMap((one) => {
      if (one.kind === 'native') return one.method.split('|');
      return one.kind === 'emulated' ? one.steps.flatMap((step) => (step.do === 'call' ? step.method.split('|') : [])) : [];
    });
    const known = new Set([...run, ...Object.keys(alsoChange), ...Object.keys(ASIDE[dialect as DialectName] ?? {})]);
    expect(methods.filter((name) => !known.has(name))).toEqual([]);
    expect(methods).toEqual([...new Set(methods)]);
  });

  it.each(TABLES)('$name: methods listed as neither run nor observed are vendor methods and are neither', ({
    name,
    bindings,
    alsoChange,
  }) => {
    const all = vendor.sdks.filter(({ dialect }) => dialect === name).flatMap(({ methods }) => methods);
    for (const method of Object.keys(ASIDE[name] ?? {})) {
      expect(all).toContain(method);
      expect(alsoChange).not.toHaveProperty([method]);
      expect(Object.values(bindings).some((one) => one.kind === 'native' && one.method.split('|').includes(method))).toBe(false);
    }
  });

  // Facts §1.2: each SDK's own argument order.
  it.each([
    ['react-native', '2.authID', '2.authID'],
    ['flutter', '0.authId', '2.authID'],
    ['ios', '2', '2'],
    ['android', '4', '4'],
  ])('%s: has the position of the authID among the arguments of authenticate', (dialect, plainly, conditionally) => {
    const at = (operation: OperationName) => {
      const binding = tableOf(dialect as DialectName)?.bindings[operation];
      return binding?.kind === 'native' ? [placeOf(binding, 'authID'), binding.given] : [];
    };
    expect(at('authenticate')).toEqual([plainly, ['authID']]);
    expect(at('authenticateConditionally')).toEqual([conditionally, ['authID']]);
    expect(at('simpleAuthentication')).toEqual(['1', ['authID']]);
    expect(at('signIn')).toEqual([undefined, undefined]);
  });

  it('gets the UUID from a view when the SDK does not make one', () => {
    const sources = ROWS.flatMap(({ dialect, operation, binding }) =>
      binding.kind === 'emulated' && binding.uuid ? [`${dialect} ${operation} ${binding.uuid}`] : [],
    );
    expect(sources.sort()).toEqual([
      'flutter getUUIDForAuthentication recipe',
      'react-native getUUIDForAuthentication recipe',
      'web getUUIDForAuthentication recipe',
      'web regenerateUUID random',
      'web regenerateUUIDWithClientIdentifier recipe',
      'web restorePreviousUUID previous',
    ]);
  });

  it('passes signOutWithMode the mode first, then the devices, in every mobile SDK', () => {
    for (const name of ['react-native', 'flutter', 'ios', 'android'] as const)
      expect(tableOf(name)?.bindings.signOutWithMode).toMatchObject({ args: ['mode', 'fromAllDevices'] });
  });
});
