/** Reads a HAR of any size piece by piece: no more of it is in memory than what is kept. */
import { JSONParser } from '@streamparser/json';
import { turn } from '../slices';

/** Bytes that are read between two turns: a few ms of work. */
const PIECE = 64 * 1024;

/** Where in the whole file the parser stopped, in its own words. */
const PLACE = /absolute position "(\d+)"/;

export interface HarReading {
  /** Takes each entry of the log, in order. */
  entry(raw: unknown): void;
  /** How many bytes were read. */
  progress(bytes: number): void;
  isOver(): boolean;
}

/** Why a file could not be read to its end: what is wrong, and after how many bytes. */
export interface HarTrouble {
  readonly message: string;
  readonly at: number;
}

/** Reads a file. Gives `null` at its end, or where it was given up; what was wrong else: entries before it were told. */
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
  const reader = file.stream().getReader();
  let read = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (let from = 0; from < value.length; from += PIECE) {
        const piece = value.subarray(from, from + PIECE);
        parser.write(piece);
        if (trouble !== null) return { message: trouble, at: Number(PLACE.exec(trouble)?.[1] ?? read) };
        read += piece.length;
        progress(read);
        await turn();
        if (isOver()) return null;
      }
    }
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), at: read };
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (!parser.isEnded) return { message: read ? 'It ends in the middle: it was cut off.' : 'It is empty.', at: read };
  return entries || seen ? null : { message: 'It is JSON, and no HAR: it has no log with entries.', at: 0 };
}
