import { afterEach, describe, expect, it, vi } from 'vitest';
import { cookiesOf, forgetCookies } from '@/lib/page/cookie-jar';

interface Cookie {
  readonly pair: string;
  /** Empty for the host alone. */
  readonly domain?: string;
  readonly path?: string;
  readonly httpOnly?: true;
  /** Script sees it and cannot remove it, as a partitioned one. */
  readonly sticky?: true;
}

/** A jar as the browser shows it to a page: longest path first, HttpOnly ones hidden, each removed only from where it stands. */
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

describe('the cookies of a name', () => {
  it('are given in the order of the browser, whole, and none of another name', () => {
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
    ['is not there', {}],
  ])('are none, and nothing is written, where document.cookie %s', (_name, document) => {
    vi.stubGlobal('location', { hostname: 'shop.example', pathname: '/' });
    vi.stubGlobal('document', Object.freeze(document));
    expect(cookiesOf('_snrs_')).toEqual([]);
    expect(forgetCookies('_snrs_')).toEqual({ removed: [], left: [] });
  });

  it('are bounded in number and length', () => {
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

  it.each(DOMAINS.flatMap((domain) => PATHS.map((path) => ({ domain, path }))))('removes one on domain "$domain" and path $path', (at) => {
    const { left } = openJar(PAGE, { pair: '_snrs_uuid=1', ...at }, { pair: 'basket=2', ...at });
    expect(forgetCookies('_snrs_')).toEqual({ removed: ['_snrs_uuid'], left: [] });
    expect(left()).toEqual(['basket=2']);
  });

  it('removes one that a deep page set without a path, whatever the page is called', () => {
    for (const page of ['https://shop.example/a/b/c', 'https://shop.example/a/b/c/', 'https://shop.example/', 'https://localhost/a']) {
      const { pathname } = new URL(page);
      openJar(page, { pair: '_snrs_uuid=1', path: pathname.slice(0, pathname.lastIndexOf('/')) || '/' });
      expect(forgetCookies('_snrs_'), page).toEqual({ removed: ['_snrs_uuid'], left: [] });
    }
  });

  it('removes each of two that share a name, and asks for each name once', () => {
    const { left, writes } = openJar(PAGE, { pair: '_snrs_uuid=1' }, { pair: '_snrs_uuid=2', domain: 'shop.example', path: '/pl' });
    expect(forgetCookies('_snrs_')).toEqual({ removed: ['_snrs_uuid'], left: [] });
    expect(left()).toEqual([]);
    // Each place with each domain: a name that stands twice is not tried twice.
    expect(new Set(writes).size).toBeLessThanOrEqual(8 * 4);
    expect(writes.length).toBeLessThanOrEqual(8 * 4);
  });

  it('names what is left, and touches neither that nor what script cannot see', () => {
    const { left } = openJar(PAGE, { pair: '_snrs_uuid=1' }, { pair: '_snrs_p=2', sticky: true }, { pair: '_snrs_sa=3', httpOnly: true });
    expect(forgetCookies('_snrs_')).toEqual({ removed: ['_snrs_uuid'], left: ['_snrs_p'] });
    expect(left()).toEqual(['_snrs_p=2', '_snrs_sa=3']);
  });

  it('calls a name left while one of its cookies is', () => {
    openJar(PAGE, { pair: '_snrs_uuid=1' }, { pair: '_snrs_uuid=2', domain: 'shop.example', sticky: true });
    expect(forgetCookies('_snrs_')).toEqual({ removed: [], left: ['_snrs_uuid'] });
  });
});
