import { cookieNotice } from '../cookie-news';
import type { Rule } from '../rule';

export const duplicateCookies: Rule = {
  id: 'duplicate-cookies',
  severity: 'warning',
  about: 'uuid',
  title: 'Duplicate SDK cookie',
  looksAt:
    'Cookies with the same name on several domains or paths, as seen by script and, where access is granted, in the browser’s cookie store.',
  advice:
    'Which one is read depends on browser, path and server. Give the SDK one domain (`domain: ".example.com"`) and delete the other cookie in Storage.',
  source: 'Facts §3.1 (`domain`), §3.3; RFC 6265 §5.4.',
  situations: [29],
  ofDocuments: true,
  check(subject) {
    const seen = cookieNotice(subject, 'duplicate');
    if (seen) return seen;
    const { jar } = subject;
    const name = jar?.find((one, index) => jar.slice(index + 1).some((other) => other.name === one.name))?.name;
    if (!jar || name === undefined) return null;
    const places = jar.filter((one) => one.name === name).map(({ domain, host, path }) => `${domain ?? host ?? ''}${path ?? ''}`);
    return { evidence: [`${name} exists ${places.length} times: on ${places.join(' and ')}.`] };
  },
};
