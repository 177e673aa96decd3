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
