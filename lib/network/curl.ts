/** Builds shell commands from requests: pasted, they send the request and do nothing else. Pure. */
import type { RequestRecord } from './request';

/** Headers that curl sets itself, or that only a browser may send. */
const OWN = /^(:|host$|content-length$|connection$|accept-encoding$)/i;

/** Characters that a terminal or line editor acts on when they are pasted, or that a reader can't see. */
const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** UTF-16 code units. */
const unitsOf = (text: string): number[] => [...Array(text.length).keys()].map((at) => text.charCodeAt(at));
const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

/** Percent-encodes control characters in an address, as browsers do. */
const safeUrl = (url: string): string =>
  url.replace(CONTROLS, (char) =>
    bytesOf(char)
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );

/** Headers can't contain control characters (RFC 9110 §5.5). */
const safeHeader = (text: string): string => text.replace(CONTROLS, ' ');

interface Parts {
  readonly url: string;
  /** `null`: the default of curl. */
  readonly method: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
}

function partsOf({ method, url, headers, body }: RequestRecord): Parts {
  return {
    url: safeUrl(url),
    method: method === 'GET' && body.text === null ? null : safeHeader(method),
    headers: headers.filter(([name]) => !OWN.test(name)).map(([name, value]) => [safeHeader(name), safeHeader(value)]),
    body: body.text,
  };
}

const hasControls = (text: string): boolean => text.search(CONTROLS) >= 0;

// --- POSIX -------------------------------------------------------------------------------------------------------

/** Single-quotes a text. Only fish interprets backslashes inside single quotes, so backslashes go outside, like quotes. */
const posix = (text: string): string => `'${text.replace(/['\\]/g, "'\\$&'")}'`;

/** Escapes a text for `printf '%b'`, which outputs the same bytes in every shell. */
const forPrintf = (text: string): string =>
  text.replaceAll('\\', '\\\\').replace(CONTROLS, (char) =>
    bytesOf(char)
      .map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`)
      .join(''),
  );

/** The `curl` command for bash, dash, zsh and similar shells. Secrets in `record` aren't masked. */
export function curlOf(record: RequestRecord): string {
  const { url, method, headers, body } = partsOf(record);
  // A body with control characters is piped in, escaped, so that the terminal doesn't act on them.
  const isPiped = body !== null && hasControls(body);
  return [
    // --globoff: brackets in an address aren't a pattern.
    `${isPiped ? `printf '%b' ${posix(forPrintf(body))} | ` : ''}curl --globoff ${posix(url)}`,
    ...(method === null ? [] : [`-X ${posix(method)}`]),
    ...headers.map(([name, value]) => `-H ${posix(value === '' ? `${name};` : `${name}: ${value}`)}`),
    // Only `--data-raw` sends a body that starts with `@` literally.
    ...(isPiped ? ['--data-binary @-'] : body === null ? [] : [`--data-raw ${posix(body)}`]),
  ].join(' \\\n  ');
}

// --- cmd.exe -----------------------------------------------------------------------------------------------------

/** Double-quoted for the program. For cmd itself, each special character, quotes included, is escaped with `^`. */
const cmd = (text: string): string =>
  `"${text.replace(/(\\*)("|$)/g, (_whole, slashes: string, quote: string) => slashes + slashes + (quote && `\\${quote}`))}"`.replace(
    // `:` and `=` are escaped too: unescaped, cmd could read them as part of `%NAME:old=new%`.
    /[^\w./,;@+ -]/gu,
    '^$&',
  );

/** The body in a form that cmd accepts: JSON is rewritten without line breaks and control characters. `null` if impossible. */
function bodyForCmd(body: string): string | null {
  if (!hasControls(body)) return body;
  try {
    const written = JSON.stringify(JSON.parse(body)).replace(CONTROLS, (char) =>
      unitsOf(char)
        .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
        .join(''),
    );
    return hasControls(written) ? null : written;
  } catch {
    return null;
  }
}

/** The `curl` command for cmd.exe; a `rem` comment if cmd.exe can't take the body. */
export function cmdCurlOf(record: RequestRecord): string {
  const { url, method, headers, body } = partsOf(record);
  const sent = body === null ? null : bodyForCmd(body);
  if (body !== null && sent === null)
    return 'rem cmd.exe doesn’t support line breaks or control characters in the body. Use Copy for PowerShell.';
  return [
    `curl --globoff ${cmd(url)}`,
    ...(method === null ? [] : [`-X ${cmd(method)}`]),
    ...headers.map(([name, value]) => `-H ${cmd(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(sent === null ? [] : [`--data-raw ${cmd(sent)}`]),
  ].join(' ');
}

// --- PowerShell --------------------------------------------------------------------------------------------------

/** Double-quoted, so that PowerShell expands the escaped control characters. PowerShell treats typographic double quotes as quotes. */
const powerShell = (text: string): string =>
  `"${text.replace(/[`"$\u201c-\u201e]/g, '`$&').replace(CONTROLS, (char) =>
    unitsOf(char)
      .map((unit) => `$([char]0x${unit.toString(16).toUpperCase().padStart(2, '0')})`)
      .join(''),
  )}"`;

/** Headers that `Invoke-WebRequest` takes as separate parameters. */
const BY_PARAMETER = /^(content-type|user-agent)$/i;

/** The request for Windows PowerShell 5.1 and later. Not curl, because PowerShell versions differ in how they pass quotes to it. */
export function powerShellOf(record: RequestRecord): string {
  const { url, method, headers, body } = partsOf(record);
  const of = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const [type, agent] = [of('content-type'), of('user-agent')];
  const rest = headers.filter(([name]) => !BY_PARAMETER.test(name));
  return [
    `Invoke-WebRequest -UseBasicParsing -Uri ${powerShell(url)}`,
    ...(method === null ? [] : [`-Method ${powerShell(method)}`]),
    ...(rest.length ? [`-Headers @{${rest.map(([name, value]) => `${powerShell(name)}=${powerShell(value)}`).join('; ')}}`] : []),
    ...(type === undefined ? [] : [`-ContentType ${powerShell(type)}`]),
    ...(agent === undefined ? [] : [`-UserAgent ${powerShell(agent)}`]),
    ...(body === null ? [] : [`-Body ([System.Text.Encoding]::UTF8.GetBytes(${powerShell(body)}))`]),
  ].join(' ');
}
