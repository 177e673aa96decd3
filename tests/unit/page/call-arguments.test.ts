import { describe, expect, it } from 'vitest';
import { given, namesOf, placeOf, type Values } from '@/lib/page/call-arguments';
import type { Made, Passed } from '@/lib/sdk/dialects/dialect';

const CONTEXT: Made = { of: ['email', 'zipCode'], called: { zipCode: 'zipcode' } };
const MAYBE: Made = { of: ['agreements', 'authID'], called: { authID: 'authId' }, optional: true };
const binding = (args: readonly Passed[], named?: Readonly<Record<string, Passed>>) => ({ args, ...(named && { named }) });

describe('arguments of a method', () => {
  it.each<[string, ReturnType<typeof binding>, Values, unknown, unknown]>([
    ['null in the position of a missing value', binding(['a', 'b', 'c']), { b: 'B' }, [null, 'B', null], {}],
    ['null, false and an empty string unchanged', binding(['a', 'b', 'c']), { a: null, b: false, c: '' }, [null, false, ''], {}],
    ['no value that the method does not take', binding(['a']), { a: 1, b: 2 }, [1], {}],
    ['a context of the given values only', binding([CONTEXT]), { email: 'e', more: 1 }, [{ email: 'e' }], {}],
    ["a context with the SDK's names", binding([CONTEXT]), { zipCode: 'z' }, [{ zipcode: 'z' }], {}],
    [
      'a null within a context, which resets the field',
      binding([CONTEXT]),
      { email: null, zipCode: null },
      [{ email: null, zipcode: null }],
      {},
    ],
    ['an empty context where one is required', binding([CONTEXT]), {}, [{}], {}],
    ['null for an optional context without values', binding(['a', MAYBE]), { a: 1, email: 'e' }, [1, null], {}],
    ['an optional context with a null value', binding([MAYBE]), { authID: null }, [{ authId: null }], {}],
    ['one value in two positions', binding(['email', CONTEXT]), { email: 'e' }, ['e', { email: 'e' }], {}],
    ['a named argument', binding(['a'], { authID: 'authID' }), { a: 1, authID: 'i' }, [1], { authID: 'i' }],
    [
      "named arguments with the SDK's names",
      binding([], { context: MAYBE, id: 'authID' }),
      { authID: 'i' },
      [],
      { context: { authId: 'i' }, id: 'i' },
    ],
    ['no named argument without a value', binding(['a'], { x: 'x', y: 'y', context: MAYBE }), { a: 1 }, [1], {}],
    ['no named argument that is null', binding([], { x: 'x' }), { x: null }, [], {}],
    ['a named context that may be empty', binding([], { context: CONTEXT }), {}, [], { context: {} }],
  ])('contain %s', (_what, its, values, args, named) => {
    expect(JSON.parse(JSON.stringify(given(its, values)))).toEqual({ args, named });
  });

  it('have contexts without a prototype, so nothing the page put on Object is used', () => {
    const [context] = given(binding([CONTEXT]), { email: 'e' }).args;
    expect(Object.getPrototypeOf(context)).toBeNull();
  });
});

describe('the position of a value', () => {
  const its = binding(['token', CONTEXT, MAYBE], { id: 'customId', context: { of: ['sex'], called: { sex: 'gender' } } });
  it.each<[string, string | undefined]>([
    ['token', '0'],
    ['email', '1.email'],
    ['zipCode', '1.zipcode'],
    ['zipcode', undefined],
    ['agreements', '2.agreements'],
    ['authID', '2.authId'],
    ['customId', '3.id'],
    ['sex', '3.context.gender'],
    ['context', undefined],
    ['', undefined],
    ['toString', undefined],
  ])('%s is %s', (name, place) => {
    expect(placeOf(its, name)).toBe(place);
  });

  it('is the first one when a value occurs twice', () => {
    expect(placeOf(binding([CONTEXT, 'email']), 'email')).toBe('0.email');
    expect(placeOf(binding(['email'], { email: 'email' }), 'email')).toBe('0');
  });

  it('exists for each name that the method takes', () => {
    expect([...namesOf(its)].sort()).toEqual(['agreements', 'authID', 'customId', 'email', 'sex', 'token', 'zipCode']);
    expect(namesOf(binding([]))).toEqual([]);
    for (const name of namesOf(its)) expect(placeOf(its, name)).toBeDefined();
  });
});
