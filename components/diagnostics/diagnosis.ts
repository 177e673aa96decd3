/** Runs the diagnostic rules as a session changes: a moment after, in slices, with the rules loaded when they are first needed. */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Case } from '@/lib/diagnostics/case';
import type { attempt, inSight } from '@/lib/diagnostics/diagnose';
import { type Diagnosis, diagnosisOf } from '@/lib/diagnostics/diagnosis';
import { loadRules } from '@/lib/diagnostics/load-rules';
import type { Finding, Rule } from '@/lib/diagnostics/rule';
import { inSlices } from '@/lib/tasks/slices';
import type { caseNow, Watched } from './case-now';

/** Changes that come together are looked at together (ms). */
const QUIET = 250;
/** Between two runs lies at least so many times what the last one took. */
const SHARE = 10;
/** Time alone changes what is wrong: a token ends (ms). */
const AGAIN = 5000;

/** An extension that was updated has its old chunks no more. */
const UNLOADED = 'The rules could not be loaded: close DevTools and open them again.';

export interface Diagnoser {
  /** `null` before the first run. Muted rules are in it: who shows it leaves them out. */
  readonly diagnosis: ReadonlySignal<Diagnosis | null>;
  readonly running: ReadonlySignal<boolean>;
  /** Why there is nothing newer to show; `null` where all is well. */
  readonly trouble: ReadonlySignal<string | null>;
  /** Empty until they are there. */
  readonly rules: ReadonlySignal<readonly Rule[]>;
  run(): void;
  /**
   * The case as it is now, with what the rules say of it: for a report. `null` where no session is known; rejects where the
   * rules cannot be had.
   */
  look(): Promise<{ readonly subject: Case; readonly diagnosis: Diagnosis } | null>;
  /** Has the rules loaded, for who shows them without a session. */
  prepare(): Promise<void>;
}

/** What a run needs, in chunks of their own. */
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

/** @param load the rules and what runs them @param clock epoch ms */
export function createDiagnoser(watched: Watched, load: () => Promise<Work> = loadWork, clock: () => number = Date.now): Diagnoser {
  const diagnosis = signal<Diagnosis | null>(null);
  const running = signal(false);
  const trouble = signal<string | null>(null);
  const rules = signal<readonly Rule[]>([]);
  let work: Work | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When the next run is due, and how long the last one took (ms). */
  let due = Number.POSITIVE_INFINITY;
  let took = 0;
  /** Something changed since the run that is under way began. */
  let isStale = false;

  /** At the latest after `wait`; an earlier run stays due. */
  function soon(wait: number): void {
    const at = clock() + wait;
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
    // Nothing is known: the first change runs it.
    if (!session) {
      diagnosis.value = null;
      return;
    }
    running.value = true;
    isStale = false;
    let at = clock();
    try {
      const ready = await loaded();
      at = clock();
      diagnosis.value = await lookThrough(ready, ready.caseNow(session, watched, at));
      trouble.value = null;
    } catch {
      trouble.value = work
        ? 'The rules could not look at this session, which is a fault of the inspector: what is shown is from before.'
        : UNLOADED;
    }
    took = clock() - at;
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
    await inSlices(all, (rule) => results.push([rule, attempt(rule, seen)]));
    return diagnosisOf(subject.at, results);
  }
  async function look() {
    const ready = await loaded();
    const session = watched.session.peek();
    if (!session) return null;
    const live = ready.caseNow(session, watched, clock());
    // The live list grows while it is looked through.
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
