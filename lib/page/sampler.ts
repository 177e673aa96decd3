/** Samples an SDK's cheap getters, and what it stores in the page. */
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

/** The last result of a sampled path. */
interface Sampled {
  value: unknown;
  trouble: string | null;
  /** Until then (ms since the agent started), a promise is waited for; 0 if none is. */
  waiting: number;
  /** How often it was read: the answer to an earlier read is ignored. */
  asked: number;
}

export interface Sampler {
  /** Reads the getters, and reports their values if they changed. @param force reports everything again */
  take(force?: boolean): void;
  /** Whether a sample was reported. */
  hasTold(): boolean;
}

export interface Sampling {
  readonly ref: number;
  readonly clock: Clock;
  push(news: News): void;
  /** Whether the sample must wait. */
  isHeld(): boolean;
  /** A sample was reported. @param first the first one, or the first after a forced sample */
  told(first: boolean): void;
}

export function createSampler({ client: sdk, dialect, scope }: Detected, { ref, clock, push, isHeld, told: tell }: Sampling): Sampler {
  const { elapsed } = clock;
  const { samples, facts = {} } = dialect;
  const sampled: Record<Path, Sampled> = table();
  /** The last reported sample, as text. */
  let told = '';

  /** Reads one sampled path, unless it still waits for a promise. */
  function ask(path: Path): void {
    sampled[path] ??= { value: undefined, trouble: null, waiting: 0, asked: 0 };
    const sample = sampled[path];
    const time = elapsed();
    if (sample.waiting > time) return;
    const late = sample.waiting ? 'didn’t respond' : null;
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
      // An earlier problem stays until there is an answer.
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

  /** Reads the cheap getters, and reports their values if they changed. */
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
    // There is nothing to report until the first answers have arrived.
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
