// A HAR read piece by piece: whole, cut off anywhere, broken in the middle, given up, or none at all.
import { describe, expect, it } from 'vitest';
import { readHar } from '@/lib/network/har-read';

const bytes = (text: string) => new TextEncoder().encode(text);
const har = (...entries: unknown[]) => JSON.stringify({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries } });

/** Reads a file to its end, or until `entries` were told. */
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

/** A file that comes in pieces of any size, as a disk gives it. */
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
  it('tells each entry of a file in order, and all that it read', async () => {
    const text = har(...SMALL);
    const { entries, told, trouble } = await read([text]);
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
    expect(told.at(-1)).toBe(bytes(text).length);
  });

  it('takes a file that is laid out, with more around its entries, and a newline at its end', async () => {
    const more = {
      log: { pages: [{ id: 1 }], entries: SMALL, version: '1.2', comment: { entries: ['none'] } },
      other: { log: { entries: [0] } },
    };
    const { entries, trouble } = await read([`${JSON.stringify(more, null, 2)}\n\t `]);
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
  });

  it.each([1, 2, 3, 5, 7])('is the same in pieces of %i bytes, between whose parts of a character it lies', async (size) => {
    const data = bytes(har(...SMALL));
    const { entries, told, trouble } = await read(inPieces(data, size));
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
    expect(told).toHaveLength(Math.ceil(data.length / size));
    expect(told.every((one, at) => one > (told[at - 1] ?? 0))).toBe(true);
  });

  it.each([65_533, 65_534, 65_535, 65_536])('a character over the edge of its own pieces is whole: %i', async (at) => {
    const before = '{"log":{"entries":["';
    const text = `${'x'.repeat(at - before.length)}😀ł`;
    const { entries, trouble, told } = await read([`${before}${text}"]}}`]);
    expect(trouble).toBeNull();
    expect(entries).toEqual([text]);
    expect(told.length).toBeGreaterThan(1);
  });

  it('takes a file that begins with a mark of its byte order', async () => {
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
    ['UTF-16 with its mark', async (text) => new Blob([utf16(`\ufeff${text}`, true)])],
    ['UTF-16, the other way round', async (text) => new Blob([utf16(`\ufeff${text}`, false)])],
    ['UTF-16 without a mark', async (text) => new Blob([utf16(text, true)])],
    ['UTF-16 without a mark, the other way round', async (text) => new Blob([utf16(text, false)])],
  ])('reads %s, and counts the bytes of the file', async (_name, packed) => {
    const file = await packed(har(...SMALL));
    const { entries, trouble, told } = await read(file);
    expect(trouble).toBeNull();
    expect(entries).toEqual(SMALL);
    expect(told.at(-1)).toBe(file.size);
  });

  it('says of an archive what to do with it, and of damaged gzip that it is damaged', async () => {
    expect((await read([new Uint8Array([0x50, 0x4b, 3, 4, 0])])).trouble?.message).toBe(
      'It is a ZIP archive: unpack it, and open the HAR in it.',
    );
    const { trouble } = await read([new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3])]);
    expect(trouble?.message).not.toMatch(/^$|state/);
  });

  it('says that it was cut off, wherever that is, and tells the entries before', async () => {
    const data = bytes(har(...SMALL));
    /** Where each entry ends: before the end of list, log and file. */
    const ends = SMALL.map((_, n) => bytes(har(...SMALL.slice(0, n + 1))).length - 3);
    for (let length = 0; length < data.length; length += 1) {
      const { entries, trouble } = await read([data.slice(0, length)]);
      expect(trouble, `cut after ${length}`).toEqual({
        message: length ? 'It ends in the middle: it was cut off.' : 'It is empty.',
        at: length,
      });
      expect(entries, `cut after ${length}`).toEqual(SMALL.slice(0, ends.filter((end) => end <= length).length));
    }
  });

  it.each([
    ['a value that is none', `${har(1, 2).slice(0, -3)},oops,3]}}`, 2],
    ['a comma too many', `${har(1, 2).slice(0, -3)},]}}`, 2],
    ['a bare newline in a text', `${har(1).slice(0, -3)},"a\n"]}}`, 1],
    ['a number with a zero before it', `${har(1).slice(0, -3)},012]}}`, 2],
    ['something behind its end', `${har(1, 2)}x`, 2],
    ['two files in one', `${har(1)}${har(2)}`, 1],
    ['no UTF-8', new Uint8Array([...bytes(`${har(1).slice(0, -3)},"`), 0xff, 0xfe, ...bytes('"]}}')]), 1],
    ['no JSON', '<html></html>', 0],
    ['zeros', new Uint8Array(20), 0],
  ])('tells what came before %s, and that it is broken', async (_name, part, count) => {
    const { entries, trouble } = await read([part]);
    expect(trouble?.message).not.toMatch(/^$|cut off|no HAR/);
    expect(entries.length).toBeLessThanOrEqual(count);
    expect(entries.length).toBeGreaterThanOrEqual(Math.min(1, count));
  });

  it('says after which bytes a big file is broken', async () => {
    const entries = Array.from({ length: 3000 }, (_, n) => ({ n, text: 'x'.repeat(40) }));
    const text = `${har(...entries).slice(0, -3)},oops`;
    const { entries: told, trouble } = await read([text]);
    expect(told).toEqual(entries);
    expect(trouble?.at).toBeLessThanOrEqual(text.length);
    expect(trouble?.at).toBeGreaterThan(text.length - 65_537);
    expect(trouble?.message).toContain(String(text.length - 4));
  });

  it('says at which byte a small file is broken', async () => {
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
  ])('says that %s is no HAR', async (text) => {
    const { entries, trouble } = await read([text]);
    expect(entries).toEqual([]);
    expect(trouble?.message).toMatch(/no HAR/);
  });

  it('takes a log without any entry for a HAR', async () => {
    expect((await read([har()])).trouble).toBeNull();
  });

  it('hands entries of any kind on as they are', async () => {
    const odd = [1, 'a', null, [], [[1]], { log: { entries: [9] } }, { version: '9' }];
    expect((await read([har(...odd)])).entries).toEqual(odd);
  });

  it('keys of the file are keys, and change no object', async () => {
    const { entries, trouble } = await read([
      '{"__proto__":{"log":{"entries":[0]}},"log":{"entries":[{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]}}',
    ]);
    expect(trouble).toBeNull();
    expect(entries).toHaveLength(1);
    expect(Object.keys(entries[0] as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(entries[0])).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('goes down as deep as it has to', async () => {
    const deep = 5000;
    const { entries, trouble } = await read([`{"log":{"entries":[${'['.repeat(deep)}${']'.repeat(deep)},2]}}`]);
    expect(trouble).toBeNull();
    expect(entries[1]).toBe(2);
  });

  it('stops where nobody waits for it any more, and lets the file go', async () => {
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

  it('says why a file cannot be read', async () => {
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

  it('lets everything else have its turn between two pieces', async () => {
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
