// Requests in the history: each once, whichever source captured it, in any order, and however often it is reported.
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

/** A session that receives one batch after another; frozen, so that nothing is modified in place. */
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
  it("records the requests, numbered in the tab's history", () => {
    const { session, entries } = told([devtools(1), devtools(2)], [page(3)]);
    expect(entries).toEqual([
      { kind: 'request', seq: 1, nth: session.history.nth, ...devtools(1) },
      { kind: 'request', seq: 2, nth: session.history.nth, ...devtools(2) },
      { kind: 'request', seq: 3, nth: session.history.nth, ...page(3) },
    ]);
    expect(session.tab.noted).toBe(3);
  });

  it('changes nothing for known requests, or for none', () => {
    const before = told([devtools(1)]).session;
    expect(noteRequests(before, [devtools(1)]).session).toBe(before);
    expect(noteRequests(before, []).effects).toEqual([]);
  });

  it('merges a request that both sources captured, and reports the second key as an alias', () => {
    expect(told([devtools(1)], [page(1)])).toMatchObject({ keys: ['d1'], same: [['p1', 'd1']] });
    expect(told([page(1)], [devtools(1)])).toMatchObject({ keys: ['p1'], same: [['d1', 'p1']] });
  });

  it('merges both captures in one message', () => {
    expect(told([devtools(1), page(1)])).toMatchObject({ keys: ['d1'], same: [['p1', 'd1']] });
  });

  it('records no repeated capture again, but repeats its alias', () => {
    const { keys, same } = told([devtools(1)], [page(1)], [page(1)], [devtools(1)]);
    expect(keys).toEqual(['d1']);
    expect(same).toEqual([
      ['p1', 'd1'],
      ['p1', 'd1'],
    ]);
  });

  it('records a request again under its key only if more is known of it', () => {
    const open = page(1, { endedAt: null, status: null, problem: 'failed', gave: null });
    const { entries, same, session } = told([open], [devtools(1, { gave: 'f1' })], [devtools(1, { gave: 'f1' })], [open]);
    const whole = { ...open, endedAt: devtools(1).endedAt, status: 200, problem: null, gave: 'f1' };
    expect(entries).toMatchObject([
      { seq: 1, ...open },
      { seq: 2, ...whole },
    ]);
    expect(same[0]).toEqual(['d1', 'p1']);
    // The first capture was complete: the second adds nothing.
    expect(told([devtools(1, { gave: 'f1' })], [open]).entries).toHaveLength(1);
    expect(session.tab.captured).toHaveLength(1);
  });

  it('keeps two like requests apart, and matches each capture once', () => {
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
    // A third one that only the page captured is separate.
    expect(told(twice, seen, [alike({ key: 'p3', via: 'page' })]).keys).toEqual(['d1', 'd2', 'p3']);
  });

  it('matches the nearer of two like requests', () => {
    const seen = [captured({ key: 'p1', via: 'page' }), captured({ key: 'p2', via: 'page', at: T0 + 1500 })];
    // DevTools started between the two.
    expect(told(seen, [captured({ key: 'd2', at: T0 + 1500 })]).same).toEqual([['d2', 'p2']]);
  });

  it('treats the same URL at a later time as another request', () => {
    expect(told([devtools(1)], [page(1, { at: T0 + 5000 })]).keys).toEqual(['d1', 'p1']);
  });

  it('keeps a bounded number of requests', () => {
    const many = Array.from({ length: 1000 }, (_, n) => devtools(n));
    const { session, keys } = told(many);
    expect(keys).toHaveLength(1000);
    expect(session.tab.captured.length).toBeLessThanOrEqual(200);
  });

  it('records nothing again if DevTools reports everything that a watched page reported before', () => {
    // As when the panel opens on a page: `getHAR` returns all requests. The hub compares older ones with the history.
    const seen = Array.from({ length: 90 }, (_, n) => page(n));
    const { keys } = told(
      seen,
      seen.map((_, n) => devtools(n)),
    );
    expect(keys).toHaveLength(90);
  });

  it('records each request once under one of its two keys, for arbitrary orders and batches', () => {
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
