// The command that sends a request again: a real shell reads out of it what was sent, whatever stands in it.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cmdCurlOf, curlOf, powerShellOf } from '@/lib/network/curl';
import { API, record } from './make';

const SHELLS = ['sh', 'bash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

/** What a shell hands `curl`, behind the option that takes brackets as they are; with what comes to it by a pipe as `body`. */
function called(command: string, shell: string): { args: string[]; body: string | null } {
  // The body of a pipe follows the arguments.
  const script = `curl() { printf '%s\\0' "$@"; case " $* " in *" --data-binary @- "*) cat;; esac; }\n${command}`;
  const { stdout, stderr, status } = spawnSync(shell, ['-c', script], { encoding: 'buffer' });
  expect([status, String(stderr)]).toEqual([0, '']);
  const parts = stdout.toString('utf8').split('\0');
  const [first, ...args] = parts.slice(0, -1);
  expect(first).toBe('--globoff');
  const at = args.indexOf('--data-binary');
  if (at < 0) return { args, body: null };
  // A NUL may stand in a body.
  const end = args.indexOf('@-', at);
  return { args: args.slice(0, at), body: [...args.slice(end + 1), parts.at(-1)].join('\0') };
}

/** The same of every shell that is here, which must agree. */
function calledBy(command: string): { args: string[]; body: string | null } {
  const [one, ...others] = SHELLS.map((shell) => called(command, shell));
  for (const other of others) expect(other).toEqual(one);
  return one as { args: string[]; body: string | null };
}
const argumentsOf = (command: string): string[] => calledBy(command).args;
/** The body that is sent, by whatever way. */
function bodyOf(command: string): string | null {
  const { args, body } = calledBy(command);
  return body ?? (args.includes('--data-raw') ? (args[args.indexOf('--data-raw') + 1] ?? null) : null);
}

const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const inHeader = (text: string) => text.replace(CONTROLS, ' ');
const inAddress = (text: string) => text.replace(CONTROLS, (char) => encodeURIComponent(char.toWellFormed()));
/** What a person pastes: of our own line breaks each stands behind a backslash. */
const pasted = (command: string) => command.replaceAll(' \\\n', ' ');

describe('curlOf', () => {
  it('is a command of one thing a line', () => {
    expect(curlOf(record({ sent: '{"email":"o\'neill@shop.example"}' }))).toBe(
      `curl --globoff 'https://api.synerise.com/sauth/v3/auth/login/client' \\
  -X 'POST' \\
  -H 'Content-Type: application/json' \\
  --data-raw '{"email":"o'\\''neill@shop.example"}'`,
    );
  });

  it('has no backslash between quotes, where fish obeys it', () => {
    expect(curlOf(record({ sent: 'a\\' }))).toContain(`--data-raw 'a'\\\\''`);
  });

  it('a plain question has neither method nor body', () => {
    expect(argumentsOf(curlOf(record({ method: 'GET', headers: [], url: `${API}/v4/public.pem` })))).toEqual([`${API}/v4/public.pem`]);
  });

  it.each([
    '$HOME',
    '`id`',
    '$(id)',
    '"',
    "'",
    "'\\''",
    '\\',
    '\\\n',
    '\n',
    '!x',
    '@/etc/passwd',
    '*',
    '~',
    '%s',
    ' ',
    '',
    '#',
    '-X',
    '😀 ł',
    '\t\r',
    '\x03',
    '\x1b[2J',
    '\u202eabc\u2066',
    '\u200b',
    '\\0101',
    'a\0b',
    '\n\n',
  ])('hands %j over as it is', (odd) => {
    const request = record({ url: `${API}/a?x=${odd}`, headers: [['X-Odd', odd]], sent: odd });
    const command = curlOf(request);
    expect(argumentsOf(command).slice(0, 5)).toEqual([
      inAddress(request.url),
      '-X',
      'POST',
      '-H',
      odd === '' ? 'X-Odd;' : `X-Odd: ${inHeader(odd)}`,
    ]);
    expect(bodyOf(command)).toBe(odd);
    expect(pasted(command)).not.toMatch(CONTROLS);
  });

  it('whatever stands in it', () => {
    const odd = fc.constantFrom(
      "'",
      '"',
      '\\',
      '\n',
      '\r',
      '$',
      '`',
      '@',
      '!',
      '%',
      ' ',
      '\t',
      ';',
      '&',
      '|',
      '(',
      '{',
      '*',
      '~',
      '#',
      '-',
      'a',
      'ł',
      '😀',
    );
    const char = fc.oneof(
      odd,
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom('\x03', '\x1b', '\u202e', '\u200b', '\0'),
    );
    // A half character is none in UTF-8.
    const text = fc.array(char, { maxLength: 30 }).map((chars) => chars.join('').toWellFormed());
    fc.assert(
      fc.property(text, text, text, fc.option(text), (path, method, value, sent) => {
        const request = record({ url: `${API}/${path}`, method: `P${method}`, headers: [['X-One', value]], sent });
        const command = curlOf(request);
        const header = inHeader(value);
        expect(argumentsOf(command).slice(0, 5)).toEqual([
          inAddress(request.url),
          '-X',
          inHeader(request.method),
          '-H',
          value === '' ? 'X-One;' : `X-One: ${header}`,
        ]);
        expect(bodyOf(command)).toBe(sent);
        expect(pasted(command)).not.toMatch(CONTROLS);
      }),
      { numRuns: 200 },
    );
  }, 240_000);

  it('leaves out the headers that curl makes itself', () => {
    const names = ['Host', 'content-length', 'CONNECTION', 'Accept-Encoding', ':authority', ':path', ':method'];
    const kept = ['Authorization', 'Cookie', 'X-Host', 'Host-Id', 'Connection-Id', 'Accept'];
    const sent = argumentsOf(curlOf(record({ headers: [...names, ...kept].map((name) => [name, '1']) })));
    expect(sent.filter((one) => one.endsWith(': 1'))).toEqual(kept.map((name) => `${name}: 1`));
  });

  it('a body that is empty is sent as such', () => {
    expect(argumentsOf(curlOf(record({ headers: [], sent: '' }))).slice(-2)).toEqual(['--data-raw', '']);
  });

  it('a question with a body stays the method that it was', () => {
    // By `--data-raw` alone curl takes it for POST.
    expect(argumentsOf(curlOf(record({ method: 'GET', headers: [], sent: '{}' })))).toContain('GET');
  });

  it('brackets and braces in an address are no pattern', () => {
    // curl: (3) bad range in URL. Browsers leave them in a query as they are.
    const url = `${API}/search/v2/indices/a/query?filters[]=x&q={"a":1}`;
    expect(argumentsOf(curlOf(record({ method: 'GET', headers: [], url })))).toEqual([url]);
  });

  it('a header without a value is sent', () => {
    // `Name:` has curl leave it out; `Name;` sends it.
    expect(argumentsOf(curlOf(record({ headers: [['X-Empty', '']] })))).toContain('X-Empty;');
  });
});

/** What cmd.exe makes of a line, then what a program of Windows reads out of that; throws where cmd would do anything else. */
function argumentsOfCmd(line: string): string[] {
  // `%name%` is put in before anything else; no such name is there.
  expect(line).not.toMatch(/%[\w ]+%/);
  let plain = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string;
    if (char === '^' && !isQuoted) {
      at += 1;
      plain += line[at] ?? '';
    } else if (char === '"') {
      isQuoted = !isQuoted;
      plain += char;
    } else if (!isQuoted && /[&|<>()\n\r]/.test(char)) throw new Error(`cmd would take ${JSON.stringify(char)} for its own`);
    else plain += char;
  }
  // CommandLineToArgvW.
  const args: string[] = [];
  const words = /((?:[^\s"\\]|\\+(?!["\\])|\\*"(?:[^"\\]|\\+(?!["\\])|(?:\\\\)*\\"|(?:\\\\)+(?="))*")+)/g;
  for (const [word] of plain.matchAll(words))
    args.push(
      word.replace(/(\\*)("|$)/g, (_whole, slashes: string, quote: string) =>
        quote ? slashes.slice(0, slashes.length >> 1) + (slashes.length % 2 ? '"' : '') : slashes,
      ),
    );
  return args;
}

describe('cmdCurlOf', () => {
  const odd = [
    '&calc',
    '|calc',
    '>x',
    '^',
    '"',
    '\\',
    '\\"',
    '%PATH%',
    '%PATH:a=b%',
    '!x!',
    "'",
    '$(id)',
    '(',
    'ł',
    '😀',
    ' ',
    '`',
    ';',
    '<',
    'a b',
    '@x',
    '""',
    '%',
  ];

  it.each(odd)('hands %j over as it is', (text) => {
    const request = record({ headers: [['X-Odd', text]], sent: text });
    expect(argumentsOfCmd(cmdCurlOf(request))).toEqual([
      'curl',
      '--globoff',
      request.url,
      '-X',
      'POST',
      '-H',
      `X-Odd: ${text}`,
      '--data-raw',
      text,
    ]);
  });

  it('no variable of cmd has such a name: what replaces within one is escaped too', () => {
    expect(cmdCurlOf(record({ sent: '%PATH:a=b%' }))).toContain('^%PATH^:a^=b^%');
  });

  it('whatever stands in it: nothing runs, and no line ends early', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...odd, '\n', '\x03', '\u202e'), fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 12 })
      .map((all) => all.join('').toWellFormed());
    fc.assert(
      fc.property(text, text, text, (path, value, sent) => {
        const line = cmdCurlOf(record({ url: `${API}/${path}`, headers: [['X-One', value]], sent }));
        expect(line).not.toMatch(CONTROLS);
        if (line.startsWith('rem ')) return;
        const args = argumentsOfCmd(line);
        expect(args[2]).toBe(inAddress(`${API}/${path}`));
        // JSON alone comes with line breaks in it, and means the same without.
        if (sent.search(CONTROLS) < 0) expect(args.at(-1)).toBe(sent);
        else expect(JSON.parse(args.at(-1) ?? '')).toEqual(JSON.parse(sent));
      }),
      { numRuns: 1000 },
    );
  });

  it('JSON comes without its line breaks, and what cannot come is told', () => {
    const json = '{\n  "a": "x\\u0003y"\n}';
    expect(argumentsOfCmd(cmdCurlOf(record({ headers: [], sent: json }))).at(-1)).toBe('{"a":"x\\u0003y"}');
    expect(cmdCurlOf(record({ headers: [], sent: 'a\nb' }))).toMatch(/^rem .*PowerShell/);
  });
});

/** The texts in double quotes of a PowerShell line, as it reads them; throws where one of them would run something. */
function textsOfPowerShell(line: string): string[] {
  const texts: string[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string;
    if (!/["\u201c-\u201e]/.test(char)) {
      if (/[;&|]/.test(char) && !/^; "/.test(line.slice(at))) throw new Error(`PowerShell would take ${char} for its own`);
      continue;
    }
    let text = '';
    for (at += 1; !/["\u201c-\u201e]/.test(line[at] ?? '"'); at += 1) {
      const next = line[at] as string;
      const made = /^\$\(\[char\]0x([0-9A-F]+)\)/.exec(line.slice(at));
      if (next === '`') {
        at += 1;
        text += line[at];
      } else if (made) {
        text += String.fromCharCode(Number.parseInt(made[1] as string, 16));
        at += made[0].length - 1;
      } else if (next === '$') throw new Error('PowerShell would put a variable in');
      else text += next;
    }
    texts.push(text);
  }
  return texts;
}

describe('powerShellOf', () => {
  it('is one line of a command that is there', () => {
    expect(powerShellOf(record({ sent: '{"a":"$x"}' }))).toBe(
      'Invoke-WebRequest -UseBasicParsing -Uri "https://api.synerise.com/sauth/v3/auth/login/client" -Method "POST" -ContentType "application/json" -Body ([System.Text.Encoding]::UTF8.GetBytes("{`"a`":`"`$x`"}"))',
    );
  });

  it('whatever stands in it: nothing runs, and what is sent is the same', () => {
    const odd = fc.constantFrom('$(calc)', '`', '"', '\u201d', '$x', '@{', '\n', '\x03', '\u202e', "'", ';', '&', '|', '$' + '{a}', '😀');
    const text = fc
      .array(fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 12 })
      .map((all) => all.join('').toWellFormed());
    fc.assert(
      fc.property(text, text, text, (path, value, sent) => {
        const line = powerShellOf(record({ url: `${API}/${path}`, headers: [['X-One', value]], sent }));
        expect(line).not.toMatch(CONTROLS);
        expect(textsOfPowerShell(line)).toEqual([inAddress(`${API}/${path}`), 'POST', 'X-One', inHeader(value), sent]);
      }),
      { numRuns: 1000 },
    );
  });
});
