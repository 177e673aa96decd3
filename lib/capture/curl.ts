/** A request as a command for a shell. Pure. */
import type { RequestRecord } from './requests';

/** Headers that curl makes itself, or that the browser alone may send. */
const OWN = /^(:|host$|content-length$|connection$|accept-encoding$)/i;

/** In quotes that no shell looks into (POSIX). */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The `curl` command that sends the same request; secrets are as they stand in `record`. */
export function curlOf({ method, url, headers, body }: RequestRecord): string {
  return [
    // Brackets in an address are no pattern.
    `curl --globoff ${quoted(url)}`,
    ...(method === 'GET' && body.text === null ? [] : [`-X ${quoted(method)}`]),
    ...headers.filter(([name]) => !OWN.test(name)).map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    // `--data-raw` alone takes a body that begins with `@` as it is.
    ...(body.text === null ? [] : [`--data-raw ${quoted(body.text)}`]),
  ].join(' \\\n  ');
}
