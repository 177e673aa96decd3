// A view's changes of what a page keeps: answered by one message or two, by a problem, or not in time.
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

type Keep = Extract<ViewMessage, { type: 'keep' }>;
const change = (name: string, value: string | null = null): CookieChange => ({ area: 'cookie', name, value });
const undo = (name: string): CookieChange => ({ ...change(name, 'old'), at: [] });

/** A view over a background that a test plays. */
function view() {
  const sent: ViewMessage[] = [];
  let handlers: Parameters<OpenPort>[0] | null = null;
  const open: OpenPort = (given) => {
    handlers = given;
    return { send: (message) => void sent.push(message), close: () => undefined };
  };
  const model = createModel({ tab: 7, view: 'panel', lends: false, open });
  const hear = (message: BackgroundMessage) => handlers?.onMessage(message);
  const keeps = () => sent.filter((message): message is Keep => message.type === 'keep');
  return {
    hear,
    keeps,
    /** Asks for changes; `ended` tells how that went, as it goes. */
    keep(...changes: CookieChange[]) {
      const ended: unknown[] = [];
      void model.keep(changes, ORIGIN).then(
        (undone) => ended.push(undone),
        (error: unknown) => ended.push(problemOf(error)),
      );
      return { ended, id: keeps().at(-1)?.id ?? '' };
    },
    kept: (id: string, of: readonly CookieChange[], failed: readonly string[] = []) => hear({ type: 'kept', id, undo: of, failed }),
  };
}
const flush = () => vi.advanceTimersByTimeAsync(0);

describe('keep', () => {
  it('says what is to be changed, and where, under an id of its own', () => {
    const { keep, keeps } = view();
    keep(change('a', '1'), change('b'));
    keep(change('a', '1'));
    expect(keeps()).toMatchObject([{ origin: ORIGIN, changes: [change('a', '1'), change('b')] }, { changes: [change('a', '1')] }]);
    expect(new Set(keeps().map(({ id }) => id)).size).toBe(2);
  });

  it('gives what undoes it, and which changes took no effect', async () => {
    const { keep, kept } = view();
    const { ended, id } = keep(change('a'), change('b'), change('c'));
    kept(id, [undo('a'), undo('c')], ['b']);
    await flush();
    expect(ended).toEqual([{ undo: [undo('a'), undo('c')], failed: ['b'] }]);
  });

  it('waits for the browser’s part and the page’s, in whatever order they come', async () => {
    const { keep, kept } = view();
    const { ended, id } = keep(change('a'), change('b'), change('c'));
    kept(id, [undo('c')], ['b']);
    await vi.advanceTimersByTimeAsync(4000);
    expect(ended).toEqual([]);
    kept(id, [undo('a')]);
    await flush();
    expect(ended).toEqual([{ undo: [undo('c'), undo('a')], failed: ['b'] }]);
    // What comes after that, or comes twice, changes nothing.
    kept(id, [undo('a')]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended).toHaveLength(1);
  });

  it('all of which failed gives nothing to undo', async () => {
    const { keep, kept } = view();
    const { ended, id } = keep(change('a'), change('b'));
    kept(id, [], ['a', 'b']);
    await flush();
    expect(ended).toEqual([{ undo: [], failed: ['a', 'b'] }]);
  });

  it('rejects with the problem that the background has, and with no timeout later', async () => {
    const { keep, hear } = view();
    const { ended, id } = keep(change('a'));
    const problem = { kind: 'gone', code: 'navigated', message: 'The tab shows another site by now.' } as const;
    hear({ type: 'answer', id, problem });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended).toEqual([problem]);
  });

  it('is not ended by an answer without a problem, nor by what was kept for another', async () => {
    const { keep, hear, kept } = view();
    const [one, other] = [keep(change('a')), keep(change('b'))];
    hear({ type: 'answer', id: one.id, problem: null });
    kept('nobody', [undo('a')]);
    kept(other.id, [undo('b')]);
    await flush();
    expect(one.ended).toEqual([]);
    expect(other.ended).toEqual([{ undo: [undo('b')], failed: [] }]);
  });

  it('rejects after five seconds where nobody answers, or only half of it came; and never again', async () => {
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
