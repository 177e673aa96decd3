// How texts are parsed for masking, with a rule of the tests' own and with those of the capture.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { maskSecrets, safeValue } from '@/lib/network/secrets';
import { type MaskRule, maskText, maskValue, TOO_DEEP } from '@/lib/redaction/masking';
import { anyChar } from '../any-char';

vi.setConfig({ testTimeout: 60_000 });

const MARK = 'S3cretMark';
/** Masks the value of a name ending in `secret`, and the mark itself. */
const RULE: MaskRule = {
  names: (name) => /secret$/i.test(name),
  put: (value) => (value === '[gone]' ? value : '[gone]'),
  leaf: (text) => text.replaceAll(MARK, '[gone]').replaceAll('1234567', '[gone]'),
};
/** Masks nothing. */
const NOTHING: MaskRule = { ...RULE, put: (value) => value, leaf: (text) => text };
const json = JSON.stringify;
const part = (name: string, value: string, more = '') =>
  `--b7\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

describe('a rule that masks nothing', () => {
  it('changes no text', () => {
    const texts = fc.oneof(
      fc.string({ unit: anyChar }),
      fc.json(),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.tuple(fc.constantFrom('secret', 'a'), fc.string()).map(([name, value]) => `${name}=${value}&b=1`),
      fc.string().map((value) => json({ secret: value, list: [{ secret: { a: value } }], n: 1234567 }).slice(0, -4)),
      fc.string().map((value) => `${part('secret', value)}${part('a', value)}--b7--\r\n`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(maskText(text, NOTHING)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('changes no data', () => {
    const data = {
      secret: 1234567,
      list: ['secret', { secret: [1, { secret: null }] }],
      pair: ['secret', 5],
      deep: { secret: { a: true } },
    };
    expect(maskValue(data, NOTHING, 0)).toEqual(data);
  });
});

describe('a multipart form', () => {
  it.each([
    ['a value, by its name', part('secret', 'xyz')],
    ['a value of several lines, by its name', part('secret', 'x\r\nyz')],
    ['part of a value', part('a', `is ${MARK}`)],
    ['a URL-encoded form in a value', part('a', 'x=1&secret=xyz')],
    ['JSON in a value', part('a', json({ secret: 'xyz' }))],
    ['a file name', part('file', '1', `; filename="${MARK}.png"`)],
    ['a header of a part', part('file', '1', `\r\nX-More: ${MARK}`)],
    ['text next to the boundary in a value', part('a', `x--b7${MARK}--b7`)],
    ['text before its end', `${part('a', '1')}${MARK}`],
    ['a value with bare line feeds', part('secret', 'xyz').replaceAll('\r', '')],
  ])('is masked: %s', (_name, text) => {
    const masked = maskText(`${text}--b7--\r\n`, RULE);
    expect(masked).not.toMatch(/S3cretMark|xyz|yz/);
    expect(masked).toContain('[gone]');
    expect(masked.split('\n').length).toBeGreaterThan(2);
  });

  it('keeps its structure', () => {
    const whole = `${part('a', '1')}${part('secret', 'xyz')}${part('b', '2')}--b7--\r\n`;
    expect(maskText(whole, RULE)).toBe(whole.replace('xyz', '[gone]'));
  });

  it('is not assumed only because a text begins with two dashes', () => {
    for (const text of [`--x\n${MARK} and secret=xyz`, `--\n${MARK}`, `-- ${MARK}`, `--x\n{"secret": "xyz"}\n\n${MARK}`, `--x\n\n`])
      expect(maskText(text, RULE)).not.toMatch(/S3cretMark|xyz/);
  });
});

describe('a value', () => {
  it('that is a number is masked by its form and by its name', () => {
    expect(maskValue({ a: 1234567, b: [1234567, 12], secret: 5 }, RULE, 0)).toEqual({ a: '[gone]', b: ['[gone]', 12], secret: '[gone]' });
    expect(maskText('{"a":1234567,"b":7654321}', RULE)).toBe('{"a":"[gone]","b":7654321}');
  });

  it.each([null, true, false])('that is %s stays under a removed name: it says nothing', (value) => {
    expect(maskValue({ secret: value, list: ['secret', value] }, RULE, 0)).toEqual({ secret: value, list: ['secret', value] });
  });

  it('does not name the next value if it is a mark or a sentence', () => {
    expect(maskValue(['[secret]', 'x'], RULE, 0)).toEqual(['[secret]', 'x']);
    expect(maskValue(['Tell no secret', 'x'], RULE, 0)).toEqual(['Tell no secret', 'x']);
    expect(maskValue({ name: '[secret]', value: 'x' }, RULE, 0)).toEqual({ name: '[secret]', value: 'x' });
    expect(maskValue(['a.secret', 'x'], RULE, 0)).toEqual(['a.secret', '[gone]']);
    // As the agent reports a call with a PIN and an email.
    expect(safeValue(['[secret]', 'jane@shop.example'])).toEqual(['[secret]', 'jane@shop.example']);
  });

  it('that the rule keeps is searched too', () => {
    const lenient: MaskRule = { ...RULE, put: (value, name) => (name === 'secret' ? value : '[gone]') };
    expect(maskValue({ secret: { a: MARK, secret: 1, other_secret: 2 } }, lenient, 0)).toEqual({
      secret: { a: '[gone]', secret: 1, other_secret: '[gone]' },
    });
  });
});

describe('a URL', () => {
  it('keeps a plus sign in an email', () => {
    const seen: string[] = [];
    const put = (value: string) => {
      seen.push(value);
      return '[gone]';
    };
    const rule: MaskRule = { ...RULE, put };
    expect(maskText('https://shop.example/?secret=a+b@c.example&x=1', rule)).toBe('https://shop.example/?secret=[gone]&x=1');
    maskText('secret=Jane+Doe&x=1', rule);
    expect(seen).toEqual(expect.arrayContaining(['a+b@c.example', 'Jane Doe']));
  });

  it('is masked by parameter names even without a query', () => {
    expect(maskText('/path;secret=xyz/more', RULE)).not.toContain('xyz');
  });

  it('may contain lone surrogates', () => {
    for (const text of [`a=\ud800${MARK}`, `a=1&b=${MARK}\udc00`, `secret=\ud800`, `/\ud800?q=${MARK}`, `"\ud800${MARK}`]) {
      expect(maskText(text, RULE)).not.toContain(MARK);
      expect(() => maskSecrets(`${text}&token=\ud800`)).not.toThrow();
    }
  });
});

describe('plain text', () => {
  it.each([
    ['It sent secret=xyz, then more.', 'It sent secret=[gone] then more.'],
    ['It sent "secret": "xyz" there.', 'It sent "secret": "[gone]" there.'],
    ['<secret>xyz</secret> is there.', '<secret>[gone]</secret> is there.'],
  ])('keeps its form: %s', (text, masked) => {
    expect(maskText(text, RULE)).toBe(masked);
  });
});

describe('text of a hostile page', () => {
  it.each([
    ['at signs', '@'.repeat(200_000)],
    ['emails', 'a@b.'.repeat(50_000)],
    ['question marks', `${'?a'.repeat(100_000)}=`],
    ['multipart forms', `--b\r\n${'\r\n\r\n--b\r\n'.repeat(20_000)}`],
  ])('is masked quickly: %s', (_name, text) => {
    const before = process.cpuUsage();
    maskSecrets(text);
    // With quadratic time it would be tens of seconds.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });

  it.each([
    ['lists', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['objects', `${'{"a":'.repeat(50_000)}"${MARK}"${'}'.repeat(50_000)}`],
    ['secrets', `${'{"secret":'.repeat(20_000)}"${MARK}"${'}'.repeat(20_000)}`],
    ['strings of objects', Array.from({ length: 12 }).reduce<string>((text) => json({ a: text }), MARK)],
  ])('may be nested deeply: %s', (_name, text) => {
    const masked = maskText(text, RULE);
    expect(masked).not.toContain(MARK);
    expect(masked).toMatch(new RegExp(`\\[gone\\]|${TOO_DEEP.replace(/[[\]]/g, '\\$&')}`));
    expect(() => maskSecrets(text)).not.toThrow();
    expect(() => maskSecrets(text.replaceAll('secret', 'password'))).not.toThrow();
  });
});
