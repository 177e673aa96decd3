/** The encodings a value may be written in, and everything that can be decoded from a text: independent of the code under test. */
import fc from 'fast-check';

const json = JSON.stringify;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const units = (text: string, sign: (code: number) => string): string =>
  Array.from({ length: text.length }, (_one, index) => sign(text.charCodeAt(index))).join('');
const hex4 = (code: number): string => code.toString(16).padStart(4, '0');

export type Spelling = (value: string) => string;

/** Each writes a text in another encoding. */
export const SPELLINGS: Readonly<Record<string, Spelling>> = {
  raw: (value) => value,
  'base64, standard': base64,
  'base64, for addresses': (value) => Buffer.from(value).toString('base64url'),
  'base64, without padding': (value) => base64(value).replace(/=+$/, ''),
  'base64 of JSON': (value) => base64(json({ id: 7, e: value })),
  'base64 behind letters': (value) => `x${base64(value)}`,
  'base64 behind a path': (value) => `/unsubscribe/v1/${Buffer.from(value).toString('base64url')}/now`,
  'base64 between words': (value) => `state ${base64(`hello ${value} there`)} came back`,
  'base64 of base64': (value) => base64(base64(value)),
  'base64 in lines': (value) => base64(`${'-'.repeat(50)} ${value} ${'-'.repeat(50)}`).replace(/.{76}/g, '$&\r\n'),
  'percent, once': (value) => encodeURIComponent(value),
  'percent, every byte': percent,
  'percent, small letters': (value) => percent(value).toLowerCase(),
  'percent, twice': (value) => encodeURIComponent(encodeURIComponent(value)),
  'percent, three times': (value) => encodeURIComponent(encodeURIComponent(percent(value))),
  'percent, partly': (value) => [...value].map((char, index) => (index % 2 && char.charCodeAt(0) < 128 ? percent(char) : char)).join(''),
  'percent, beside what is broken': (value) => `100%zz,${percent(value)},%`,
  'JSON in a text': (value) => json({ data: value }),
  'JSON in JSON in a text': (value) => json({ data: json({ list: [1, { e: value }] }) }),
  'JSON that breaks off': (value) => `{"a":1,"e":${json(value)},"b":[`,
  'JSON in JSON that breaks off': (value) => `{"a":${json(json({ e: value }))},"b":`,
  'JSON, a key of it': (value) => json({ [value]: 1 }),
  'JSON, line by line': (value) => `${json({ a: 1 })}\n${json({ e: value })}`,
  'escaped by numbers': (value) => `"${units(value, (code) => `\\u${hex4(code)}`)}"`,
  'escaped by numbers, twice, broken off': (value) => `{"d":"{\\"e\\":\\"${units(value, (code) => `\\\\u${hex4(code).toUpperCase()}`)}`,
  'escaped as PHP does': (value) => `{"e":${json(value).replace(/[^ -~]/g, (char) => `\\u${hex4(char.charCodeAt(0))}`)},"at":"a\\/b`,
  'a form': (value) => new URLSearchParams({ a: '1', q: value, lang: 'pl' }).toString(),
  'a form in a form': (value) => new URLSearchParams({ r: new URLSearchParams({ q: value }).toString() }).toString(),
  'a form in parts': (value) => `--b7\r\nContent-Disposition: form-data; name="note"\r\n\r\n${value}\r\n--b7--\r\n`,
  'a file name in a form in parts': (value) =>
    `--b7\r\nContent-Disposition: form-data; name="file"; filename="${value.replaceAll('"', '%22')}"\r\n\r\n1\r\n--b7--\r\n`,
  'an address': (value) => `https://shop.example/a/b?lang=pl&q=${encodeURIComponent(value)}#top`,
  'a place in an address': (value) => `https://shop.example/of/${encodeURIComponent(value)}/now`,
  'behind the sign of an address': (value) => `https://shop.example/#q=${encodeURIComponent(value)}`,
  'an authorization': (value) => `Bearer ${base64(value)}`,
  'a cookie': (value) => `lang=pl; seen=${encodeURIComponent(value)}; a=1`,
  'two dashes': (value) => `--x\n${value}\nand so on`,
  'a sentence': (value) => `It was “${value}”, and is no more.`,
};

/** Up to three encodings, one after another. */
export const anySpelling: fc.Arbitrary<{ readonly names: string[]; readonly spell: Spelling }> = fc
  .array(fc.constantFrom(...Object.keys(SPELLINGS)), { minLength: 1, maxLength: 3 })
  .map((names) => ({ names, spell: (value) => names.reduce((text, name) => (SPELLINGS[name] as Spelling)(text), value) }));

const unpercented = (text: string): string =>
  text.replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
const unescaped = (text: string): string =>
  text
    .replace(/\\+u([\da-f]{4})/gi, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\+(["\\/])/g, '$1');

/** Base64 content, starting at any offset; line breaks in it are ignored. */
function unbased(text: string): string[] {
  return [text, text.replace(/[\r\n]/g, '')].flatMap((one) =>
    [0, 1, 2, 3].map((from) =>
      (one.match(/[\w+/-]{4,}/g) ?? [])
        .map((run) => Buffer.from(run.slice(from).replaceAll('-', '+').replaceAll('_', '/'), 'base64').toString())
        .join('\n'),
    ),
  );
}

/** Every text that can be decoded from `text` in up to `depth` steps. */
export function readings(text: string, depth = 3): Set<string> {
  const all = new Set([text]);
  let last = [text];
  for (let deep = 0; deep < depth && last.length; deep += 1) {
    last = last
      .flatMap((one) => [unpercented(one), unpercented(one.replaceAll('+', ' ')), unescaped(one), ...unbased(one)])
      .filter((one) => !all.has(one) && all.add(one));
  }
  return all;
}

/** Whether a value occurs in a text, in any case; a short one only as a word of its own. */
export function stands(value: string, text: string): boolean {
  const [small, within] = [value.toLowerCase(), text.toLowerCase()];
  for (let at = within.indexOf(small); at >= 0; at = within.indexOf(small, at + 1)) {
    const [before, after] = [within.slice(Math.max(0, at - 2), at), within.slice(at + small.length, at + small.length + 2)];
    if (value.length >= 8 || !(/[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after))) return true;
  }
  return false;
}

/** All texts in data, including its keys. */
export function textsOf(data: unknown): string[] {
  if (typeof data === 'string') return [data];
  if (typeof data === 'number') return [String(data)];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => [key, ...textsOf(value)]);
}

/**
 * The `values` that can be decoded from a text of `data`.
 * @param but texts that are not searched
 * @param depth the maximum number of decoding steps
 */
export function readable(
  data: unknown,
  values: readonly string[],
  { but = new Set<string>(), depth = 3 }: { but?: ReadonlySet<string>; depth?: number } = {},
): string[] {
  const leaks = new Set<string>();
  for (const text of new Set(textsOf(data)))
    if (!but.has(text))
      for (const reading of readings(text, depth)) for (const value of values) if (stands(value, reading)) leaks.add(`${value} in ${text}`);
  return [...leaks];
}
