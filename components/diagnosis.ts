/** Runs the diagnostic rules as a session changes: a moment after, in slices, with the rules loaded when they are first needed. */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { attempt, inSight } from '@/lib/diagnostics/diagnose';
import { type Diagnosis, diagnosisOf } from '@/lib/diagnostics/diagnosis';
import { loadRules } from '@/lib/diagnostics/load-rules';
import type { Finding, Rule } from '@/lib/diagnostics/rule';
import type { Session } from '@/lib/session/session';
import { inSlices } from '@/lib/slices';
import type { SeenCookie } from '@/lib/web/cookies';
import type { caseNow } from './case-now';
import type { Source } from './record';

/** Changes that come together are looked at together (ms). */
const QUIET = 250;
/** Between two runs lies at least so many times what the last one took. */
const SHARE = 10;
/** Time alone changes what is wrong: a token ends (ms). */
const AGAIN = 5000;

/** What the rules look at, as the view has it. */
export interface Watched {
  readonly session: ReadonlySignal<Session | null>;
  readonly record: Source;
  readonly seenCookies: ReadonlySignal<readonly SeenCookie[]>;
}

export interface Diagnoser {
  /** `null` before the first run. Muted rules are in it: who shows it leaves them out. */
  readonly diagnosis: ReadonlySignal<Diagnosis | null>;
  readonly running: ReadonlySignal<boolean>;
  /** Why there is nothing newer to show; `null` where all is well. */
  readonly trouble: ReadonlySignal<string | null>;
  /** How many rules there are; 0 until they are there. */
  readonly rules: ReadonlySignal<readonly Rule[]>;
  run(): void;
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
      work ??= await load();
      at = clock();
      rules.value = work.rules;
      diagnosis.value = await lookThrough(work, session, at);
      trouble.value = null;
    } catch {
      trouble.value = work
        ? 'The rules could not look at this session, which is a fault of the inspector: what is shown is from before.'
        : // An extension that was updated has its old chunks no more.
          'The rules could not be loaded: close DevTools and open them again.';
    }
    took = clock() - at;
    running.value = false;
    if (work) soon(Math.max(isStale ? QUIET : AGAIN, took * SHARE));
  }
  async function lookThrough({ caseNow, attempt, inSight, rules: all }: Work, session: Session, at: number): Promise<Diagnosis> {
    const results: [Rule, Finding | null | 'broken'][] = [];
    const seen = inSight(caseNow(session, watched, at));
    await inSlices(all, (rule) => results.push([rule, attempt(rule, seen)]));
    return diagnosisOf(at, results);
  }
  effect(() => {
    void watched.session.value;
    void watched.record.history.value;
    void watched.record.detailed.value;
    void watched.seenCookies.value;
    if (running.peek()) isStale = true;
    else if (work || trouble.peek() === null) soon(Math.max(QUIET, took * SHARE));
  });
  return { diagnosis, running, trouble, rules, run: () => void run() };
}
