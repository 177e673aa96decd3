import { pageNow } from './builtins';

/** An id that is unguessable enough to tell documents apart; `crypto.randomUUID` is unavailable on http. */
export function newId(): string {
  try {
    const numbers = crypto.getRandomValues(new Uint32Array(4));
    return `${numbers[0]}${numbers[1]}${numbers[2]}${numbers[3]}`;
  } catch {
    // The page replaced one of these: tell documents apart by load time.
    return `${pageNow()}`;
  }
}
