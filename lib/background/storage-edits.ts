/** Changes to cookies and Web Storage: cookies that the browser reported through the browser, everything else through the page. */
import type { CookieChange, MessageOf } from '../protocol/view-message';
import { type Problem, ProblemError, problemOf } from '../session/problem';
import type { Channels } from './channels';
import type { Watching } from './platform';
import type { Registry } from './registry';
import type { View } from './views';

const ELSEWHERE: Problem = { kind: 'gone', code: 'navigated', message: 'The tab has navigated to another site. Nothing changed.' };

/** Returns a function that makes the changes a view requests, and sends it the changes that undo them. */
export function createStorageEdits({
  registry,
  channels,
  watching,
}: {
  readonly registry: Registry;
  readonly channels: Channels;
  readonly watching: Watching;
}): (view: View, message: MessageOf<'edit-storage'>) => Promise<void> {
  return async (view, { id, origin, changes }) => {
    try {
      if ((await registry.get(view.tab)).visit.origin !== origin) throw new ProblemError(ELSEWHERE);
      const undo: CookieChange[] = [];
      const failed: string[] = [];
      for (const { area, name, value, cookie } of changes) {
        if (!cookie) continue;
        const isMade = await watching.setCookie(view.tab, cookie, value).catch(() => false);
        if (isMade) undo.push({ area, name, value: cookie.value ?? null, cookie });
        else failed.push(name);
      }
      const inPage = changes.filter(({ cookie }) => !cookie);
      // Read the cookies again first, so that the view has their new values when the answer arrives.
      if (undo.length) await channels.of(view.tab).cookies();
      if (undo.length || failed.length || !inPage.length) view.post({ type: 'storage-edited', id, undo, failed });
      if (inPage.length) await registry.apply(view.tab, { type: 'edit-storage', id, origin, changes: inPage });
      await channels.of(view.tab).probe();
    } catch (error) {
      view.post({ type: 'answer', id, problem: problemOf(error) });
    }
  };
}
