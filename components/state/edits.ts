/** Changes of a page's storage that this view asked for, until they are answered. */
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import type { CookieChange, ViewMessage } from '@/lib/protocol/view-message';
import { type Problem, ProblemError } from '@/lib/session/problem';

/** The changes that undo changes to a page's storage, and the names of those that had no effect. */
export interface Undone {
  readonly undo: readonly CookieChange[];
  readonly failed: readonly string[];
}

/** Timeout of a storage change (ms). */
const PATIENCE = 5000;

const UNEDITED: Problem = { kind: 'timeout', message: 'The page didn’t respond. Check the list.' };

export interface Edits {
  /** Changes storage of `origin`. Resolves with how to undo it and what had no effect; rejects with a `ProblemError` on failure. */
  edit(changes: readonly CookieChange[], origin: string): Promise<Undone>;
  edited(message: Extract<BackgroundMessage, { type: 'storage-edited' }>): void;
  /** The background refused a command, which may be one of these. */
  refused(id: string, problem: Problem): void;
}

export function createEdits(send: (message: ViewMessage) => void): Edits {
  const open = new Map<string, { edited(part: Undone): void; end(problem: Problem | null): void }>();
  return {
    edit: (changes, origin) =>
      new Promise((resolve, reject) => {
        const id = crypto.randomUUID();
        const undo: CookieChange[] = [];
        const failed: string[] = [];
        const end = (problem: Problem | null) => {
          clearTimeout(timer);
          open.delete(id);
          if (problem) reject(new ProblemError(problem));
          else resolve({ undo, failed });
        };
        const timer = setTimeout(() => end(UNEDITED), PATIENCE);
        open.set(id, {
          end,
          // The browser and the page answer one after the other.
          edited(part) {
            undo.push(...part.undo);
            failed.push(...part.failed);
            if (undo.length + failed.length >= changes.length) end(null);
          },
        });
        send({ type: 'edit-storage', id, origin, changes });
      }),
    edited: (message) => open.get(message.id)?.edited(message),
    refused: (id, problem) => open.get(id)?.end(problem),
  };
}
