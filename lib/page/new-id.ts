import { pageNow } from './builtins';

/** Unguessable enough to tell documents apart; `crypto.randomUUID` is absent on http. */
export function newId(): string {
  try {
    const numbers = crypto.getRandomValues(new Uint32Array(4));
    return `${numbers[0]}${numbers[1]}${numbers[2]}${numbers[3]}`;
  } catch {
    // The page replaced one of them: told apart by when they were loaded.
    return `${pageNow()}`;
  }
}
