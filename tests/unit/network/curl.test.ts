// Commands that repeat a request. Real shells check that any content arrives unchanged.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cmdCurlOf, curlOf, powerShellOf } from '@/lib/network/curl';
import { anyChar } from '../any-char';
import { API, record } from './make';

const SHELLS = ['sh', 'bash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

interface Called {
  readonly args: readonly string[];
  readonly body: string | null;
}

/** For each command, the arguments that a shell passes to `curl` after `--globoff`, and the piped body, if any. */
function calledIn(commands: readonly string[], shell: string): Called[] {
  // A process for each command would take twenty times as long.
  const end = `\0end of ${randomUUID()}\0`;
  // A piped body is printed after the arguments.
  const script = `curl() { printf '%s\\0' "$@"; case " $* " in *" --data-binary @- "*) cat;; esac; }
    end=$1; shift; for command do eval "$command"; printf "$end"; done`;
  const { stdout, stderr, status } = spawnSync(shell, ['-c', script, shell, end.replaceAll('\0', '\\0'), ...commands], {
    encoding: 'buffer',
  });
  expect([status, String(stderr)]).toEqual([0, '']);
  const told = stdout.toString('utf8').split(end);
  expect(told.pop()).toBe('');
  expect(told).toHaveLength(commands.length);
  return told.map((text) => {
    const parts = text.split('\0');
    const [first, ...args] = parts.slice(0, -1);
    expect(first).toBe('--globoff');
    const at = args.indexOf('--data-binary');
    if (at < 0) return { args, body: null };
    // A body may contain NUL.
    const piped = args.indexOf('@-', at);
    return { args: args.slice(0, at), body: [...args.slice(piped + 1), parts.at(-1)].join('\0') };
  });
}

/** The result of `calledIn`, which must be the same in every installed shell. */
function calledBy(commands: readonly string[]): Called[] {
  const [one, ...others] = SHELLS.map((shell) => calledIn(commands, shell));
  for (const other of others) expect(other).toEqual(one);
  return one as Called[];
}
const calledOnce = (command: string): Called => calledBy([command])[0] as Called;
const argumentsOf = (command: string): readonly string[] => calledOnce(command).args;
/** The body that is sent, piped or as an argument. */
const bodyIn = ({ args, body }: Called): string | null =>
  body ?? (args.includes('--data-raw') ? (args[args.indexOf('--data-raw') + 1] ?? null) : null);

const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const inHeader = (text: string) => text.replace(CONTROLS, ' ');
const inAddress = (text: string) => text.replace(CONTROLS, (char) => encodeURIComponent(char.toWellFormed()));
/** The command as pasted, without our own line breaks, which follow a backslash. */
const pasted = (command: string) => command.replaceAll(' \\\n', ' ');

describe('curlOf', () => {
  it('puts one option on each line', () => {
    expect(curlOf(record({ sent: '{"email":"o\'neill@shop.example"}' }))).toBe(
      `curl --globoff 'https://api.synerise.com/sauth/v3/auth/login/client' \\
  -X 'POST' \\
  -H 'Content-Type: application/json' \\
  --data-raw '{"email":"o'\\''neill@shop.example"}'`,
    );
  });

  it('has no backslash inside quotes, where fish interprets it', () => {
    expect(curlOf(record({ sent: 'a\\' }))).toContain(`--data-raw 'a'\\\\''`);
  });

  it('a plain GET has neither method nor body', () => {
    expect(argumentsOf(curlOf(record({ method: 'GET', headers: [], url: `${API}/v4/public.pem` })))).toEqual([`${API}/v4/public.pem`]);
  });

  const odds = [
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
  ];
  const made = odds.map((odd) => record({ url: `${API}/a?x=${odd}`, headers: [['X-Odd', odd]], sent: odd }));
  let told: Called[];
  beforeAll(() => {
    told = calledBy(made.map(curlOf));
  });

  it.each(odds.map((odd, index) => [odd, index] as const))('passes %j unchanged', (odd, index) => {
    const [request, called] = [made[index], told[index]] as [(typeof made)[number], Called];
    expect(called.args.slice(0, 5)).toEqual([
      inAddress(request.url),
      '-X',
      'POST',
      '-H',
      odd === '' ? 'X-Odd;' : `X-Odd: ${inHeader(odd)}`,
    ]);
    expect(bodyIn(called)).toBe(odd);
    expect(pasted(curlOf(request))).not.toMatch(CONTROLS);
  });

  it('passes any content unchanged', () => {
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
      fc.string({ unit: anyChar, minLength: 1, maxLength: 1 }),
      fc.constantFrom('\x03', '\x1b', '\u202e', '\u200b', '\0'),
    );
    // Half a surrogate pair cannot be encoded in UTF-8.
    const text = fc.array(char, { maxLength: 30 }).map((chars) => chars.join('').toWellFormed());
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text, fc.option(text)), { minLength: 1, maxLength: 30, size: 'max' }), (all) => {
        const requests = all.map(([path, method, value, sent]) =>
          record({ url: `${API}/${path}`, method: `P${method}`, headers: [['X-One', value]], sent }),
        );
        const commands = requests.map(curlOf);
        for (const [index, { args, body }] of calledBy(commands).entries()) {
          const [request, [, , value, sent]] = [requests[index], all[index]] as [(typeof requests)[number], (typeof all)[number]];
          expect(args.slice(0, 5)).toEqual([
            inAddress(request.url),
            '-X',
            inHeader(request.method),
            '-H',
            value === '' ? 'X-One;' : `X-One: ${inHeader(value)}`,
          ]);
          expect(bodyIn({ args, body })).toBe(sent);
          expect(pasted(commands[index] as string)).not.toMatch(CONTROLS);
        }
      }),
      { numRuns: 4 },
    );
  }, 60_000);

  it('leaves out the headers that curl adds itself', () => {
    const names = ['Host', 'content-length', 'CONNECTION', 'Accept-Encoding', ':authority', ':path', ':method'];
    const kept = ['Authorization', 'Cookie', 'X-Host', 'Host-Id', 'Connection-Id', 'Accept'];
    const sent = argumentsOf(curlOf(record({ headers: [...names, ...kept].map((name) => [name, '1']) })));
    expect(sent.filter((one) => one.endsWith(': 1'))).toEqual(kept.map((name) => `${name}: 1`));
  });

  it('an empty body is sent', () => {
    expect(argumentsOf(curlOf(record({ headers: [], sent: '' }))).slice(-2)).toEqual(['--data-raw', '']);
  });

  it('a GET with a body stays a GET', () => {
    // With `--data-raw` alone, curl sends POST.
    expect(argumentsOf(curlOf(record({ method: 'GET', headers: [], sent: '{}' })))).toContain('GET');
  });

  it('brackets and braces in a URL are not a curl pattern', () => {
    // curl would fail with "(3) bad range in URL". Browsers leave them unescaped in a query.
    const url = `${API}/search/v2/indices/a/query?filters[]=x&q={"a":1}`;
    expect(argumentsOf(curlOf(record({ method: 'GET', headers: [], url })))).toEqual([url]);
  });

  it('a header without a value is sent', () => {
    // curl drops `Name:` and sends `Name;`.
    expect(argumentsOf(curlOf(record({ headers: [['X-Empty', '']] })))).toContain('X-Empty;');
  });
});

/** The arguments a Windows program gets from a cmd.exe line. @throws where cmd would run or redirect something */
function argumentsOfCmd(line: string): string[] {
  // cmd expands `%name%` before anything else, so none may remain.
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

  it.each(odd)('passes %j unchanged', (text) => {
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

  it('escapes a cmd variable with a substitution', () => {
    expect(cmdCurlOf(record({ sent: '%PATH:a=b%' }))).toContain('^%PATH^:a^=b^%');
  });

  it('runs nothing else and ends no line early with any content', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...odd, '\n', '\x03', '\u202e'), fc.string({ unit: anyChar, maxLength: 2 })), { maxLength: 12 })
      .map((all) => all.join('').toWellFormed());
    fc.assert(
      fc.property(text, text, text, (path, value, sent) => {
        const line = cmdCurlOf(record({ url: `${API}/${path}`, headers: [['X-One', value]], sent }));
        expect(line).not.toMatch(CONTROLS);
        if (line.startsWith('rem ')) return;
        const args = argumentsOfCmd(line);
        expect(args[2]).toBe(inAddress(`${API}/${path}`));
        // A body with control characters is only sent if it is JSON, which means the same without them.
        if (sent.search(CONTROLS) < 0) expect(args.at(-1)).toBe(sent);
        else expect(JSON.parse(args.at(-1) ?? '')).toEqual(JSON.parse(sent));
      }),
      { numRuns: 1000 },
    );
  });

  it('JSON is sent without line breaks, and other text with line breaks becomes a remark', () => {
    const json = '{\n  "a": "x\\u0003y"\n}';
    expect(argumentsOfCmd(cmdCurlOf(record({ headers: [], sent: json }))).at(-1)).toBe('{"a":"x\\u0003y"}');
    expect(cmdCurlOf(record({ headers: [], sent: 'a\nb' }))).toMatch(/^rem .*PowerShell/);
  });
});

/** The double-quoted strings of a PowerShell line, as PowerShell reads them. @throws where one would run something */
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
  it('is one line with a built-in command', () => {
    expect(powerShellOf(record({ sent: '{"a":"$x"}' }))).toBe(
      'Invoke-WebRequest -UseBasicParsing -Uri "https://api.synerise.com/sauth/v3/auth/login/client" -Method "POST" -ContentType "application/json" -Body ([System.Text.Encoding]::UTF8.GetBytes("{`"a`":`"`$x`"}"))',
    );
  });

  it('runs nothing else and sends any content unchanged', () => {
    const odd = fc.constantFrom('$(calc)', '`', '"', '\u201d', '$x', '@{', '\n', '\x03', '\u202e', "'", ';', '&', '|', '$' + '{a}', '😀');
    const text = fc
      .array(fc.oneof(odd, fc.string({ unit: anyChar, maxLength: 2 })), { maxLength: 12 })
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
