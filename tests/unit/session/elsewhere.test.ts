// Data of one page, and commands for it, never reach another page.

import { describe, expect, it } from 'vitest';
import { lastOutcome } from '@/lib/session/run';
import { error, listed, ORIGIN, page, sample, settled, started, T0 } from '../fakes/make';
import { attached, sends } from '../fakes/story';

const OTHER = 'https://other.example';
const run = (document: string, client: number) => ({
  type: 'run' as const,
  id: 'op-1',
  operation: 'regenerateUUIDWithClientIdentifier' as const,
  args: { clientIdentifier: 'anna' },
  anyway: false,
  deadline: 10_000,
  of: { document, client },
});

describe('an operation', () => {
  it('includes the document and origin it is meant for', () => {
    const made = attached();
    const { effects } = made.tell({ at: T0 + 10, ...run('doc-1', 1) });
    expect(sends(effects)).toMatchObject([{ kind: 'run', document: 'doc-1', origin: ORIGIN, client: 1 }]);
  });

  it.each([
    ['another document', 'doc-0', 1],
    ['another client', 'doc-1', 2],
  ])('meant for %s is refused, and nothing is sent', (_name, document, ref) => {
    const made = attached();
    const { effects } = made.tell({ at: T0 + 10, ...run(document, ref) });
    expect(effects).toEqual([
      { type: 'refuse', id: 'op-1', problem: expect.objectContaining({ kind: 'gone', code: 'elsewhere' }) as unknown },
    ]);
    expect(made.stage.activity).toEqual({ kind: 'idle' });
  });

  it('that ended is not refused when it is repeated', () => {
    const made = attached();
    made.tell({ at: T0 + 10, ...run('doc-1', 1) });
    made.says(T0 + 20, [started('op-1'), settled('op-1', { how: 'error', error: error() })]);
    made.says(T0 + 30, [page(), sample('uuid-9')], 'doc-2');
    expect(made.tell({ at: T0 + 40, ...run('doc-1', 1) }).effects).toEqual([]);
  });
});

describe('another origin, as reported by the browser', () => {
  it('ends the session: nothing of its customer, frames and token is left', () => {
    const made = attached();
    made.lists(T0 + 5, listed('doc-1', null), listed('doc-f', 'f'));
    const { nth } = made.session.history;
    made.tell({ at: T0 + 10, type: 'navigated', origin: OTHER });
    expect(made.session).toMatchObject({
      tab: { site: OTHER, listing: [], alarmAt: null },
      visit: { origin: null },
      page: { document: null, clients: [] },
      history: { nth: nth + 1, spans: { uuid: null, token: null } },
      stage: { phase: 'searching' },
    });
    expect(JSON.stringify(made.session)).not.toContain('uuid-1');
  });

  it('found by a survey ends the session too, and the running operation ends once', () => {
    const made = attached();
    made.tell({ at: T0 + 10, ...run('doc-1', 1) });
    made.says(T0 + 20, [started('op-1')]);
    made.lists(T0 + 30, listed('doc-b', null, [], OTHER), listed('doc-f', 'f', undefined, OTHER));
    expect(made.session).toMatchObject({
      tab: { site: OTHER, target: { document: 'doc-f' } },
      visit: { origin: null },
      page: { document: null, clients: [] },
    });
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-1', verdict: 'interrupted' });
  });

  it('under a known document name starts a new session', () => {
    const made = attached();
    made.says(T0 + 10, [page(), sample('uuid-b')], 'doc-1', OTHER);
    expect(made.session).toMatchObject({ visit: { origin: OTHER }, history: { nth: 1 } });
    expect(JSON.stringify(made.session)).not.toContain('uuid-1');
  });

  it("of a frame is not mistaken for the page's own", () => {
    const made = attached();
    made.lists(T0 + 5, listed('doc-1', null, []), listed('doc-f', 'f', undefined, OTHER));
    made.choose(T0 + 6, 'doc-f');
    made.says(T0 + 7, [page(), sample('uuid-f')], 'doc-f', OTHER);
    expect(made.session).toMatchObject({ tab: { site: ORIGIN }, visit: { origin: OTHER } });
    made.tell({ at: T0 + 8, type: 'navigated', origin: ORIGIN });
    expect(made.stage.customer.uuid).toBe('uuid-f');
    made.tell({ at: T0 + 9, type: 'navigated', origin: OTHER });
    expect(made.session).toMatchObject({ tab: { site: OTHER, target: null }, stage: { phase: 'searching' } });
  });

  it('after a page that could not be loaded starts a new session, while the same origin continues it', () => {
    const problem = { kind: 'forbidden' as const, message: 'closed' };
    const same = attached();
    same.tell({ at: T0 + 10, type: 'lost', problem });
    same.tell({ at: T0 + 20, type: 'navigated', origin: ORIGIN });
    same.says(T0 + 30, [page(), sample('uuid-1')], 'doc-2');
    expect(same.session).toMatchObject({ history: { nth: 0, documents: 2 } });
    const other = attached();
    other.tell({ at: T0 + 10, type: 'lost', problem });
    other.tell({ at: T0 + 20, type: 'navigated', origin: OTHER });
    expect(other.session).toMatchObject({ history: { nth: 1 }, visit: { origin: null } });
  });
});

it('unreached frames are cleared when the page is lost', () => {
  const made = attached();
  made.tell({ at: T0 + 5, type: 'listed', documents: [listed('doc-1', null)], beyond: ['https://shop.example/frame'] });
  expect(made.session.tab.beyond).toHaveLength(1);
  made.tell({ at: T0 + 10, type: 'lost', problem: { kind: 'forbidden', message: 'closed' } });
  expect(made.session.tab.beyond).toEqual([]);
});

it('data left by an SDK is stored only for the document that was asked', () => {
  const made = attached();
  const markup = { idle: [], cookies: ['_snrs_uuid=1'], scripts: [], inits: [], keys: [] };
  made.tell({ at: T0 + 10, type: 'markup', document: 'doc-0', markup });
  expect(made.session.page.cookies).toEqual([]);
  made.tell({ at: T0 + 11, type: 'markup', document: 'doc-1', markup });
  expect(made.session.page.cookies).toEqual(['_snrs_uuid=1']);
  made.says(T0 + 12, [page()], 'doc-2');
  expect(made.session.page.cookies).toEqual([]);
});
