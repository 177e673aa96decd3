import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { instantOf } from '@/lib/page/builtins-more';
import { cut, describe as describeError, ownerOf, peek, plain, textOf, veiled } from '@/lib/page/plain';
import type { Plain } from '@/lib/sdk/plain-data';

const throwing = (message = 'trap') =>
  new Proxy(
    {},
    {
      get() {
        throw new TypeError(message);
      },
      ownKeys() {
        throw new TypeError(message);
      },
      getOwnPropertyDescriptor() {
        throw new TypeError(message);
      },
      getPrototypeOf() {
        throw new TypeError(message);
      },
    },
  );

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const sizeOf = (value: unknown) => JSON.stringify(plain(value)).length;

function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Object.getPrototypeOf(value) !== (Array.isArray(value) ? Array.prototype : null)) return false;
  return Reflect.ownKeys(value).every((key) => {
    if (Array.isArray(value) && key === 'length') return true;
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
    return typeof key === 'string' && !!descriptor?.enumerable && 'value' in descriptor && isPlain(descriptor.value);
  });
}

/** The plain copy of a value, after a JSON round trip. */
const told = (value: unknown) => JSON.parse(JSON.stringify(plain(value))) as unknown;

describe('plain: ordinary values', () => {
  it.each([
    [null, null],
    [undefined, null],
    [true, true],
    [0, 0],
    [1.5, 1.5],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    ['text', 'text'],
    [12n, '12n'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, '[function]'],
    [[], []],
    [{}, {}],
  ])('%# becomes its plain form', (value, expected) => {
    expect(told(value)).toEqual(expected);
  });

  it('copies nested objects and arrays, and leaves the source unchanged', () => {
    const source = Object.freeze({ a: [1, { b: 'x' }], c: Object.freeze({ d: null }) });
    expect(told(source)).toEqual({ a: [1, { b: 'x' }], c: { d: null } });
  });

  it('includes enumerable own string keys only', () => {
    const source = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } }) as object;
    Object.assign(source, { [Symbol('s')]: 4 });
    expect(told(source)).toEqual({ own: 2 });
  });

  it('keeps a key named __proto__ as data', () => {
    const copy = plain(JSON.parse('{"__proto__":{"polluted":true}}')) as Record<string, Plain>;
    expect(Object.getPrototypeOf(copy)).toBeNull();
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":true}}');
  });

  it('includes an object referenced twice in both places', () => {
    const shared = { x: 1 };
    expect(told([shared, shared])).toEqual([{ x: 1 }, { x: 1 }]);
  });
});

describe('plain: hostile values', () => {
  it('marks cycles', () => {
    const self: Record<string, unknown> = { name: 'a' };
    self['self'] = self;
    const list: unknown[] = [self];
    list.push(list);
    expect(told(list)).toEqual([{ name: 'a', self: '[circular]' }, '[circular]']);
  });

  it('reads each getter once and notes what it threw', () => {
    let reads = 0;
    const value = {
      get counted() {
        reads += 1;
        return reads;
      },
      get bad(): never {
        throw new Error('no');
      },
      after: 1,
    };
    expect(told(value)).toEqual({ counted: 1, bad: '[threw: no]', after: 1 });
    expect(reads).toBe(1);
  });

  it('describes a Proxy whose traps throw', () => {
    expect(plain(throwing('mine'))).toBe('[threw: mine]');
    expect(told({ a: throwing('mine'), b: 2 })).toEqual({ a: '[threw: mine]', b: 2 });
  });

  it('describes a revoked Proxy', () => {
    expect(plain(revoked())).toMatch(/^\[threw: .*revoked/);
    expect(told([revoked(), 1])).toEqual([expect.stringMatching(/^\[threw: .*revoked/), 1]);
  });

  it('does not mark repeated objects around an unreadable one as circular', () => {
    const holder = { bad: throwing('mine') };
    expect(told([holder, holder])).toEqual([{ bad: '[threw: mine]' }, { bad: '[threw: mine]' }]);
    const proxy = throwing('mine');
    expect(told([proxy, proxy])).toEqual(['[threw: mine]', '[threw: mine]']);
  });

  it('handles an error that cannot be described', () => {
    const value = {
      get bad(): never {
        throw throwing();
      },
    };
    expect(told(value)).toEqual({ bad: '[threw: unreadable]' });
  });

  it('truncates a 5 MB string and notes its length', () => {
    expect(plain('x'.repeat(5_000_000))).toBe(`${'x'.repeat(4000)}… (5000000 characters)`);
  });

  it('truncates keys, bigints and symbols of hostile size', () => {
    expect(sizeOf({ ['k'.repeat(100_000)]: 1 })).toBeLessThan(300);
    expect(sizeOf(10n ** 20_000n)).toBeLessThan(5000);
    expect(sizeOf(Symbol('s'.repeat(100_000)))).toBeLessThan(5000);
  });

  it('stops at the maximum depth', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(told(deep)).toEqual([[[[[['[deeper]']]]]]]);
  });

  it('stops at the maximum number of keys and of entries', () => {
    const copy = plain(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]))) as Record<string, Plain>;
    expect(Object.keys(copy)).toHaveLength(101);
    expect(copy['k99']).toBe(99);
    expect(copy['…']).toBe('[more]');
    const list = plain(Array.from({ length: 100_000 }, (_, index) => index)) as Plain[];
    expect(list.length).toBe(101);
    expect(list[100]).toBe('[more]');
  });

  it('stops at the maximum number of nodes', () => {
    const wide = Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => 'n'));
    expect(JSON.stringify(plain(wide)).split('"n"').length).toBeLessThan(605);
  });

  it('stays below 3 MB with every limit reached, even if JSON escapes each character', () => {
    const full = (text: string) => Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => text));
    expect(sizeOf(full('x'.repeat(4000)))).toBeLessThan(3_000_000);
    expect(sizeOf(full('\u0001'.repeat(4000)))).toBeLessThan(3_000_000);
  });
});

describe('plain: dates and errors', () => {
  it('turns a Date of this or another realm into an ISO string', () => {
    expect(plain(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(plain(runInNewContext('new Date(86400000)'))).toBe('1970-01-02T00:00:00.000Z');
  });

  it('turns an invalid Date into something that is not a time', () => {
    expect(told({ at: new Date(Number.NaN) })).not.toEqual({ at: expect.stringMatching(/\d{4}-/) });
    expect(instantOf(new Date(Number.NaN))).toBeNull();
    expect(instantOf(runInNewContext('new Date(NaN)'))).toBeNull();
  });

  it('reads the time of real Dates only', () => {
    expect(instantOf(new Date(5))).toBe(5);
    expect(instantOf(runInNewContext('new Date(6)'))).toBe(6);
    for (const other of [5, '1970', null, undefined, { getTime: () => 5 }, Object.create(Date.prototype), throwing(), revoked()]) {
      expect(instantOf(other)).toBeNull();
    }
  });

  it('includes name, message and code of an Error, but not its stack', () => {
    const error = Object.assign(new RangeError('too far'), { code: 42 });
    expect(told(error)).toEqual({ name: 'RangeError', message: 'too far', code: 42 });
    expect(told(runInNewContext('Object.assign(new Error("there"), { code: 7 })'))).toEqual({ name: 'Error', message: 'there', code: 7 });
  });

  it('copies the SDK’s error object, which is not an Error', () => {
    expect(told({ code: 10, message: 'Unknown error has occured' })).toEqual({ code: 10, message: 'Unknown error has occured' });
  });
});

describe('plain: built-ins patched by the page', () => {
  const restore: (() => void)[] = [];
  const patch = (target: object, key: string, value: unknown) => {
    const before = Reflect.getOwnPropertyDescriptor(target, key);
    Object.defineProperty(target, key, { value, configurable: true, writable: true });
    restore.push(() => {
      if (before) Object.defineProperty(target, key, before);
      else Reflect.deleteProperty(target, key);
    });
  };
  const withPatches = (work: () => string): string => {
    try {
      return work();
    } finally {
      for (const undo of restore.splice(0)) undo();
    }
  };
  afterEach(() => {
    for (const undo of restore.splice(0)) undo();
  });

  it('makes correct JSON when Array, Object, String and Date have a toJSON (as with Prototype.js)', () => {
    const text = withPatches(() => {
      for (const prototype of [Array.prototype, Object.prototype, String.prototype, Date.prototype])
        patch(prototype, 'toJSON', () => 'patched');
      return textOf({ list: [1, 'two', { three: [] }], at: new Date(0) });
    });
    expect(text).toBe('{"list":[1,"two",{"three":[]}],"at":"1970-01-01T00:00:00.000Z"}');
  });

  it('makes correct JSON with other built-ins patched', () => {
    const wrong = () => {
      throw new Error('patched');
    };
    const text = withPatches(() => {
      patch(JSON, 'stringify', wrong);
      patch(Array, 'isArray', wrong);
      patch(Object, 'getOwnPropertyDescriptor', wrong);
      patch(Reflect, 'ownKeys', wrong);
      patch(Date.prototype, 'getTime', wrong);
      return textOf({ list: [1], at: new Date(0) });
    });
    expect(text).toBe('{"list":[1],"at":"1970-01-01T00:00:00.000Z"}');
  });

  it('ignores the result of a patched toISOString', () => {
    const text = withPatches(() => {
      patch(Date.prototype, 'toISOString', () => ({ huge: 'x'.repeat(10) }));
      return textOf({ at: new Date(0) });
    });
    expect(text).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });

  it('is unaffected by setters on Object.prototype', () => {
    let caught = false;
    const text = withPatches(() => {
      Object.defineProperty(Object.prototype, 'secret', {
        configurable: true,
        set() {
          caught = true;
        },
      });
      restore.push(() => Reflect.deleteProperty(Object.prototype, 'secret'));
      const source = Object.create(null) as object;
      Object.defineProperty(source, 'secret', { value: 1, enumerable: true });
      return textOf(source);
    });
    expect(text).toBe('{"secret":1}');
    expect(caught).toBe(false);
  });
});

describe('plain: properties', () => {
  const anything = fc.anything({
    maxDepth: 8,
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  });
  // Thunks, because fast-check itself inspects the values it generates.
  const odd: fc.Arbitrary<() => unknown> = fc.oneof(
    anything.map((value) => () => value),
    anything.map((value) => () => new Proxy({ value }, {})),
    anything.map((value) => () => ({ value, bad: throwing(), gone: revoked() })),
    anything.map((value) => () => {
      const loop: Record<string, unknown> = { value };
      loop['loop'] = [loop];
      return loop;
    }),
    anything.map((value) => () => Object.assign(new Error('e'), { value })),
    fc.string().map((text) => () => Symbol(text)),
    fc.constantFrom(
      () => throwing(),
      () => revoked(),
      () => plain,
    ),
  );

  it('never throws, and returns only plain data of limited size', () => {
    fc.assert(
      fc.property(odd, (make) => {
        const copy = plain(make());
        const text = JSON.stringify(copy);
        expect(isPlain(copy)).toBe(true);
        expect(text.length).toBeLessThan(1_000_000);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('keeps every small JSON value unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(text.length < 300);
        expect(JSON.parse(textOf(value))).toEqual(JSON.parse(text));
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('describes anything in a string of limited length', () => {
    fc.assert(
      fc.property(odd, (make) => {
        expect(describeError(make()).length).toBeLessThan(560);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
});

describe('peek, cut, describe and ownerOf', () => {
  it('peek never throws', () => {
    expect(peek({ a: 1 }, 'a')).toBe(1);
    expect(peek('text', 'length')).toBe(4);
    expect(peek(null, 'a')).toBeUndefined();
    expect(peek(undefined, 'a')).toBeUndefined();
    expect(peek(throwing(), 'a')).toBeUndefined();
    expect(peek(revoked(), 'a')).toBeUndefined();
  });

  it('cut leaves what fits', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('abc… (4 characters)');
  });

  it('cut hides secrets in a huge string, even one cut in half at the end, and is fast', () => {
    const secret = 'hunter2-hunter2';
    const head = `${'a'.repeat(90)}${secret}`;
    const told = veiled([secret], () => cut(`${head}${'b'.repeat(5_000_000)}`, 100));
    expect(told).toBe(`${'a'.repeat(90)}[secret]bb… (5000105 characters)`);
    expect(veiled([secret], () => cut(`${'a'.repeat(95)}${secret}`, 100))).not.toMatch(/hunter/);
    expect(veiled([secret], () => cut(secret.repeat(20), 200))).toBe('[secret]'.repeat(20));
  });

  it('describe returns the message, the string, or a description of anything else', () => {
    expect(describeError(new Error('m'))).toBe('m');
    expect(describeError({ message: 'm' })).toBe('m');
    expect(describeError('text')).toBe('text');
    expect(describeError(undefined)).toBe('undefined');
    expect(describeError(Symbol('s'))).toBe('Symbol(s)');
    expect(describeError({ message: 5, toString: () => 'mine' })).toBe('mine');
    expect(describeError(Object.create(null))).toBe('unreadable');
    expect(describeError('y'.repeat(600))).toBe(`${'y'.repeat(500)}… (600 characters)`);
  });

  it('ownerOf finds the owner in the prototype chain without running accessors', () => {
    class Base {
      method() {}
      get lazy(): never {
        throw new Error('ran');
      }
    }
    class Derived extends Base {}
    const found = ownerOf(new Derived(), 'method');
    expect(found?.owner).toBe(Base.prototype);
    expect(found?.descriptor.value).toBe(Base.prototype.method);
    expect(ownerOf(new Derived(), 'lazy')?.descriptor.get).toBeTypeOf('function');
    expect(ownerOf(new Derived(), 'nothing')).toBeNull();
    expect(ownerOf(throwing(), 'a')).toBeNull();
  });

  it('ownerOf terminates on an endless prototype chain', () => {
    const endless: object = new Proxy({}, { getPrototypeOf: () => endless, getOwnPropertyDescriptor: () => undefined });
    expect(ownerOf(endless, 'a')).toBeNull();
  });
});
