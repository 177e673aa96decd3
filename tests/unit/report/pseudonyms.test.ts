// The pseudonym key: created once and stored, or created for a single use if storage fails.
import { describe, expect, it, vi } from 'vitest';
import { PSEUDONYMS_KEY, pseudonyms } from '@/lib/report/pseudonyms';

/** Storage like the browser's. */
function storage(stored: Record<string, unknown> = {}) {
  return {
    stored,
    get: vi.fn(async (key: string): Promise<Record<string, unknown>> => structuredClone(key in stored ? { [key]: stored[key] } : {})),
    set: vi.fn(async (items: Record<string, unknown>): Promise<void> => void Object.assign(stored, structuredClone(items))),
  };
}

/** Identifies a key, which cannot be exported. */
const printOf = async (key: CryptoKey): Promise<string> =>
  Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from('jane@example.test'))).toString('hex');

describe('pseudonyms', () => {
  it('creates a key of 32 random bytes once, and returns the same from then on', async () => {
    const area = storage();
    const first = await printOf(await pseudonyms(area));
    expect(area.stored[PSEUDONYMS_KEY]).toHaveLength(32);
    expect(new Set(area.stored[PSEUDONYMS_KEY] as number[]).size).toBeGreaterThan(16);
    expect(await printOf(await pseudonyms(area))).toBe(first);
    // In the next browser session, from the same storage.
    expect(await printOf(await pseudonyms(storage(area.stored)))).toBe(first);
    expect(area.set).toHaveBeenCalledTimes(1);
  });

  it('differs between installations', async () => {
    expect(await printOf(await pseudonyms(storage()))).not.toBe(await printOf(await pseudonyms(storage())));
  });

  it('can sign, but not be exported', async () => {
    const key = await pseudonyms(storage());
    expect(key).toMatchObject({ extractable: false, usages: ['sign'], algorithm: { name: 'HMAC', hash: { name: 'SHA-256' } } });
  });

  it('leaves other stored data unchanged', async () => {
    const area = storage({ settings: { theme: 'dark' } });
    await pseudonyms(area);
    expect(area.stored['settings']).toEqual({ theme: 'dark' });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'x'.repeat(32)],
    ['too few bytes', Array(31).fill(1)],
    ['too many bytes', Array(33).fill(1)],
    ['an empty list', []],
    ['values above 255', Array(32).fill(256)],
    ['negative values', Array(32).fill(-1)],
    ['fractions', Array(32).fill(0.5)],
    ['strings', Array(32).fill('1')],
    ['an array-like object', { ...Array(32).fill(1), length: 32 }],
  ])('replaces %s by a new key, and stores that', async (_what, stored) => {
    const area = storage({ [PSEUDONYMS_KEY]: stored });
    const first = await printOf(await pseudonyms(area));
    expect(area.set).toHaveBeenCalledTimes(1);
    expect(await printOf(await pseudonyms(area))).toBe(first);
    expect(area.set).toHaveBeenCalledTimes(1);
  });

  it('creates a key even if storage cannot be read', async () => {
    const area = storage();
    area.get.mockRejectedValue(new Error('corrupted'));
    const [one, other] = [await printOf(await pseudonyms(area)), await printOf(await pseudonyms(area))];
    expect(one).not.toBe(other);
  });

  it('creates a key for a single use if storage cannot be written', async () => {
    const area = storage();
    area.set.mockRejectedValue(new Error('QUOTA_BYTES quota exceeded'));
    expect(await printOf(await pseudonyms(area))).toMatch(/^[\da-f]{64}$/);
    expect(area.stored).toEqual({});
  });

  it('keeps a stored key after a failed read', async () => {
    const area = storage();
    const first = await printOf(await pseudonyms(area));
    area.get.mockRejectedValueOnce(new Error('busy'));
    await pseudonyms(area);
    expect(await printOf(await pseudonyms(area))).toBe(first);
  });

  it('returns the same key to concurrent callers', async () => {
    const area = storage();
    const [one, other] = await Promise.all([pseudonyms(area), pseudonyms(area)]);
    expect(await printOf(one)).toBe(await printOf(other));
  });

  it('creates a key if storage throws synchronously, or returns nothing', async () => {
    const throws = (): never => {
      throw new Error('Extension context invalidated.');
    };
    expect(await printOf(await pseudonyms({ get: throws, set: throws }))).toMatch(/^[\da-f]{64}$/);
    const nothing = async () => undefined as unknown as Record<string, unknown>;
    expect(await printOf(await pseudonyms({ get: nothing, set: async () => undefined }))).toMatch(/^[\da-f]{64}$/);
  });
});
