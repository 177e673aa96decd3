import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const duplicateCookies: Rule = {
  id: 'duplicate-cookies',
  severity: 'warning',
  about: 'uuid',
  title: 'A cookie of the SDK is there twice',
  looksAt: "Cookies of one name on several domains or paths: in the page's own list, and in the browser's where it may be asked.",
  advice:
    'Which one is read differs by browser, path and server, so UUIDs come and go. Give the SDK one domain (`domain: ".example.com"`), and delete the cookie on the other place (Storage).',
  source: 'Facts §3.1 (`domain`), §3.3; RFC 6265 §5.4.',
  situations: [29],
  check(subject) {
    const seen = cookieNotice(subject, 'duplicate');
    if (seen) return seen;
    const { jar } = subject;
    const name = jar?.find((one, index) => jar.slice(index + 1).some((other) => other.name === one.name))?.name;
    if (!jar || name === undefined) return null;
    const places = jar.filter((one) => one.name === name).map(({ domain, host, path }) => `${domain ?? host ?? ''}${path ?? ''}`);
    return { evidence: [`${name} is there ${places.length} times: on ${places.join(' and ')}.`] };
  },
};
