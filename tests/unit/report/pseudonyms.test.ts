// The key of pseudonyms: made once and kept, and made for this once where storage is no help.
import { describe, expect, it, vi } from 'vitest';
import { PSEUDONYMS_KEY, pseudonyms } from '@/lib/report/pseudonyms';

/** Storage as a browser has it. */
function storage(stored: Record<string, unknown> = {}) {
  return {
    stored,
    get: vi.fn(async (key: string): Promise<Record<string, unknown>> => structuredClone(key in stored ? { [key]: stored[key] } : {})),
    set: vi.fn(async (items: Record<string, unknown>): Promise<void> => void Object.assign(stored, structuredClone(items))),
  };
}

/** What tells keys apart, since they cannot be looked at. */
const printOf = async (key: CryptoKey): Promise<string> =>
  Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from('jane@example.test'))).toString('hex');

describe('pseudonyms', () => {
  it('makes a key of 32 random bytes, once, and gives the same ever after', async () => {
    const area = storage();
    const first = await printOf(await pseudonyms(area));
    expect(area.stored[PSEUDONYMS_KEY]).toHaveLength(32);
    expect(new Set(area.stored[PSEUDONYMS_KEY] as number[]).size).toBeGreaterThan(16);
    expect(await printOf(await pseudonyms(area))).toBe(first);
    // Of the next browser session, out of the same storage.
    expect(await printOf(await pseudonyms(storage(area.stored)))).toBe(first);
    expect(area.set).toHaveBeenCalledTimes(1);
  });

  it('is another in another installation', async () => {
    expect(await printOf(await pseudonyms(storage()))).not.toBe(await printOf(await pseudonyms(storage())));
  });

  it('signs, and cannot be taken out again', async () => {
    const key = await pseudonyms(storage());
    expect(key).toMatchObject({ extractable: false, usages: ['sign'], algorithm: { name: 'HMAC', hash: { name: 'SHA-256' } } });
  });

  it('leaves what else is stored', async () => {
    const area = storage({ settings: { theme: 'dark' } });
    await pseudonyms(area);
    expect(area.stored['settings']).toEqual({ theme: 'dark' });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'.repeat(32)],
    ['too few bytes', Array(31).fill(1)],
    ['too many bytes', Array(33).fill(1)],
    ['none', []],
    ['no bytes', Array(32).fill(256)],
    ['negative ones', Array(32).fill(-1)],
    ['fractions', Array(32).fill(0.5)],
    ['texts', Array(32).fill('1')],
    ['an object like one', { ...Array(32).fill(1), length: 32 }],
  ])('where %s stands in its place, makes another, and keeps that', async (_what, stored) => {
    const area = storage({ [PSEUDONYMS_KEY]: stored });
    const first = await printOf(await pseudonyms(area));
    expect(area.set).toHaveBeenCalledTimes(1);
    expect(await printOf(await pseudonyms(area))).toBe(first);
    expect(area.set).toHaveBeenCalledTimes(1);
  });

  it('where storage cannot be read, makes one all the same', async () => {
    const area = storage();
    area.get.mockRejectedValue(new Error('corrupted'));
    const [one, other] = [await printOf(await pseudonyms(area)), await printOf(await pseudonyms(area))];
    expect(one).not.toBe(other);
  });

  it('where storage cannot be written, makes one for this once', async () => {
    const area = storage();
    area.set.mockRejectedValue(new Error('QUOTA_BYTES quota exceeded'));
    expect(await printOf(await pseudonyms(area))).toMatch(/^[\da-f]{64}$/);
    expect(area.stored).toEqual({});
  });

  it('loses no key that it could not read just then', async () => {
    const area = storage();
    const first = await printOf(await pseudonyms(area));
    area.get.mockRejectedValueOnce(new Error('busy'));
    await pseudonyms(area);
    expect(await printOf(await pseudonyms(area))).toBe(first);
  });

  it('gives the same to two who ask at once', async () => {
    const area = storage();
    const [one, other] = await Promise.all([pseudonyms(area), pseudonyms(area)]);
    expect(await printOf(one)).toBe(await printOf(other));
  });

  it('makes one where storage throws at once, or gives nothing', async () => {
    const throws = (): never => {
      throw new Error('Extension context invalidated.');
    };
    expect(await printOf(await pseudonyms({ get: throws, set: throws }))).toMatch(/^[\da-f]{64}$/);
    const nothing = async () => undefined as unknown as Record<string, unknown>;
    expect(await printOf(await pseudonyms({ get: nothing, set: async () => undefined }))).toMatch(/^[\da-f]{64}$/);
  });
});
