// Requests as the history has them: each once, whoever saw it, in whatever order, and however often it is told.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Captured } from '@/lib/network/request';
import { noteRequests } from '@/lib/session/captured';
import type { Effect } from '@/lib/session/events';
import { newSession, type Session } from '@/lib/session/session';
import { frozen, T0 } from '../fakes/make';
import { captured } from '../network/make';

const devtools = (n: number, over: Partial<Captured> = {}) =>
  captured({ key: `d${n}`, at: T0 + n * 10, path: `/v4/events/e${n}`, ...over });
const page = (n: number, over: Partial<Captured> = {}) => devtools(n, { key: `p${n}`, via: 'page', at: T0 + n * 10 + 3, ...over });

/** A session that is told one batch after another; frozen, so that nothing is changed in place. */
function told(...batches: readonly (readonly Captured[])[]) {
  let session: Session = frozen(newSession(7, false, T0));
  const effects: Effect[] = [];
  for (const batch of batches) {
    const next = noteRequests(session, frozen([...batch]));
    session = frozen(next.session);
    effects.push(...next.effects);
  }
  return {
    session,
    entries: effects.flatMap((effect) => (effect.type === 'note' ? [effect.entry] : [])),
    keys: effects.flatMap((effect) => (effect.type === 'note' && effect.entry.kind === 'request' ? [effect.entry.key] : [])),
    same: effects.flatMap((effect) => (effect.type === 'same' ? [[effect.key, effect.as]] : [])),
  };
}

describe('noteRequests', () => {
  it('notes what was seen, numbered in the history of its tab', () => {
    const { session, entries } = told([devtools(1), devtools(2)], [page(3)]);
    expect(entries).toEqual([
      { kind: 'request', seq: 1, nth: session.history.nth, ...devtools(1) },
      { kind: 'request', seq: 2, nth: session.history.nth, ...devtools(2) },
      { kind: 'request', seq: 3, nth: session.history.nth, ...page(3) },
    ]);
    expect(session.tab.noted).toBe(3);
  });

  it('changes nothing for what it knows, and for nothing', () => {
    const before = told([devtools(1)]).session;
    expect(noteRequests(before, [devtools(1)]).session).toBe(before);
    expect(noteRequests(before, []).effects).toEqual([]);
  });

  it('one that both saw is one, and the second is told to be the first', () => {
    expect(told([devtools(1)], [page(1)])).toMatchObject({ keys: ['d1'], same: [['p1', 'd1']] });
    expect(told([page(1)], [devtools(1)])).toMatchObject({ keys: ['p1'], same: [['d1', 'p1']] });
  });

  it('both in one message are one', () => {
    expect(told([devtools(1), page(1)])).toMatchObject({ keys: ['d1'], same: [['p1', 'd1']] });
  });

  it('what is told again is not noted again, whichever sighting it is, and its alias is said again', () => {
    const { keys, same } = told([devtools(1)], [page(1)], [page(1)], [devtools(1)]);
    expect(keys).toEqual(['d1']);
    expect(same).toEqual([
      ['p1', 'd1'],
      ['p1', 'd1'],
    ]);
  });

  it('notes one again, under its key, where more is known of it now, and only then', () => {
    const open = page(1, { endedAt: null, status: null, problem: 'failed', gave: null });
    const { entries, same, session } = told([open], [devtools(1, { gave: 'f1' })], [devtools(1, { gave: 'f1' })], [open]);
    const whole = { ...open, endedAt: devtools(1).endedAt, status: 200, problem: null, gave: 'f1' };
    expect(entries).toMatchObject([
      { seq: 1, ...open },
      { seq: 2, ...whole },
    ]);
    expect(same[0]).toEqual(['d1', 'p1']);
    // The first sighting knew it all: the second adds nothing.
    expect(told([devtools(1, { gave: 'f1' })], [open]).entries).toHaveLength(1);
    expect(session.tab.captured).toHaveLength(1);
  });

  it('two that are alike are two: each sighting is taken once', () => {
    const alike = (over: Partial<Captured>) => captured({ ...over });
    const twice = [alike({ key: 'd1' }), alike({ key: 'd2', at: T0 + 5 })];
    const seen = [alike({ key: 'p1', via: 'page', at: T0 + 2 }), alike({ key: 'p2', via: 'page', at: T0 + 7 })];
    expect(told(twice, seen)).toMatchObject({
      keys: ['d1', 'd2'],
      same: [
        ['p1', 'd1'],
        ['p2', 'd2'],
      ],
    });
    // A third that only the page saw stands alone.
    expect(told(twice, seen, [alike({ key: 'p3', via: 'page' })]).keys).toEqual(['d1', 'd2', 'p3']);
  });

  it('of two that are alike the nearer one is the same', () => {
    const seen = [captured({ key: 'p1', via: 'page' }), captured({ key: 'p2', via: 'page', at: T0 + 1500 })];
    // DevTools came between the two.
    expect(told(seen, [captured({ key: 'd2', at: T0 + 1500 })]).same).toEqual([['d2', 'p2']]);
  });

  it('the same address later is another request', () => {
    expect(told([devtools(1)], [page(1, { at: T0 + 5000 })]).keys).toEqual(['d1', 'p1']);
  });

  it('keeps a bounded number of them', () => {
    const many = Array.from({ length: 1000 }, (_, n) => devtools(n));
    const { session, keys } = told(many);
    expect(keys).toHaveLength(1000);
    expect(session.tab.captured.length).toBeLessThanOrEqual(200);
  });

  it('DevTools that tell at once all that a watched page had told before are not noted again', () => {
    // As when the panel is opened on a page: `getHAR` tells all of them. What is longer ago the hub compares with the history.
    const seen = Array.from({ length: 90 }, (_, n) => page(n));
    const { keys } = told(
      seen,
      seen.map((_, n) => devtools(n)),
    );
    expect(keys).toHaveLength(90);
  });

  it('whoever tells it first, in whatever pieces and however often: each once, by one of its two keys', () => {
    const telling = fc.array(fc.record({ n: fc.nat({ max: 9 }), by: fc.constantFrom('d', 'p'), cut: fc.boolean() }), { maxLength: 40 });
    fc.assert(
      fc.property(telling, (story) => {
        const batches: Captured[][] = [[]];
        for (const { n, by, cut } of story) {
          if (cut) batches.push([]);
          batches.at(-1)?.push(by === 'd' ? devtools(n) : page(n));
        }
        const { keys, same, session } = told(...batches);
        const first = new Map<number, string>();
        for (const { n, by } of story) if (!first.has(n)) first.set(n, `${by}${n}`);
        expect(keys).toEqual([...first.values()]);
        expect(session.tab.noted).toBe(first.size);
        const others = new Set(story.map(({ n, by }) => `${by}${n}`).filter((key) => !keys.includes(key)));
        expect(new Set(same.map(([key]) => key))).toEqual(others);
        for (const [key, as] of same) expect(as?.slice(1)).toBe(key?.slice(1));
      }),
    );
  });
});
