/** Runs the diagnostic rules when a session changes: after a short delay, in slices; the rules are loaded on first use. */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Case } from '@/lib/diagnostics/case';
import type { attempt, inSight } from '@/lib/diagnostics/diagnose';
import { type Diagnosis, diagnosisOf } from '@/lib/diagnostics/diagnosis';
import { loadRules } from '@/lib/diagnostics/load-rules';
import type { Finding, Rule } from '@/lib/diagnostics/rule';
import { inSlices } from '@/lib/tasks/slices';
import type { caseNow, Watched } from './case-now';

/** Changes within this time are handled by one run (ms). */
const QUIET = 250;
/** The minimum time between two runs, as a multiple of the duration of the last one. */
const SHARE = 10;
/** Interval of runs without a change (ms): findings also change with time, for example when a token expires. */
const AGAIN = 5000;

/** After an update of the extension, its old chunks are gone. */
const UNLOADED = 'Couldn’t load the checks. Close and reopen DevTools.';

export interface Diagnoser {
  /** `null` before the first run. Includes muted rules; views filter them. */
  readonly diagnosis: ReadonlySignal<Diagnosis | null>;
  readonly running: ReadonlySignal<boolean>;
  /** Why the diagnosis is out of date; `null` if it isn't. */
  readonly trouble: ReadonlySignal<string | null>;
  /** Empty until loaded. */
  readonly rules: ReadonlySignal<readonly Rule[]>;
  run(): void;
  /**
   * The current case with its diagnosis, for a report. `null` without a session; rejects if the rules can't be loaded.
   */
  look(): Promise<{ readonly subject: Case; readonly diagnosis: Diagnosis } | null>;
  /** Loads the rules, for views that show them without a session. */
  prepare(): Promise<void>;
}

/** What a run needs, loaded as separate chunks. */
export interface Work {
  readonly rules: readonly Rule[];
  caseNow: typeof caseNow;
  attempt: typeof attempt;
  inSight: typeof inSight;
}
const loadWork = async (): Promise<Work> => {
  const [rules, look, run] = await Promise.all([loadRules(), import('./case-now'), import('@/lib/diagnostics/diagnose')]);
  return { rules, caseNow: look.caseNow, attempt: run.attempt, inSight: run.inSight };
};

/** @param load loads the rules and the code that runs them @param clock epoch ms */
export function createDiagnoser(watched: Watched, load: () => Promise<Work> = loadWork): Diagnoser {
  const diagnosis = signal<Diagnosis | null>(null);
  const running = signal(false);
  const trouble = signal<string | null>(null);
  const rules = signal<readonly Rule[]>([]);
  let work: Work | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When the next run is due (epoch ms), and how long the last one took (ms). */
  let due = Number.POSITIVE_INFINITY;
  let took = 0;
  /** Something changed since the current run began. */
  let isStale = false;

  /** Schedules a run after `wait` ms at the latest; keeps an earlier one. */
  function soon(wait: number): void {
    const at = Date.now() + wait;
    if (at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => void run(), wait);
  }
  async function run(): Promise<void> {
    if (running.peek()) {
      isStale = true;
      return;
    }
    clearTimeout(timer);
    due = Number.POSITIVE_INFINITY;
    const session = watched.session.peek();
    // No session yet: the first change triggers a run.
    if (!session) {
      diagnosis.value = null;
      return;
    }
    running.value = true;
    isStale = false;
    let at = Date.now();
    try {
      const ready = await loaded();
      at = Date.now();
      diagnosis.value = await lookThrough(ready, ready.caseNow(session, watched, at));
      trouble.value = null;
    } catch {
      trouble.value = work ? 'The checks failed (inspector bug). Showing the previous results.' : UNLOADED;
    }
    took = Date.now() - at;
    running.value = false;
    if (work) soon(Math.max(isStale ? QUIET : AGAIN, took * SHARE));
  }
  async function loaded(): Promise<Work> {
    work ??= await load();
    rules.value = work.rules;
    return work;
  }
  async function lookThrough({ attempt, inSight, rules: all }: Work, subject: Case): Promise<Diagnosis> {
    const results: [Rule, Finding | null | 'broken'][] = [];
    const seen = inSight(subject);
    await inSlices(all, (rule) => results.push([rule, attempt(rule, seen)]), { every: 1 });
    return diagnosisOf(subject.at, results);
  }
  async function look() {
    const ready = await loaded();
    const session = watched.session.peek();
    if (!session) return null;
    const live = ready.caseNow(session, watched, Date.now());
    // Copied, because the live list grows during the run.
    const subject = { ...live, entries: [...live.entries] };
    return { subject, diagnosis: await lookThrough(ready, subject) };
  }
  effect(() => {
    void watched.session.value;
    void watched.record.history.value;
    void watched.record.detailed.value;
    void watched.seenCookies.value;
    if (running.peek()) isStale = true;
    else if (work || trouble.peek() === null) soon(Math.max(QUIET, took * SHARE));
  });
  const prepare = async () => {
    await loaded().catch(() => {
      trouble.value = UNLOADED;
    });
  };
  return { diagnosis, running, trouble, rules, run: () => void run(), look, prepare };
}
