// The command that sends a request again: a real shell reads out of it what was sent, whatever stands in it.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curlOf } from '@/lib/capture/curl';
import { API, record } from './make';

/** What a shell hands `curl`, behind the option that takes brackets as they are. */
function argumentsOf(command: string): string[] {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const [first, ...rest] = stdout.split('\0').slice(0, -1);
  expect(first).toBe('--globoff');
  return rest;
}

describe('curlOf', () => {
  it('is a command of one thing a line', () => {
    expect(curlOf(record({ sent: '{"email":"o\'neill@shop.example"}' }))).toBe(
      `curl --globoff 'https://api.synerise.com/sauth/v3/auth/login/client' \\
  -X 'POST' \\
  -H 'Content-Type: application/json' \\
  --data-raw '{"email":"o'\\''neill@shop.example"}'`,
    );
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
  ])('hands %j over as it is', (odd) => {
    const request = record({ url: `${API}/a?x=${odd}`, headers: [['X-Odd', odd]], sent: odd });
    expect(argumentsOf(curlOf(request))).toEqual([
      request.url,
      '-X',
      'POST',
      '-H',
      odd === '' ? 'X-Odd;' : `X-Odd: ${odd}`,
      '--data-raw',
      odd,
    ]);
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
    // No argument of any program may hold a NUL.
    const char = fc.oneof(odd, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
    const text = fc.array(char, { maxLength: 30 }).map((chars) => chars.join('').replaceAll('\0', ''));
    fc.assert(
      fc.property(text, text, text, fc.option(text), (path, method, value, sent) => {
        const request = record({ url: `${API}/${path}`, method: `P${method}`, headers: [['X-One', value]], sent });
        const wanted = [
          request.url,
          '-X',
          request.method,
          '-H',
          value === '' ? 'X-One;' : `X-One: ${value}`,
          ...(sent === null ? [] : ['--data-raw', sent]),
        ];
        expect(argumentsOf(curlOf(request))).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });

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
