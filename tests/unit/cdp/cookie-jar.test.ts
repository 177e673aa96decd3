// Which changes of the SDK's cookies are reported over a debugging connection.
import { describe, expect, it, vi } from 'vitest';
import type { Connection } from '@/lib/cdp/connection';
import { createCookieJar } from '@/lib/cdp/cookie-jar';
import type { PlaceHooks } from '@/lib/cdp/place';

const SHOP = 'https://shop.example';
const cookie = (name: string, value = 'x', over = {}) => ({
  ...{ name, value, domain: 'shop.example', path: '/', expires: -1, httpOnly: false, secure: true },
  ...over,
});

/** A jar over a browser whose cookies are `cookies`, and what it told. */
function jarOf(cookies: ReturnType<typeof cookie>[]) {
  const told: string[] = [];
  const asked: unknown[] = [];
  const connection = {
    send: async (_method: string, params: unknown) => {
      asked.push(params);
      return { cookies: [...cookies] };
    },
  } as unknown as Connection;
  const tell: PlaceHooks['cookie'] = ({ cookie: { name, value }, removed, cause }) =>
    told.push(removed ? `${name} removed, ${cause}` : `${name} = ${value}`);
  const jar = createCookieJar(connection, tell);
  const look = async (url: string) => {
    const before = asked.length;
    jar.look(url);
    await vi.waitFor(() => expect(asked.length).toBe(before + 1));
    await Promise.resolve();
  };
  return { cookies, told, asked, look };
}

describe('a look', () => {
  it('tells what is new, changed and gone since the one before, and nothing at first', async () => {
    const { cookies, told, look } = jarOf([cookie('_snrs_uuid', 'a'), cookie('_snrs_p', 'p')]);
    await look(`${SHOP}/`);
    expect(told).toEqual([]);
    cookies.splice(0, 2, cookie('_snrs_uuid', 'b'), cookie('_snrs_reset_uuid', 'b'));
    await look(`${SHOP}/cart`);
    expect(told).toEqual(['_snrs_uuid = b', '_snrs_reset_uuid = b', '_snrs_p removed, explicit']);
  });

  it('tells a cookie whose time is over as expired', async () => {
    const { cookies, told, look } = jarOf([cookie('_snrs_uuid', 'a', { expires: Date.now() / 1000 - 1 })]);
    await look(`${SHOP}/`);
    cookies.length = 0;
    await look(`${SHOP}/`);
    expect(told).toEqual(['_snrs_uuid removed, expired']);
  });

  it('tells nothing of other cookies, and asks for the whole site, whatever the path', async () => {
    const { cookies, told, asked, look } = jarOf([]);
    await look(`${SHOP}/shop/`);
    cookies.push(cookie('_ga', '1'));
    await look(`${SHOP}/checkout?a=1`);
    expect(told).toEqual([]);
    expect(asked).toEqual([{ urls: [SHOP] }, { urls: [SHOP] }]);
  });

  it('compares nothing across sites', async () => {
    const { cookies, told, look } = jarOf([cookie('_snrs_uuid', 'a')]);
    await look(`${SHOP}/`);
    cookies.splice(0, 1, cookie('_snrs_uuid', 'z'));
    await look('https://other.example/');
    expect(told).toEqual([]);
  });
});
