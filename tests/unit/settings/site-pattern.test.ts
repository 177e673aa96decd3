import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sitePattern } from '@/lib/settings/site-pattern';

it.each([
  ['https://shop.example', 'https://shop.example/*'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1/*'],
  ['http://[::1]:3000', 'http://[::1]/*'],
  // Origins a page could report to get access to more than its own site.
  ['https://*', null],
  ['https://*.example', null],
  ['https://shop.example/path', null],
  ['chrome://settings', null],
  ['file:///tmp', null],
  ['null', null],
  ['', null],
])('%s has the match pattern %s', (site, pattern) => {
  expect(sitePattern(site)).toBe(pattern);
});

it('never throws, and has at most one wildcard', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (site) => (sitePattern(site) ?? '').split('*').length <= 2));
});
