// Reading a HAR file piece by piece: complete, truncated anywhere, damaged in the middle, canceled, or not a HAR.
import { describe, expect, it } from 'vitest';
import { readHar } from '@/lib/network/har-read';

const bytes = (text: string) => new TextEncoder().encode(text);
const har = (...entries: unknown[]) => JSON.stringify({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries } });

/** Reads a file to its end, or until `until` entries were read. */
async function read(parts: BlobPart[] | Blob, until = Number.POSITIVE_INFINITY) {
  const entries: unknown[] = [];
  const told: number[] = [];
  const trouble = await readHar(parts instanceof Blob ? parts : new Blob(parts), {
    entry: (raw) => void entries.push(raw),
    progress: (read) => void told.push(read),
    isOver: () => entries.length >= until,
  });
  return { entries, told, trouble };
}

/** A file whose stream has chunks of `size` bytes. */
function inPieces(data: Uint8Array, size: number): Blob {
  const file = new Blob([]);
  const stream = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (let from = 0; from < data.length; from += size) controller.enqueue(new Uint8Array(data.subarray(from, from + size)));
        controller.close();
      },
    });
  Object.defineProperty(file, 'stream', { value: stream });
  return file;
}

const SMALL = [{ n: 1, text: 'Łódź 😀 "quoted" \\ \u2028' }, { n: 2, list: [[], {}, [null, true, -1.5e3]] }, { n: 3 }];

describe('readHar', () => {
  it('reports each entry in order, and the bytes read', async () => {
    const text = har(...SMALL);
    const { entries, told, trouble } = await read([text]);
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
    expect(told.at(-1)).toBe(bytes(text).length);
  });

  it('reads an indented file with other data around its entries and a newline at the end', async () => {
    const more = {
      log: { pages: [{ id: 1 }], entries: SMALL, version: '1.2', comment: { entries: ['none'] } },
      other: { log: { entries: [0] } },
    };
    const { entries, trouble } = await read([`${JSON.stringify(more, null, 2)}\n\t `]);
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
  });

  it.each([1, 2, 3, 5, 7])('reads the same entries in chunks of %i bytes, which split characters', async (size) => {
    const data = bytes(har(...SMALL));
    const { entries, told, trouble } = await read(inPieces(data, size));
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
    expect(told).toHaveLength(Math.ceil(data.length / size));
    expect(told.every((one, at) => one > (told[at - 1] ?? 0))).toBe(true);
  });

  it.each([65_533, 65_534, 65_535, 65_536])('keeps a character that spans two of the reader’s pieces intact: %i', async (at) => {
    const before = '{"log":{"entries":["';
    const text = `${'x'.repeat(at - before.length)}😀ł`;
    const { entries, trouble, told } = await read([`${before}${text}"]}}`]);
    expect(trouble).toBeNull();
    expect(entries).toEqual([text]);
    expect(told.length).toBeGreaterThan(1);
  });

  it('reads a file that starts with a byte order mark', async () => {
    const { entries, trouble } = await read([new Uint8Array([0xef, 0xbb, 0xbf]), har(...SMALL)]);
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
  });

  const utf16 = (text: string, isLittle: boolean) =>
    new Uint8Array(
      [...text]
        .flatMap((char) => [...Array(char.length).keys()].map((at) => char.charCodeAt(at)))
        .flatMap((unit) => (isLittle ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])),
    );
  it.each<[string, (text: string) => Promise<Blob>]>([
    ['gzip', async (text) => new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob()],
    ['UTF-16 LE with a byte order mark', async (text) => new Blob([utf16(`\ufeff${text}`, true)])],
    ['UTF-16 BE with a byte order mark', async (text) => new Blob([utf16(`\ufeff${text}`, false)])],
    ['UTF-16 LE without a byte order mark', async (text) => new Blob([utf16(text, true)])],
    ['UTF-16 BE without a byte order mark', async (text) => new Blob([utf16(text, false)])],
  ])('reads %s and counts the bytes of the file', async (_name, packed) => {
    const file = await packed(har(...SMALL));
    const { entries, trouble, told } = await read(file);
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
    expect(told.at(-1)).toBe(file.size);
  });

  it('explains what to do with a ZIP archive, and reports damaged gzip', async () => {
    expect((await read([new Uint8Array([0x50, 0x4b, 3, 4, 0])])).trouble?.message).toBe('ZIP archive. Extract the HAR first.');
    const { trouble } = await read([new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3])]);
    expect(trouble?.message).not.toMatch(/^$|state/);
  });

  it('reports a truncated file at any position, along with the entries before it', async () => {
    const data = bytes(har(...SMALL));
    /** The offset where each entry ends, before the ends of array, log and file. */
    const ends = SMALL.map((_, n) => bytes(har(...SMALL.slice(0, n + 1))).length - 3);
    for (let length = 0; length < data.length; length += 1) {
      const { entries, trouble } = await read([data.slice(0, length)]);
      expect(trouble, `cut after ${length}`).toEqual({
        message: length ? 'File is truncated.' : 'File is empty.',
        at: length,
      });
      expect(entries, `cut after ${length}`).toEqual(SMALL.slice(0, ends.filter((end) => end <= length).length));
    }
  });

  it.each([
    ['an invalid value', `${har(1, 2).slice(0, -3)},oops,3]}}`, 2],
    ['an extra comma', `${har(1, 2).slice(0, -3)},]}}`, 2],
    ['an unescaped newline in a string', `${har(1).slice(0, -3)},"a\n"]}}`, 1],
    ['a number with a leading zero', `${har(1).slice(0, -3)},012]}}`, 2],
    ['text after the end', `${har(1, 2)}x`, 2],
    ['two files in one', `${har(1)}${har(2)}`, 1],
    ['invalid UTF-8', new Uint8Array([...bytes(`${har(1).slice(0, -3)},"`), 0xff, 0xfe, ...bytes('"]}}')]), 1],
    ['not JSON', '<html></html>', 0],
    ['zeros', new Uint8Array(20), 0],
  ])('reports entries before a fault, and the fault: %s', async (_name, part, count) => {
    const { entries, trouble } = await read([part]);
    expect(trouble?.message).not.toMatch(/^$|truncated|Not a HAR/);
    expect(entries.length).toBeLessThanOrEqual(count);
    expect(entries.length).toBeGreaterThanOrEqual(Math.min(1, count));
  });

  it('reports the approximate position of a fault in a large file', async () => {
    const entries = Array.from({ length: 3000 }, (_, n) => ({ n, text: 'x'.repeat(40) }));
    const text = `${har(...entries).slice(0, -3)},oops`;
    const { entries: told, trouble } = await read([text]);
    expect(told).toEqual(entries);
    expect(trouble?.at).toBeLessThanOrEqual(text.length);
    expect(trouble?.at).toBeGreaterThan(text.length - 65_537);
  });

  it('reports the exact byte of a fault in a small file', async () => {
    const text = `${har(1, 2).slice(0, -3)},oops]}}`;
    expect((await read([text])).trouble?.at).toBe(text.length - 7);
  });

  it.each([
    '12 ',
    '"log"',
    'null',
    '[]',
    '[{"log":{"entries":[1]}}]',
    '{}',
    '{"log":[]}',
    '{"log":{}}',
    '{"entries":[1]}',
    '{"Log":{"entries":[1]}}',
    '{"a":{"log":{"entries":[1]}}}',
  ])('reports that %s is not a HAR', async (text) => {
    const { entries, trouble } = await read([text]);
    expect(entries).toEqual([]);
    expect(trouble?.message).toMatch(/Not a HAR/);
  });

  it('accepts a log without entries as a HAR', async () => {
    expect((await read([har()])).trouble).toBeNull();
  });

  it('passes on entries of any type unchanged', async () => {
    const odd = [1, 'a', null, [], [[1]], { log: { entries: [9] } }, { version: '9' }];
    expect((await read([har(...odd)])).entries).toEqual(odd);
  });

  it('treats special keys as data, without changing a prototype', async () => {
    const { entries, trouble } = await read([
      '{"__proto__":{"log":{"entries":[0]}},"log":{"entries":[{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]}}',
    ]);
    expect(trouble).toBeNull();
    expect(entries).toHaveLength(1);
    expect(Object.keys(entries[0] as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(entries[0])).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reads deeply nested values', async () => {
    const deep = 5000;
    const { entries, trouble } = await read([`{"log":{"entries":[${'['.repeat(deep)}${']'.repeat(deep)},2]}}`]);
    expect(trouble).toBeNull();
    expect(entries[1]).toBe(2);
  });

  it('stops when canceled, and releases the file', async () => {
    const all = Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(40) }));
    const file = new Blob([har(...all)]);
    let isFree = false;
    const stream = file.stream();
    const reader = stream.getReader();
    const cancel = reader.cancel.bind(reader);
    reader.cancel = (reason) => {
      isFree = true;
      return cancel(reason);
    };
    Object.defineProperty(file, 'stream', { value: () => ({ getReader: () => reader }) });
    const { entries, told, trouble } = await read(file, 1);
    expect(trouble).toBeNull();
    expect(told).toEqual([65_536]);
    expect(entries.length).toBeLessThan(2000);
    expect(isFree).toBe(true);
  });

  it('reports why a file cannot be read', async () => {
    const file = new Blob([]);
    Object.defineProperty(file, 'stream', {
      value: () =>
        new ReadableStream({
          pull(controller) {
            controller.error(new DOMException('The file changed.', 'NotReadableError'));
          },
        }),
    });
    expect((await read(file)).trouble).toEqual({ message: 'The file changed.', at: 0 });
  });

  it('yields to other tasks between two pieces', async () => {
    let turns = 0;
    let reading = true;
    const others = (async () => {
      while (reading) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    const { told } = await read([har('x'.repeat(400_000))]);
    reading = false;
    await others;
    expect(turns).toBeGreaterThanOrEqual(told.length - 1);
  });
});
