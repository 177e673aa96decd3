import { afterEach, describe, expect, it, vi } from 'vitest';
import { cookiesOf, forgetCookies } from '@/lib/page/cookie-jar';

interface Cookie {
  readonly pair: string;
  /** Empty for a host-only cookie. */
  readonly domain?: string;
  readonly path?: string;
  readonly httpOnly?: true;
  /** Script can see but not remove it, like a partitioned cookie. */
  readonly sticky?: true;
}

/** A cookie jar as a page sees it: HttpOnly cookies are hidden, and a cookie is removed only with its own domain and path. */
function openJar(address: string, ...cookies: Cookie[]) {
  const { hostname, pathname } = new URL(address);
  let jar = cookies;
  const writes: string[] = [];
  const reaches = ({ domain = '', path = '/' }: Cookie) =>
    (domain === '' || hostname === domain || hostname.endsWith(`.${domain}`)) &&
    (pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`));
  vi.stubGlobal('location', { hostname, pathname });
  vi.stubGlobal('document', {
    get cookie() {
      return jar
        .filter((cookie) => reaches(cookie) && !cookie.httpOnly)
        .map(({ pair }) => pair)
        .join('; ');
    },
    set cookie(text: string) {
      writes.push(text);
      const [pair = '', ...attributes] = text.split(';');
      const of = (name: string) => attributes.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
      expect(of('max-age')).toBe('0');
      const path = of('path') || pathname.slice(0, pathname.lastIndexOf('/')) || '/';
      jar = jar.filter(
        (one) =>
          one.httpOnly ||
          one.sticky ||
          one.pair.split('=')[0] !== pair.split('=')[0] ||
          (one.domain ?? '') !== of('domain') ||
          (one.path ?? '/') !== path,
      );
    },
  });
  return { left: () => jar.map(({ pair }) => pair), writes };
}

const PAGE = 'https://www.shop.example/pl/cart';

afterEach(() => vi.unstubAllGlobals());

describe('the cookies with a name prefix', () => {
  it('are returned whole, in the browser’s order, without cookies of other names', () => {
    openJar(
      PAGE,
      { pair: '_snrs_sb=ssuid:1&leaves:2' },
      { pair: 'a_snrs_uuid=no' },
      { pair: '_snrs_uuid=host' },
      { pair: '_SNRS_uuid=no' },
      { pair: '_snrs_params={"a":"b=c"}' },
      { pair: '_snrs_uuid=domain', domain: 'shop.example' },
      { pair: '_snrs_p=hidden', httpOnly: true },
      { pair: '_snrs_empty=' },
    );
    expect(cookiesOf('_snrs_')).toEqual([
      '_snrs_sb=ssuid:1&leaves:2',
      '_snrs_uuid=host',
      '_snrs_params={"a":"b=c"}',
      '_snrs_uuid=domain',
      '_snrs_empty=',
    ]);
  });

  it.each<[string, object]>([
    [
      'throws, as in a sandboxed frame',
      {
        get cookie(): never {
          throw new Error('SecurityError');
        },
      },
    ],
    ['is an element of that name', { cookie: { nodeType: 1 } }],
    ['is empty', { cookie: '' }],
    ['is missing', {}],
  ])('are an empty list, and nothing is written, when document.cookie %s', (_name, document) => {
    vi.stubGlobal('location', { hostname: 'shop.example', pathname: '/' });
    vi.stubGlobal('document', Object.freeze(document));
    expect(cookiesOf('_snrs_')).toEqual([]);
    expect(forgetCookies('_snrs_')).toEqual({ removed: [], left: [] });
  });

  it('are limited in number and length', () => {
    openJar(PAGE, { pair: `_snrs_p=${'x'.repeat(9000)}` }, ...Array.from({ length: 200 }, (_, index) => ({ pair: `_snrs_${index}=` })));
    const all = cookiesOf('_snrs_');
    expect(all).toHaveLength(61);
    expect(all.at(-1)).toBe('…=141 more');
    expect(all[0]?.length).toBeLessThan(4300);
    expect(all[0]).toMatch(/\(9008 characters\)$/);
  });
});

describe('forgetting cookies', () => {
  const DOMAINS = ['', 'www.shop.example', 'shop.example'];
  const PATHS = ['/', '/pl', '/pl/', '/pl/cart'];

  it.each(
    DOMAINS.flatMap((domain) => PATHS.map((path) => ({ domain, path }))),
  )('removes a cookie with domain "$domain" and path $path', (at) => {
    const { left } = openJar(PAGE, { pair: '_snrs_uuid=1', ...at }, { pair: 'basket=2', ...at });
    expect(forgetCookies('_snrs_')).toEqual({ removed: ['_snrs_uuid'], left: [] });
    expect(left()).toEqual(['basket=2']);
  });

  it('removes a cookie that a page set without a path, whatever the page’s own path', () => {
    for (const page of ['https://shop.example/a/b/c', 'https://shop.example/a/b/c/', 'https://shop.example/', 'https://localhost/a']) {
      const { pathname } = new URL(page);
      openJar(page, { pair: '_snrs_uuid=1', path: pathname.slice(0, pathname.lastIndexOf('/')) || '/' });
      expect(forgetCookies('_snrs_'), page).toEqual({ removed: ['_snrs_uuid'], left: [] });
    }
  });

  it('removes both of two cookies with the same name, and tries each name once', () => {
    const { left, writes } = openJar(PAGE, { pair: '_snrs_uuid=1' }, { pair: '_snrs_uuid=2', domain: 'shop.example', path: '/pl' });
    expect(forgetCookies('_snrs_')).toEqual({ removed: ['_snrs_uuid'], left: [] });
    expect(left()).toEqual([]);
    // Every path with every domain, once: a name that occurs twice is not tried twice.
    expect(new Set(writes).size).toBeLessThanOrEqual(8 * 4);
    expect(writes.length).toBeLessThanOrEqual(8 * 4);
  });

  it('lists the cookies left, and leaves HttpOnly cookies alone', () => {
    const { left } = openJar(PAGE, { pair: '_snrs_uuid=1' }, { pair: '_snrs_p=2', sticky: true }, { pair: '_snrs_sa=3', httpOnly: true });
    expect(forgetCookies('_snrs_')).toEqual({ removed: ['_snrs_uuid'], left: ['_snrs_p'] });
    expect(left()).toEqual(['_snrs_p=2', '_snrs_sa=3']);
  });

  it('lists a name as left while any of its cookies remains', () => {
    openJar(PAGE, { pair: '_snrs_uuid=1' }, { pair: '_snrs_uuid=2', domain: 'shop.example', sticky: true });
    expect(forgetCookies('_snrs_')).toEqual({ removed: [], left: ['_snrs_uuid'] });
  });
});
