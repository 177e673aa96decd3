import { describe, expect, it } from 'vitest';
import { given, namesOf, placeOf, type Values } from '@/lib/page/call-arguments';
import type { Made, Passed } from '@/lib/sdk/dialects/dialect';

const CONTEXT: Made = { of: ['email', 'zipCode'], called: { zipCode: 'zipcode' } };
const MAYBE: Made = { of: ['agreements', 'authID'], called: { authID: 'authId' }, optional: true };
const binding = (args: readonly Passed[], named?: Readonly<Record<string, Passed>>) => ({ args, ...(named && { named }) });

describe('what a method is given', () => {
  it.each<[string, ReturnType<typeof binding>, Values, unknown, unknown]>([
    ['null for what was not given, in its place', binding(['a', 'b', 'c']), { b: 'B' }, [null, 'B', null], {}],
    ['null, false and an empty text as they are', binding(['a', 'b', 'c']), { a: null, b: false, c: '' }, [null, false, ''], {}],
    ['nothing that the method does not take', binding(['a']), { a: 1, b: 2 }, [1], {}],
    ['a context of what was given only', binding([CONTEXT]), { email: 'e', more: 1 }, [{ email: 'e' }], {}],
    ["a context by the SDK's names", binding([CONTEXT]), { zipCode: 'z' }, [{ zipcode: 'z' }], {}],
    ['a null within a context, which resets', binding([CONTEXT]), { email: null, zipCode: null }, [{ email: null, zipcode: null }], {}],
    ['an empty context where one is needed', binding([CONTEXT]), {}, [{}], {}],
    ['null for an optional context with nothing in it', binding(['a', MAYBE]), { a: 1, email: 'e' }, [1, null], {}],
    ['an optional context with a null in it', binding([MAYBE]), { authID: null }, [{ authId: null }], {}],
    ['one value in two places', binding(['email', CONTEXT]), { email: 'e' }, ['e', { email: 'e' }], {}],
    ['what is named, beside', binding(['a'], { authID: 'authID' }), { a: 1, authID: 'i' }, [1], { authID: 'i' }],
    ["by the SDK's name for it", binding([], { context: MAYBE, id: 'authID' }), { authID: 'i' }, [], { context: { authId: 'i' }, id: 'i' }],
    ['nothing named that was not given', binding(['a'], { x: 'x', y: 'y', context: MAYBE }), { a: 1 }, [1], {}],
    ['nothing named that is null', binding([], { x: 'x' }), { x: null }, [], {}],
    ['a named context that may be empty', binding([], { context: CONTEXT }), {}, [], { context: {} }],
  ])('is %s', (_what, its, values, args, named) => {
    expect(JSON.parse(JSON.stringify(given(its, values)))).toEqual({ args, named });
  });

  it('has contexts that ask nothing of what the page put on Object', () => {
    const [context] = given(binding([CONTEXT]), { email: 'e' }).args;
    expect(Object.getPrototypeOf(context)).toBeNull();
  });
});

describe('the place of a value', () => {
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

  it('is the first, where a value stands twice', () => {
    expect(placeOf(binding([CONTEXT, 'email']), 'email')).toBe('0.email');
    expect(placeOf(binding(['email'], { email: 'email' }), 'email')).toBe('0');
  });

  it('is known for each name that a method takes, and for no other', () => {
    expect([...namesOf(its)].sort()).toEqual(['agreements', 'authID', 'customId', 'email', 'sex', 'token', 'zipCode']);
    expect(namesOf(binding([]))).toEqual([]);
    for (const name of namesOf(its)) expect(placeOf(its, name)).toBeDefined();
  });
});
