/** A request as a command for a shell: pasted, it sends the request and does nothing else. Pure. */
import type { RequestRecord } from './request';

/** Headers that curl makes itself, or that the browser alone may send. */
const OWN = /^(:|host$|content-length$|connection$|accept-encoding$)/i;

/** What a terminal or a line editor obeys as it is pasted, and what a reader does not see there. */
const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Of UTF-16. */
const unitsOf = (text: string): number[] => [...Array(text.length).keys()].map((at) => text.charCodeAt(at));
const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

/** An address in which nothing acts: control characters stand as bytes, as browsers send them. */
const safeUrl = (url: string): string =>
  url.replace(CONTROLS, (char) =>
    bytesOf(char)
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );

/** No header can hold a control character (RFC 9110 §5.5). */
const safeHeader = (text: string): string => text.replace(CONTROLS, ' ');

interface Parts {
  readonly url: string;
  /** `null`: what curl would send by itself. */
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

/** In quotes that no shell looks into, but for fish, which obeys backslashes there: those stand outside, as quotes do. */
const posix = (text: string): string => `'${text.replace(/['\\]/g, "'\\$&'")}'`;

/** A text for `printf '%b'`, which gives the same bytes in every shell. */
const forPrintf = (text: string): string =>
  text.replaceAll('\\', '\\\\').replace(CONTROLS, (char) =>
    bytesOf(char)
      .map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`)
      .join(''),
  );

/** The `curl` command for bash, dash, zsh and their like; secrets are as they stand in `record`. */
export function curlOf(record: RequestRecord): string {
  const { url, method, headers, body } = partsOf(record);
  // What acts on a terminal comes by a pipe, as escapes.
  const isPiped = body !== null && hasControls(body);
  return [
    // Brackets in an address are no pattern.
    `${isPiped ? `printf '%b' ${posix(forPrintf(body))} | ` : ''}curl --globoff ${posix(url)}`,
    ...(method === null ? [] : [`-X ${posix(method)}`]),
    ...headers.map(([name, value]) => `-H ${posix(value === '' ? `${name};` : `${name}: ${value}`)}`),
    // `--data-raw` alone takes a body that begins with `@` as it is.
    ...(isPiped ? ['--data-binary @-'] : body === null ? [] : [`--data-raw ${posix(body)}`]),
  ].join(' \\\n  ');
}

// --- cmd.exe -----------------------------------------------------------------------------------------------------

/** In quotes for the program, each of which cmd itself takes for a letter: so all that cmd obeys is told to be one too. */
const cmd = (text: string): string =>
  `"${text.replace(/(\\*)("|$)/g, (_whole, slashes: string, quote: string) => slashes + slashes + (quote && `\\${quote}`))}"`.replace(
    // With a letter before them `:` and `=` would be those of `%NAME:old=new%`.
    /[^\w./,;@+ -]/gu,
    '^$&',
  );

/** A body that cmd can take: JSON without line breaks says the same. `null` where there is none. */
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

/** The `curl` command for cmd.exe; a remark where that cannot take the body. */
export function cmdCurlOf(record: RequestRecord): string {
  const { url, method, headers, body } = partsOf(record);
  const sent = body === null ? null : bodyForCmd(body);
  if (body !== null && sent === null)
    return 'rem cmd.exe cannot take this body, which has line breaks or control characters: copy the request for PowerShell.';
  return [
    `curl --globoff ${cmd(url)}`,
    ...(method === null ? [] : [`-X ${cmd(method)}`]),
    ...headers.map(([name, value]) => `-H ${cmd(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(sent === null ? [] : [`--data-raw ${cmd(sent)}`]),
  ].join(' ');
}

// --- PowerShell --------------------------------------------------------------------------------------------------

/** In quotes that PowerShell looks into, for control characters alone. Its other quotes are quotes too. */
const powerShell = (text: string): string =>
  `"${text.replace(/[`"$\u201c-\u201e]/g, '`$&').replace(CONTROLS, (char) =>
    unitsOf(char)
      .map((unit) => `$([char]0x${unit.toString(16).toUpperCase().padStart(2, '0')})`)
      .join(''),
  )}"`;

/** Headers that PowerShell takes by parameters of its own. */
const BY_PARAMETER = /^(content-type|user-agent)$/i;

/** The request for PowerShell, of Windows (5.1) and later: its own command, since it hands quotes to curl in two ways. */
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
