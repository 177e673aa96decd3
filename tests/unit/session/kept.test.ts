// What a session keeps of a visit, and what it keeps within bounds.
import { describe, expect, it } from 'vitest';
import { listed, ORIGIN, page, sample, settled, started, T0 } from '../fakes/make';
import { attached } from '../fakes/story';

describe('a visit', () => {
  it('keeps the last 20 changes of cookies', () => {
    const made = attached();
    for (let n = 0; n < 25; n += 1)
      made.tell({ at: T0 + n, type: 'cookie', news: { name: `_snrs_${n}`, removed: false, cause: 'explicit', uuid: null } });
    const names = made.session.visit.cookieNews.map(({ name }) => name);
    expect(names).toHaveLength(20);
    expect([names[0], names.at(-1)]).toEqual(['_snrs_5', '_snrs_24']);
  });

  it('keeps its last 10 earlier documents, each once even if the tab returns to it', () => {
    const made = attached();
    const visit = (n: number, document: string) => made.says(T0 + n * 1000, [page(), sample('uuid-1')], document);
    for (let n = 2; n <= 6; n += 1) visit(n, n % 2 ? 'doc-1' : 'doc-2');
    expect(made.session.visit.past.map(({ document }) => document)).toEqual(['doc-2', 'doc-1']);
    for (let n = 10; n < 30; n += 1) visit(n, `doc-${n}`);
    const past = made.session.visit.past.map(({ document }) => document);
    expect(past).toHaveLength(10);
    expect(new Set(past).size).toBe(10);
    expect(past.at(-1)).toBe('doc-28');
  });

  it('keeps its site if a survey finds no top document', () => {
    const made = attached();
    made.lists(T0 + 1, listed('doc-1', null));
    expect(made.session.tab.site).toBe(ORIGIN);
    made.lists(T0 + 2, listed('doc-f', 'f1'));
    expect(made.session.tab.site).toBe(ORIGIN);
  });

  it('takes the site of its requests only if they come with one', () => {
    const made = attached();
    made.lists(T0 + 1, listed('doc-1', null));
    made.tell({ at: T0 + 2, type: 'requests', requests: [], records: [] });
    expect(made.session.tab.site).toBe(ORIGIN);
    made.tell({ at: T0 + 3, type: 'requests', requests: [], records: [], site: 'https://other.example' });
    expect(made.session.tab.site).toBe('https://other.example');
  });
});

describe('a tab', () => {
  it('keeps each operation that ended once, in order, and the last 50', () => {
    const made = attached();
    for (let n = 1; n <= 60; n += 1) {
      const at = T0 + n * 10_000;
      made.run(`op-${n}`, at, 'getUUID');
      made.says(at + 10, [started(`op-${n}`)]);
      made.says(at + 20, [settled(`op-${n}`, { value: 'uuid-1' })]);
      made.says(at + 3000, [sample('uuid-1')]);
    }
    const ids = made.session.runs.ended.map(({ id }) => id);
    expect(ids.slice(-3)).toEqual(['op-58', 'op-59', 'op-60']);
    expect(ids).toHaveLength(50);
    expect(new Set(ids).size).toBe(50);
  });
});

describe('an operation that is being checked', () => {
  it('is read again soon if the clock is set back meanwhile', () => {
    const made = attached();
    made.run('op-1', T0 + 1000);
    made.says(T0 + 1010, [started('op-1')]);
    made.says(T0 + 60_000, [settled('op-1')]);
    expect(made.stage.activity).toMatchObject({ kind: 'checking', settledAt: T0 + 60_000 });
    made.says(T0 + 500, []);
    expect(made.stage.activity).toMatchObject({ run: { at: T0 + 500 }, settledAt: T0 + 500, nextAt: T0 + 700 });
  });
});
