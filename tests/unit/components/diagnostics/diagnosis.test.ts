// When the rules run: shortly after a change, not too often, and periodically.

import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { caseNow, type Watched } from '@/components/diagnostics/case-now';
import { createDiagnoser, type Work } from '@/components/diagnostics/diagnosis';
import type { Held } from '@/components/state/record';
import type { Case } from '@/lib/diagnostics/case';
import { attempt, inSight } from '@/lib/diagnostics/diagnose';
import type { Rule } from '@/lib/diagnostics/rule';
import { patched } from '@/lib/protocol/patch';
import type { HistoryEntry } from '@/lib/session/history/history';
import { newSession, type Session } from '@/lib/session/session';
import type { SeenCookie } from '@/lib/web/cookies';
import { MINUTE, T0 } from '../../fakes/make';

beforeEach(() => void vi.useFakeTimers({ now: T0 }));
afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const rule = (id: string, check: Rule['check'], severity: Rule['severity'] = 'warning'): Rule => ({
  ...{ id, severity, check, title: id, looksAt: '', advice: '', source: '' },
});
const always = (id: string, severity?: Rule['severity']) => rule(id, ({ path }) => ({ evidence: [path] }), severity);
const entry = (seq: number): HistoryEntry => ({ seq, nth: 0, at: T0 + seq, kind: 'document', path: `/${seq}`, by: 'navigate' });

interface Options {
  readonly rules?: readonly Rule[];
  /** How long a run takes on the clock (ms). */
  readonly takes?: number;
  readonly session?: Session | null;
  readonly load?: (work: Work) => Promise<Work>;
  readonly over?: Partial<Work>;
}

function diagnosing({
  rules = [always('one')],
  takes = 0,
  session = newSession(7, false, T0),
  load = async (work) => work,
  over,
}: Options = {}) {
  const watched = {
    session: signal<Session | null>(session),
    record: { live: true, history: signal<Held>({ entries: [], epoch: 0, dropped: 0 }), detailed: signal(0), detailOf: () => null },
    seenCookies: signal<readonly SeenCookie[]>([]),
  } satisfies Watched;
  /** When each run happened, and the case it checked. */
  const runs: number[] = [];
  const cases: Case[] = [];
  const work: Work = {
    rules,
    attempt,
    inSight(subject) {
      runs.push(Date.now() - T0);
      cases.push(subject);
      if (takes) vi.setSystemTime(Date.now() + takes);
      return inSight(subject);
    },
    caseNow,
    ...over,
  };
  const loads = vi.fn(() => load(work));
  const diagnoser = createDiagnoser(watched, loads);
  let seen = 0;
  return {
    ...watched,
    diagnoser,
    runs,
    cases,
    loads,
    change() {
      seen += 1;
      watched.session.value = patched(newSession(7, false, T0), { page: { path: `/${seen}` } });
    },
    found: () => diagnoser.diagnosis.value?.findings.map(({ rule: id }) => id) ?? null,
  };
}

describe('after a change', () => {
  it('runs shortly later, and lists the findings worst first', async () => {
    const made = diagnosing({ rules: [always('small', 'info'), rule('well', () => null), always('bad', 'error')] });
    await pass(249);
    expect([made.runs, made.diagnoser.diagnosis.value, made.diagnoser.rules.value]).toEqual([[], null, []]);
    await pass(1);
    expect(made.runs).toEqual([250]);
    expect(made.found()).toEqual(['bad', 'small']);
    expect(made.diagnoser.diagnosis.value).toMatchObject({ at: T0 + 250, broken: [] });
    expect(made.diagnoser.rules.value).toHaveLength(3);
    expect(made.diagnoser.running.value).toBe(false);
  });

  it.each<[string, (made: ReturnType<typeof diagnosing>) => void]>([
    ['the session', (made) => made.change()],
    [
      'the history',
      ({ record }) => {
        record.history.value = { entries: [entry(1)], epoch: 0, dropped: 0 };
      },
    ],
    [
      'a detail',
      ({ record }) => {
        record.detailed.value += 1;
      },
    ],
    [
      'a cookie that a server set',
      ({ seenCookies }) => {
        seenCookies.value = [{ name: 'a', httpOnly: true }];
      },
    ],
  ])('runs again after a change of %s', async (_what, change) => {
    const made = diagnosing();
    await pass(1000);
    change(made);
    await pass(249);
    expect(made.runs).toEqual([250]);
    await pass(1);
    expect(made.runs).toEqual([250, 1250]);
  });

  it('checks the state at the time of the run: session, entries, cookies', async () => {
    const made = diagnosing();
    await pass(100);
    made.change();
    made.record.history.value = { entries: [entry(1), entry(2)], epoch: 0, dropped: 0 };
    made.seenCookies.value = [{ name: 'seen', httpOnly: true }];
    await pass(150);
    expect(made.cases).toMatchObject([{ at: T0 + 250, path: '/1', set: [{ name: 'seen' }], entries: [{ seq: 1 }, { seq: 2 }] }]);
  });

  it('runs once for changes that arrive together', async () => {
    const made = diagnosing();
    await pass(1000);
    for (let times = 0; times < 5; times += 1) {
      made.change();
      await pass(40);
    }
    await pass(1000);
    expect(made.runs).toEqual([250, 1250]);
    expect(made.cases.at(-1)?.path).toBe('/5');
  });

  it('loads the rules once', async () => {
    const made = diagnosing();
    await pass(20_000);
    expect(made.runs.length).toBeGreaterThan(2);
    expect(made.loads).toHaveBeenCalledTimes(1);
  });

  it('during a run runs once more', async () => {
    let loaded = (): void => undefined;
    const made = diagnosing({ load: (work) => new Promise((resolve) => (loaded = () => resolve(work))) });
    await pass(300);
    expect(made.diagnoser.running.value).toBe(true);
    made.change();
    made.change();
    await pass(2000);
    expect(made.runs).toEqual([]);
    loaded();
    await pass(0);
    expect([made.runs, made.diagnoser.running.value]).toEqual([[2300], false]);
    await pass(249);
    expect(made.runs).toHaveLength(1);
    await pass(1);
    expect(made.runs).toEqual([2300, 2550]);
    // And no further run follows.
    await pass(4999);
    expect(made.runs).toHaveLength(2);
  });

  it('to a null session has no findings', async () => {
    const made = diagnosing();
    await pass(250);
    expect(made.found()).toEqual(['one']);
    made.session.value = null;
    await pass(250);
    expect(made.found()).toBeNull();
  });
});

describe('consecutive changes', () => {
  const storm = async (takes: number, ms: number) => {
    const made = diagnosing({ takes });
    const begun = Date.now();
    while (Date.now() - begun < ms) {
      made.change();
      await pass(10);
    }
    return made.runs.slice(1).map((at, index) => at - (made.runs[index] ?? 0) - takes);
  };

  it('do not starve it, and run it at most four times a second', async () => {
    const gaps = await storm(0, 10_000);
    expect(gaps.length).toBeGreaterThan(30);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(270);
  });

  it('leave a pause of ten times the duration of a run', async () => {
    const gaps = await storm(80, 20_000);
    expect(gaps.length).toBeGreaterThan(15);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(800);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(830);
  });
});

describe('periodic runs', () => {
  it('happen every five seconds', async () => {
    const made = diagnosing({ rules: [rule('late', ({ at }) => (at - T0 < 8000 ? null : { evidence: [] }))] });
    await pass(5249);
    expect([made.runs, made.found()]).toEqual([[250], []]);
    await pass(5001);
    expect([made.runs, made.found()]).toEqual([[250, 5250, 10_250], ['late']]);
  });

  it('are not postponed by a change, which they cover', async () => {
    const made = diagnosing();
    await pass(5200);
    made.change();
    await pass(50);
    expect(made.runs).toEqual([250, 5250]);
    // The periodic run covered the change: it causes no other run.
    await pass(4000);
    expect(made.runs).toEqual([250, 5250]);
  });

  it('continue after the clock is set back or forward', async () => {
    const made = diagnosing();
    await pass(300);
    for (const by of [-60 * MINUTE, 60 * MINUTE]) {
      vi.setSystemTime(Date.now() + by);
      const before = made.runs.length;
      made.change();
      await pass(5000);
      expect(made.runs.length).toBeGreaterThan(before);
    }
  });

  it('leave a pause of ten times the duration of a run too', async () => {
    const made = diagnosing({ takes: 900 });
    await pass(8000);
    expect(made.runs).toEqual([250]);
  });
});

describe('a manual run', () => {
  it('starts at once, and postpones the next periodic one', async () => {
    const made = diagnosing();
    await pass(100);
    made.diagnoser.run();
    await pass(0);
    expect(made.runs).toEqual([100]);
    await pass(4999);
    expect(made.runs).toEqual([100]);
  });

  it('requested during a run runs once more afterwards', async () => {
    const made = diagnosing();
    made.diagnoser.run();
    made.diagnoser.run();
    made.diagnoser.run();
    await pass(0);
    expect(made.runs).toEqual([0]);
    await pass(1000);
    expect(made.runs).toEqual([0, 250]);
  });
});

describe('a failure', () => {
  it('in a rule is recorded, and does not affect the other rules', async () => {
    const broken = rule('broken', () => {
      throw new Error('a fault of ours');
    });
    const made = diagnosing({ rules: [always('first'), broken, always('last')] });
    await pass(250);
    expect(made.diagnoser.diagnosis.value).toMatchObject({ broken: ['broken'], findings: [{ rule: 'first' }, { rule: 'last' }] });
    expect(made.diagnoser.trouble.value).toBeNull();
    await pass(5000);
    expect(made.runs).toHaveLength(2);
  });

  it('to load the rules is reported, and retried only manually', async () => {
    const made = diagnosing({ load: () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')) });
    await pass(250);
    expect(made.diagnoser.trouble.value).toMatch(/^Couldn’t load the checks/);
    expect([made.diagnoser.running.value, made.diagnoser.diagnosis.value]).toEqual([false, null]);
    made.change();
    await pass(60_000);
    expect(made.loads).toHaveBeenCalledTimes(1);
    made.diagnoser.run();
    await pass(0);
    expect(made.loads).toHaveBeenCalledTimes(2);
  });

  it('to load the rules is cleared once they load', async () => {
    let fails = true;
    const made = diagnosing({ load: (work) => (fails ? Promise.reject(new Error('offline')) : Promise.resolve(work)) });
    await pass(250);
    fails = false;
    made.diagnoser.run();
    await pass(0);
    expect(made.found()).toEqual(['one']);
    expect(made.diagnoser.trouble.value).toBeNull();
    made.change();
    await pass(250);
    expect(made.runs).toHaveLength(2);
  });

  it('to build the case is not reported as a loading failure, and is retried', async () => {
    let throws = true;
    const made = diagnosing({
      over: {
        caseNow: (...args) => {
          if (throws) throw new URIError('URI malformed');
          return caseNow(...args);
        },
      },
    });
    await pass(250);
    throws = false;
    made.change();
    await pass(250);
    expect(made.diagnoser.trouble.value ?? '').not.toMatch(/loaded/);
    expect(made.found()).toEqual(['one']);
  });
});

describe('with no session yet', () => {
  it('no rule runs, and nothing is found', async () => {
    const made = diagnosing({ session: null });
    await pass(60_000);
    expect(made.runs).toEqual([]);
    expect(made.found() ?? []).toEqual([]);
  });

  it('no rules are loaded, and there is no diagnosis', async () => {
    const made = diagnosing({ session: null });
    await pass(60_000);
    expect(made.loads).not.toHaveBeenCalled();
    expect(made.diagnoser.diagnosis.value).toBeNull();
  });
});
