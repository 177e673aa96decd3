import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reach, read } from '@/lib/page/path';

const boom = (): never => {
  throw new Error('boom');
};

afterEach(() => vi.unstubAllGlobals());

describe('reading a path', () => {
  const origin = { getOrigin: () => 'SYNERISE' };
  const holder = {
    a: { b: { c: 5 } },
    zero: 0,
    no: false,
    empty: '',
    nothing: null,
    name: 'text',
    getOrigin: () => origin,
    self() {
      return this;
    },
    count: (...args: unknown[]) => args.length,
    get bad() {
      return boom();
    },
  };

  it.each<[string, unknown]>([
    ['', holder],
    ['a.b.c', 5],
    ['a.b.c.d.e', undefined],
    ['a.x.c', undefined],
    ['nothing', null],
    ['nothing.x', undefined],
    ['name.length', 4],
    ['getOrigin().getOrigin()', 'SYNERISE'],
    ['count()', 0],
    ['self().a.b.c', 5],
    ['a()', undefined],
    ['zero()', undefined],
    ['absent()', undefined],
    ['absent().more()', undefined],
    ['bad', undefined],
    ['bad.x', undefined],
    ['bad()', undefined],
    ['absent|zero', 0],
    ['zero|a', 0],
    ['no|a', false],
    ['empty|name', ''],
    ['nothing|name', 'text'],
    ['bad|name', 'text'],
    ['absent()|a.b.c', 5],
    ['a.x|a.b.c|name', 5],
    ['absent|nothing', null],
    ['nothing|absent', undefined],
  ])('%j', (path, value) => {
    expect(read(holder, path)).toBe(value);
  });

  it('starts at the page’s globals when the path begins with ^, whatever the holder', () => {
    vi.stubGlobal('SyneriseTC', { uuid: 'uuid-tc', get: () => 'called' });
    for (const from of [undefined, null, holder, 5]) {
      expect(read(from, '^SyneriseTC.uuid')).toBe('uuid-tc');
      expect(read(from, '^SyneriseTC.get()')).toBe('called');
      expect(read(from, '^NoSuchGlobal.uuid')).toBeUndefined();
    }
    expect(read(holder, 'absent|^SyneriseTC.uuid')).toBe('uuid-tc');
  });

  it('returns a member together with its holder', () => {
    const get = holder.getOrigin;
    expect(reach(holder, 'a.b.c')).toEqual({ self: holder.a.b, value: 5 });
    expect(reach(holder, 'a.b.c').self).toBe(holder.a.b);
    expect(reach(holder, 'getOrigin')).toEqual({ self: holder, value: get });
    expect(reach(holder, 'x.y|a.b')).toEqual({ self: holder.a, value: holder.a.b });
    expect(reach(holder, '')).toEqual({ self: undefined, value: holder });
    expect(reach(holder, 'x.y')).toEqual({ self: undefined, value: undefined });
  });

  it('throws what a method throws, without trying an alternative', () => {
    const other = vi.fn();
    expect(() => read({ boom, other }, 'boom()|other()')).toThrow('boom');
    expect(other).not.toHaveBeenCalled();
  });

  it('tries each alternative at most once, and none after the first that has a value', () => {
    const [one, two, three] = [vi.fn(), vi.fn(() => 'two'), vi.fn()];
    expect(read({ one, two, three }, 'one()|two()|three()')).toBe('two');
    expect([one, two, three].map((each) => each.mock.calls)).toEqual([[[]], [[]], []]);
  });

  it('calls below our own wrappers, on the holder', () => {
    const original = vi.fn(function (this: unknown) {
      return this;
    });
    const wrapper = vi.fn();
    const below = (method: unknown) => (method === wrapper ? original : method);
    const sdk = { getUUID: wrapper };
    expect(read(sdk, 'getUUID()', below)).toBe(sdk);
    expect(wrapper).not.toHaveBeenCalled();
    expect(read(sdk, 'getUUID')).toBe(wrapper);
  });

  it('never throws unless a method does', () => {
    const hostile = new Proxy({}, { get: boom, has: boom, getPrototypeOf: boom, ownKeys: boom, getOwnPropertyDescriptor: boom });
    const path = fc
      .array(fc.array(fc.constantFrom('a', 'b', '^a', 'length', 'toString', 'constructor', '', '__proto__'), { maxLength: 4 }), {
        maxLength: 3,
      })
      .map((ways) => ways.map((way) => way.join('.')).join('|'));
    const key = fc.constantFrom('a', 'b', 'length');
    const holder = fc.oneof(fc.anything({ key, withNullPrototype: true }), fc.constant('hostile'));
    fc.assert(
      fc.property(holder, path, (from, way) => {
        expect(() => reach(from === 'hostile' ? hostile : { a: hostile, b: from }, way)).not.toThrow();
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
