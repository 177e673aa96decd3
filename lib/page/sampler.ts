/** Samples the cheap getters of an SDK, and what it keeps in the page. */
import type { Path } from '../sdk/dialects/dialect';
import type { Plain } from '../sdk/plain-data';
import { keys } from './builtins-more';
import type { Clock } from './clock';
import { cookiesOf, storedOf } from './cookie-jar';
import type { Detected } from './detect';
import { adopt, isThenable } from './invoke';
import type { News } from './mailbox';
import { original } from './originals';
import { concat, each, map, table } from './own';
import { read } from './path';
import { cut, describe, plain, textOf } from './plain';
import { PATIENCE } from './token-reader';

/** What a sampled path gave last. */
interface Sampled {
  value: unknown;
  trouble: string | null;
  /** Until then (ms since we came) a promise is waited for. */
  waiting: number;
  /** How often it was asked: an answer to an earlier question is ignored. */
  asked: number;
}

export interface Sampler {
  /** Asks the getters, and tells what they gave where it is new. @param force everything is told again */
  take(force?: boolean): void;
  /** Something was told. */
  hasTold(): boolean;
}

export interface Sampling {
  readonly ref: number;
  readonly clock: Clock;
  push(news: News): void;
  /** Whether the sample is to wait. */
  isHeld(): boolean;
  /** A sample was told. @param first the first of all, or of all that is told again */
  told(first: boolean): void;
}

export function createSampler({ client: sdk, dialect, scope }: Detected, { ref, clock, push, isHeld, told: tell }: Sampling): Sampler {
  const { elapsed } = clock;
  const { samples, facts = {} } = dialect;
  const sampled: Record<Path, Sampled> = table();
  /** The last sample that was told. */
  let told = '';

  /** Asks one sampled path, unless a promise of it is still waited for. */
  function ask(path: Path): void {
    sampled[path] ??= { value: undefined, trouble: null, waiting: 0, asked: 0 };
    const sample = sampled[path];
    const time = elapsed();
    if (sample.waiting > time) return;
    const late = sample.waiting ? 'gave no answer' : null;
    sample.asked += 1;
    const set = (value: unknown, trouble: string | null, waiting = 0) => {
      sample.value = value;
      sample.trouble = trouble;
      sample.waiting = waiting;
    };
    try {
      const value = read(sdk, path, original, scope);
      if (!isThenable(value)) {
        set(value, null);
        return;
      }
      const turn = sample.asked;
      const answered = (result: unknown, trouble: string | null) => {
        if (sample.asked !== turn) return;
        set(result, trouble);
        reportSample();
      };
      // What was wrong before stays until there is an answer.
      set(sample.value, late ?? sample.trouble, time + PATIENCE);
      adopt(
        value,
        (result) => answered(result, null),
        (error) => answered(undefined, `rejected: ${describe(error)}`),
      );
    } catch (error) {
      set(undefined, `threw ${describe(error)}`);
    }
  }

  /** Reads the cheap getters, and reports what they gave where it is new. */
  function take(force = false): void {
    const paths = concat(
      [samples.signedIn, samples.simpleAuth, samples.uuid],
      map(keys(facts), (name) => facts[name]),
    );
    each(paths, (path) => {
      if (path !== undefined) ask(path);
    });
    if (force) told = '';
    reportSample();
  }

  function reportSample(): void {
    const of = (path: Path | undefined) => sampled[path ?? ' '];
    const waits = (path: Path | undefined) => {
      const { value, trouble, waiting } = of(path) ?? {};
      return waiting && value === undefined && !trouble;
    };
    // Until the first answers are there, there is nothing to tell.
    if (waits(samples.uuid) || waits(samples.signedIn) || waits(samples.simpleAuth)) return;
    if (isHeld()) return;
    const flag = (path: Path | undefined) => {
      const value = of(path)?.value;
      return typeof value === 'boolean' ? value : null;
    };
    const { value: uuid, trouble } = of(samples.uuid) ?? {};
    const usable = typeof uuid === 'string' && uuid.length > 0 && uuid.length <= 200;
    const more = table<Plain>();
    each(keys(facts), (name) => {
      more[name] = plain(of(facts[name])?.value);
    });
    const sample = {
      uuid: usable ? uuid : null,
      signedIn: flag(samples.signedIn),
      simpleAuth: flag(samples.simpleAuth),
      trouble: usable ? null : (trouble ?? (uuid ? cut(textOf(uuid), 120) : 'empty')),
      facts: more,
      cookies: dialect.cookies ? cookiesOf(dialect.cookies) : [],
      stored: dialect.stores ? storedOf(dialect.stores) : [],
    };
    const text = textOf(sample);
    if (text === told) return;
    const first = told === '';
    told = text;
    push({ kind: 'sample', client: ref, ...sample });
    tell(first);
  }

  return { take, hasTold: () => told !== '' };
}
