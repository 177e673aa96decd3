// A view's changes to a page's cookies and storage: answered in one message or two, with a problem, or not in time.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createModel, type OpenPort } from '@/components/state/model';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import type { CookieChange, ViewMessage } from '@/lib/protocol/view-message';
import { problemOf } from '@/lib/session/problem';
import { ORIGIN, T0 } from '../../fakes/make';

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  return () => {
    vi.clearAllTimers();
    vi.useRealTimers();
  };
});

type Keep = Extract<ViewMessage, { type: 'edit-storage' }>;
const change = (name: string, value: string | null = null): CookieChange => ({ area: 'cookie', name, value });
const undo = (name: string): CookieChange => ({ ...change(name, 'old'), at: [] });

/** A view of a background that the test plays. */
function view() {
  const sent: ViewMessage[] = [];
  let handlers: Parameters<OpenPort>[0] | null = null;
  const open: OpenPort = (given) => {
    handlers = given;
    return { send: (message) => void sent.push(message), close: () => undefined };
  };
  const model = createModel({ tab: 7, view: 'panel', lends: false, open });
  const hear = (message: BackgroundMessage) => handlers?.onMessage(message);
  const keeps = () => sent.filter((message): message is Keep => message.type === 'edit-storage');
  return {
    hear,
    keeps,
    /** Requests changes; `ended` collects the results as they arrive. */
    keep(...changes: CookieChange[]) {
      const ended: unknown[] = [];
      void model.editStorage(changes, ORIGIN).then(
        (undone) => ended.push(undone),
        (error: unknown) => ended.push(problemOf(error)),
      );
      return { ended, id: keeps().at(-1)?.id ?? '' };
    },
    kept: (id: string, of: readonly CookieChange[], failed: readonly string[] = []) =>
      hear({ type: 'storage-edited', id, undo: of, failed }),
  };
}
const flush = () => vi.advanceTimersByTimeAsync(0);

describe('keep', () => {
  it('sends the changes and the origin under a unique id', () => {
    const { keep, keeps } = view();
    keep(change('a', '1'), change('b'));
    keep(change('a', '1'));
    expect(keeps()).toMatchObject([{ origin: ORIGIN, changes: [change('a', '1'), change('b')] }, { changes: [change('a', '1')] }]);
    expect(new Set(keeps().map(({ id }) => id)).size).toBe(2);
  });

  it('resolves with what undoes the changes, and with those that had no effect', async () => {
    const { keep, kept } = view();
    const { ended, id } = keep(change('a'), change('b'), change('c'));
    kept(id, [undo('a'), undo('c')], ['b']);
    await flush();
    expect(ended).toEqual([{ undo: [undo('a'), undo('c')], failed: ['b'] }]);
  });

  it("waits for the browser's part and the page's part, in either order", async () => {
    const { keep, kept } = view();
    const { ended, id } = keep(change('a'), change('b'), change('c'));
    kept(id, [undo('c')], ['b']);
    await vi.advanceTimersByTimeAsync(4000);
    expect(ended).toEqual([]);
    kept(id, [undo('a')]);
    await flush();
    expect(ended).toEqual([{ undo: [undo('c'), undo('a')], failed: ['b'] }]);
    // Later or repeated messages change nothing.
    kept(id, [undo('a')]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended).toHaveLength(1);
  });

  it('resolves with nothing to undo if every change failed', async () => {
    const { keep, kept } = view();
    const { ended, id } = keep(change('a'), change('b'));
    kept(id, [], ['a', 'b']);
    await flush();
    expect(ended).toEqual([{ undo: [], failed: ['a', 'b'] }]);
  });

  it("rejects with the background's problem, and does not time out later", async () => {
    const { keep, hear } = view();
    const { ended, id } = keep(change('a'));
    const problem = { kind: 'gone', code: 'navigated', message: 'The tab has navigated to another site.' } as const;
    hear({ type: 'answer', id, problem });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended).toEqual([problem]);
  });

  it('is not settled by an answer without a problem, or by the result of another request', async () => {
    const { keep, hear, kept } = view();
    const [one, other] = [keep(change('a')), keep(change('b'))];
    hear({ type: 'answer', id: one.id, problem: null });
    kept('nobody', [undo('a')]);
    kept(other.id, [undo('b')]);
    await flush();
    expect(one.ended).toEqual([]);
    expect(other.ended).toEqual([{ undo: [undo('b')], failed: [] }]);
  });

  it('rejects once after five seconds if no answer or only half of it came', async () => {
    const { keep, kept } = view();
    const [none, half] = [keep(change('a')), keep(change('a'), change('b'))];
    kept(half.id, [undo('a')]);
    await vi.advanceTimersByTimeAsync(4999);
    expect([none.ended, half.ended]).toEqual([[], []]);
    await vi.advanceTimersByTimeAsync(1);
    expect([none.ended, half.ended]).toMatchObject([[{ kind: 'timeout' }], [{ kind: 'timeout' }]]);
    kept(half.id, [undo('b')]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([none.ended, half.ended].map(({ length }) => length)).toEqual([1, 1]);
  });
});
