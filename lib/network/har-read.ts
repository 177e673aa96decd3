/** Reads a HAR file of any size in pieces: only what is kept is in memory. */
import { JSONParser } from '@streamparser/json';
import { turn } from '../tasks/slices';

/** Bytes to parse before yielding to other tasks: a few ms of work. */
const PIECE = 64 * 1024;

/** The position at which the parser stopped, in its error message. */
const PLACE = /absolute position "(\d+)"/;

interface Format {
  readonly begins: readonly number[];
  /** Returns the text as UTF-8, or a sentence that explains why it can't be read. */
  read(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> | string;
}

const ofUtf16 =
  (label: string): Format['read'] =>
  (bytes) =>
    bytes.pipeThrough(new TextDecoderStream(label)).pipeThrough(new TextEncoderStream());
/** Compression formats and encodings of a recording, by their first bytes. JSON in UTF-8 matches none. */
const FORMATS: readonly Format[] = [
  { begins: [0x1f, 0x8b], read: (bytes) => bytes.pipeThrough(new DecompressionStream('gzip')) },
  { begins: [0xff, 0xfe], read: ofUtf16('utf-16le') },
  { begins: [0xfe, 0xff], read: ofUtf16('utf-16be') },
  { begins: [0x7b, 0x00], read: ofUtf16('utf-16le') },
  { begins: [0x00, 0x7b], read: ofUtf16('utf-16be') },
  { begins: [0x50, 0x4b], read: () => 'ZIP archive. Extract the HAR first.' },
];

export interface HarReading {
  /** Called with each entry of the log, in order. */
  entry(raw: unknown): void;
  /** Called with the number of bytes of the file read so far. */
  progress(bytes: number): void;
  isOver(): boolean;
}

/** Why a file couldn't be read completely, and after how many bytes. */
export interface HarTrouble {
  readonly message: string;
  readonly at: number;
}

/** Reads a HAR file. Returns `null` at its end or when `isOver` is true, otherwise the problem; earlier entries were passed to `entry`. */
export async function readHar(file: Blob, { entry, progress, isOver }: HarReading): Promise<HarTrouble | null> {
  let entries = 0;
  let seen = 0;
  let trouble: string | null = null;
  const parser = new JSONParser({ paths: ['$.log.entries.*', '$.log.version'], keepStack: false });
  parser.onValue = ({ value, key }) => {
    if (key === 'version') seen += 1;
    else {
      entries += 1;
      entry(value);
    }
  };
  parser.onError = (error) => {
    trouble ??= error.message;
  };
  let read = 0;
  let taken = 0;
  // If the file can't be read, the stream below fails with the reason.
  const first = new Uint8Array(
    await file
      .slice(0, 2)
      .arrayBuffer()
      .catch(() => new ArrayBuffer(0)),
  );
  const format = FORMATS.find(({ begins }) => begins.every((byte, at) => first[at] === byte));
  const counting = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(bytes, control) {
      taken += bytes.length;
      control.enqueue(bytes);
    },
  });
  const text = format ? format.read(file.stream().pipeThrough(counting)) : file.stream();
  if (typeof text === 'string') return { message: text, at: 0 };
  const reader = text.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (let from = 0; from < value.length; from += PIECE) {
        const piece = value.subarray(from, from + PIECE);
        parser.write(piece);
        if (trouble !== null) {
          const at = Number(PLACE.exec(trouble)?.[1] ?? read);
          return { message: 'Not valid JSON.', at };
        }
        read += piece.length;
        progress(format ? taken : read);
        await turn();
        if (isOver()) return null;
      }
    }
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), at: read };
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (!parser.isEnded) return { message: read ? 'File is truncated.' : 'File is empty.', at: read };
  return entries || seen ? null : { message: 'Not a HAR file (no log entries).', at: 0 };
}
