/** Drives one SDK instance: samples it, reads its token, observes the page's calls, runs operations. */

import type { Binding, Path, Step } from '../sdk/dialects/dialect';
import type { OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import { apply, getOwnPropertyDescriptor, page, pageNow } from './builtins';
import { keys } from './builtins-more';
import { given, type Values } from './call-arguments';
import type { Clock } from './clock';
import { cookiesOf, forgetCookies, makeChange, storedOf, type Undo } from './cookie-jar';
import type { Detected } from './detect';
import { adopt, type Invocation, invoke, isThenable } from './invoke';
import type { News } from './mailbox';
import { hearListener, type ObservedCall, observe } from './observe';
import { original } from './originals';
import { concat, each, filter, includes, map, push as put, some, split, table } from './own';
import { contains } from './own-more';
import { createPageCalls, named } from './page-calls';
import { reach, read } from './path';
import { cut, describe, peek, plain, textOf, veiled } from './plain';
import { errorFrom, objectOf, partsOf, tokenFrom } from './values';
import type { AgentCommand, Settlement, WireToken } from './wire';

// All durations in ms.
/** After something happened a client is looked at more often for so long. */
const BOOST = 3000;
/** How long the first sample of a client waits for its first token. */
const HOLD = 100;
/** How long a passive `retrieveToken` or a sampled promise is waited for, and a call of the page counts as pending. */
const PATIENCE = 10_000;
/** After a call of the page whose end cannot be seen, the token is read again so much later. */
const LATER_READ = 1000;
/** So long after its SDK was first seen nothing is read that the page may be waiting for. */
const SETTLING = 2000;
/** So much of an inline script is looked through (characters). */
const MAX_INLINE = 20_000;
/** So long after its answer an operation reloads the page: the answer must have left it. */
const RELOAD_AFTER = 250;

/** What a sampled path gave last. */
interface Sampled {
  value: unknown;
  trouble: string | null;
  /** Until then (ms since we came) a promise is waited for. */
  waiting: number;
  /** How often it was asked: an answer to an earlier question is ignored. */
  asked: number;
}

type Runnable = Exclude<Binding, { kind: 'unavailable' }>;
type RunCommand = Extract<AgentCommand, { kind: 'run' }>;
type KeepCommand = Extract<AgentCommand, { kind: 'keep' }>;

/** What the agent gives the driver of a client. */
export interface DriverHost {
  readonly ref: number;
  /** When the client was found (ms since the agent came). */
  readonly at: number;
  readonly clock: Clock;
  push(news: News): void;
  /** Something happened: look again at the next beat. */
  lookSoon(): void;
}

export interface Client {
  /** Operations whose method this instance does not have. */
  missing(): readonly OperationName[];
  /** Methods whose calls cannot be observed. */
  unobserved(): readonly string[];
  /** When the next look is due at the latest: `held`, `boosted` or neither. */
  haste(time: number): 'held' | 'boosted' | null;
  /** One look: samples, and reads the token where that is due. @param force a view wants everything told again */
  look(force: boolean): void;
  /** Reads everything again because a person, or the background, asks. */
  readAgain(): void;
  beat(time: number): void;
  watch(): void;
  unwatch(): void;
  run(command: RunCommand): void;
  /** Changes what the page keeps. */
  keep(command: KeepCommand): void;
}

/** Makes the driver of a client; it comes to the agent as a script of its own. */
export type Driving = typeof createClient;

/** The driver of the SDK instance that `detect` found. */
export function createClient({ client: sdk, dialect, scope }: Detected, { ref, at, clock, push, lookSoon }: DriverHost): Client {
  const { elapsed } = clock;
  const { bindings, samples, facts = {} } = dialect;
  const sampled: Record<Path, Sampled> = table();
  let revert: (() => void) | null = null;
  let unobserved: string[] = [];
  /** The last sample that was reported. */
  let told = '';
  /** Until then (ms since we came) an SDK that has just started may owe the page an answer, which our reading would cancel. */
  const readFrom = dialect.cancels && !isSettled() ? at + SETTLING : 0;
  /** Until then (ms since we came) the first sample waits for the first token, so that both show at once: longer where the SDK was there before us. */
  let heldUntil = (at < HOLD && readFrom > elapsed() ? readFrom : elapsed()) + HOLD;
  let boostUntil = 0;
  let token: WireToken | null = null;
  /** The expiry (epoch ms) after which the token was read again: once each. */
  let rereadAt: number | null = null;
  /** The passive read under way, if any, and since when: an answer to an older one is ignored. */
  let reading: { readonly since: number } | null = null;
  let readWanted = false;
  /** A timer reads the token at `readFrom`: on a watched page nothing else looks so soon. */
  let isTimed = false;
  /** How often the token was asked for. */
  let reads = 0;
  /** An operation of ours runs: no passive read beside it. */
  let running = false;
  /** A token is being reported. */
  let telling = false;
  let pending: readonly ObservedCall[] = [];
  /** When the token is read for a call whose end was not seen (ms since we came). */
  let dueAt = Infinity;
  /** From when on (ms since we came) a reading may be followed by another at once. */
  let rereadFrom = 0;
  let scriptCount = -1;
  let inlineFound: readonly string[] = [];
  const pageCalls = createPageCalls(dialect, ref, clock, push);
  /** So long a first sample is looked for in haste. */
  const freshUntil = elapsed() + PATIENCE;

  /** Whether we came to a page that had been there for long: what it called as its SDK started is over. */
  function isSettled(): boolean {
    const began = peek(peek(page, 'performance'), 'timeOrigin');
    return at < LATER_READ && typeof began === 'number' && clock.epoch() - began > 2 * SETTLING;
  }

  // --- looking -------------------------------------------------------------------------------------------------

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
  function takeSample(force = false): void {
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
    if (heldUntil > elapsed()) {
      if (!reading) readToken();
      return;
    }
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
    if (dialect.inline) more[dialect.inline.fact] = plain(inlineValues(dialect.inline.name));
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
    // A first sample that came too late for the first token asks for it.
    if (!first || reads === 0) readToken();
  }

  /** What the page's inline scripts give the property `name`, looked for again only when there are more of them. */
  function inlineValues(name: string): readonly string[] {
    try {
      const { scripts } = document;
      if (scripts.length === scriptCount) return inlineFound;
      scriptCount = scripts.length;
      const values: string[] = [];
      for (let index = 0; index < scriptCount; index += 1) {
        const text = peek(scripts[index], 'text');
        if (typeof text === 'string')
          for (const [, value = ''] of text.slice(0, MAX_INLINE).matchAll(new RegExp(`${name}["']?\\s*:\\s*["']([\\w-]+)`, 'g')))
            if (!includes(values, value)) put(values, value);
      }
      inlineFound = values;
    } catch {
      // An element of that name, a script that is none, or a page that replaced what texts can do.
    }
    return inlineFound;
  }

  /** Whether one of the names in `path` is that method's. */
  const names = (path: Path, method: string): boolean => includes(split(path, '|'), method);

  /** A new call may cancel pending calls of the same method (facts §8): stop waiting for those. */
  function supersede(path: Path): void {
    each(pending, (its) => {
      if (names(path, its.method)) its.superseded = true;
    });
  }

  const isRetrieval = (method: string): boolean =>
    bindings.retrieveToken?.kind === 'native' && names(bindings.retrieveToken.method, method);

  /** Asks the SDK for the token: never twice at once, and never while a call of the page is known to be pending. */
  function readToken(): void {
    const binding = bindings.retrieveToken;
    if (binding?.kind !== 'native') return;
    const isEarly = readFrom > elapsed();
    if (isEarly && !isTimed) {
      isTimed = true;
      clock.set(() => {
        if (readWanted && !reading) readToken();
      }, readFrom - elapsed());
    }
    if (isEarly || reading || some(pending, (its) => !its.superseded) || running || telling) {
      readWanted = true;
      return;
    }
    const mine = { since: elapsed() };
    reads += 1;
    reading = mine;
    readWanted = false;
    call(binding, {}, PATIENCE, ({ how, value }) => {
      if (reading !== mine) return;
      reading = null;
      reportToken(how, value);
    });
  }

  function reportToken(how: Settlement, value: unknown): void {
    const succeeded = how === 'success';
    const given = succeeded ? tokenFrom(dialect.token, value) : null;
    const none = succeeded && !!dialect.token.mayBeNone && !value;
    heldUntil = 0;
    // What the sample may ask for is newer than this, and is told after it.
    telling = true;
    takeSample();
    telling = false;
    token = given ?? (none ? null : token);
    push({ kind: 'token', client: ref, how, token: given, none, error: errorOf(how, value) });
    if (!readWanted) return;
    // At once, but not again and again where each reading changes what is sampled.
    if (rereadFrom <= elapsed()) {
      rereadFrom = elapsed() + LATER_READ;
      readToken();
    } else dueAt = rereadFrom;
  }

  const errorOf = (how: Settlement, value: unknown) =>
    how === 'error' || how === 'threw' || how === 'rejected' ? errorFrom(dialect.error, value) : null;

  /** Something happened: look more often for a while. */
  function boost(): void {
    boostUntil = elapsed() + BOOST;
    lookSoon();
    takeSample();
  }

  // --- observing -----------------------------------------------------------------------------------------------

  function watch(): void {
    if (revert) return;
    // Another instance may share our wrappers through its class. A member of a member has another `this` than the client.
    const ours = ({ method, self }: ObservedCall) => self === sdk || contains(method, '.');
    const observed = observe(
      sdk as object,
      pageCalls.methods,
      {
        called(its) {
          if (!ours(its)) return;
          supersede(its.method);
          // It may cancel our own read, and its answer has the token anyway.
          if (reading && isRetrieval(its.method)) {
            reading = null;
            readWanted = true;
          }
          pending = concat(pending, [its]);
          its.begun = pageNow();
          its.since = elapsed();
          pageCalls.called(its);
        },
        ended(its, succeeded, value) {
          if (!ours(its)) return;
          const { looks = false, answersToken = false } = pageCalls.ended(its, succeeded, value) ?? {};
          if (looks) {
            // The page requested the token itself: use its answer instead of making another call.
            const given = succeeded && answersToken ? tokenFrom(dialect.token, value) : null;
            // Sites ask for it with each request of theirs.
            if (given && (readWanted || given.raw !== token?.raw)) {
              readWanted = false;
              reportToken('success', value);
            }
          } else {
            boost();
            if (!its.awaited) dueAt = elapsed() + LATER_READ;
            readWanted = true;
          }
          over(its);
        },
        dropped(its) {
          pending = filter(pending, (one) => one !== its);
          pageCalls.dropped(its);
        },
      },
      scope,
    );
    const listener =
      dialect.listener &&
      hearListener(sdk as object, dialect.listener, (signedIn, reason) => {
        push({ kind: 'state', client: ref, signedIn, reason: signedIn ? null : named(reason) });
        boost();
      });
    revert = () => {
      observed.revert();
      listener?.();
    };
    unobserved = observed.unobserved;
  }

  function over(its: ObservedCall): void {
    const before = pending.length;
    pending = filter(pending, (one) => one !== its);
    if (pending.length < before && readWanted) readToken();
  }

  // --- running -------------------------------------------------------------------------------------------------

  /** Does what a binding says, below our wrappers. */
  function call(binding: Runnable, args: Values, deadline: number, settle: Invocation['settle'], late?: Invocation['late']): void {
    if (binding.kind === 'native') {
      const { self, value } = reach(sdk, binding.method, original);
      const { convention } = binding;
      const passed = given(binding, args);
      const own = (one: unknown) => objectOf(one, dialect.getters);
      invoke({
        method: original(value),
        self,
        args: map(passed.args, own),
        named: objectOf(passed.named),
        convention,
        deadline,
        clock,
        settle,
        late,
      });
    } else {
      invoke({ method: () => perform(binding.steps, args), self: sdk, args: [], convention: 'sync', deadline, clock, settle, late });
    }
  }

  /** Does the steps of an emulated operation, in order. Gives what the last step with an answer gave. */
  function perform(steps: readonly Step[], args: Values): unknown {
    let answer: unknown;
    each(steps, (step) => {
      switch (step.do) {
        case 'call': {
          const { self, value } = reach(sdk, step.method, original);
          if (value !== undefined || !step.optional)
            answer = apply(
              original(value) as () => unknown,
              self,
              map(step.args, (name) => args[name]),
            );
          break;
        }
        case 'answer':
          answer = read(sdk, step.value, original);
          break;
        case 'give':
          answer = args[step.arg];
          break;
        case 'forget':
          answer = forgetCookies(step.cookies);
          break;
        case 'reload':
          clock.set(() => {
            // The SDK may have written them again meanwhile.
            if (dialect.cookies) forgetCookies(dialect.cookies);
            location.reload();
          }, RELOAD_AFTER);
      }
    });
    return answer;
  }

  const lacks = (name: OperationName): boolean => {
    const binding = bindings[name];
    const absent = (method: Path) => typeof read(sdk, method) !== 'function';
    if (binding?.kind === 'emulated') return some(binding.steps, (step) => step.do === 'call' && !step.optional && absent(step.method));
    return binding?.kind === 'native' && absent(binding.method);
  };

  let missing = filter(keys(bindings) as OperationName[], (name) => lacks(name));

  return {
    // A method that was not there may come; one that was there is known to be missing when it is called.
    missing() {
      missing = filter(missing, (name) => lacks(name));
      return missing;
    },
    unobserved: () => unobserved,
    haste: (time) => (heldUntil > time ? 'held' : boostUntil > time || (told === '' && freshUntil > time) ? 'boosted' : null),
    look(force) {
      const ends = token?.expiresAt ?? null;
      const ended = ends !== null && ends <= clock.epoch() && rereadAt !== ends;
      if (ended) rereadAt = ends;
      const before = reads;
      takeSample(force);
      if (ended || (force && !reading && reads === before)) readToken();
    },
    readAgain() {
      const before = reads;
      takeSample();
      if (reads === before) readToken();
    },
    beat(time) {
      // Waited for, but not for ever: some calls never end (facts §1.3).
      each(
        filter(pending as ObservedCall[], (its) => (its.since ?? 0) + PATIENCE <= time),
        (its) => {
          pageCalls.unanswered(its);
          over(its);
        },
      );
      if (reading && reading.since + 2 * PATIENCE <= time) reading = null;
      if (dueAt > time) return;
      dueAt = Infinity;
      readToken();
    },
    watch,
    unwatch() {
      revert?.();
      revert = null;
    },
    keep({ id, origin, changes }) {
      const undo: Undo[] = [];
      const failed: string[] = [];
      each(changes, (change) => {
        let made: Undo | null = null;
        try {
          // Another site's page by now: what is undone was done elsewhere.
          made = location.origin === origin ? makeChange(change) : null;
        } catch {
          // Storage that is full, or denied.
        }
        if (made) put(undo, made);
        else put(failed, change.name);
      });
      push({ kind: 'kept', id, undo, failed });
      boost();
    },
    run({ id, operation, args, deadline, secrets = [] }) {
      const binding = getOwnPropertyDescriptor(bindings, operation)?.value as Binding | undefined;
      if (!binding || binding.kind === 'unavailable') {
        push({ kind: 'settled', id, how: 'missing', value: null, error: null, ms: 0 });
        return;
      }
      // An operation goes before a passive read, which some bridges would cancel.
      reading = null;
      running = true;
      if (binding.kind === 'native') supersede(binding.method);
      takeSample();
      push({ kind: 'started', id, client: ref });
      const { answersToken, reads: parts } = binding.kind === 'native' ? binding : ({} as Extract<Binding, { kind: 'native' }>);
      // What was typed in secret is told nowhere, though the page repeats it.
      const hidden: string[] = [];
      each(secrets, (name) => {
        const value = args[name];
        if (typeof value === 'string' && value !== '') put(hidden, value);
      });
      call(
        binding,
        args,
        deadline,
        ({ how, value, ms }) => {
          const succeeded = how === 'success';
          boost();
          running = false;
          const given = succeeded ? tokenFrom(dialect.token, value) : null;
          if (answersToken && succeeded) reportToken(how, value);
          if (answersToken && succeeded && !given && !(dialect.token.mayBeNone && !value)) {
            const error = { code: null, message: 'The SDK answered, and gave no token.', detail: plain(value) };
            push({ kind: 'settled', id, how: 'error', value: null, error, ms });
            return;
          }
          // A token goes its own way, into the token card, where it is masked.
          const isToken = dialect.token.raw === '' ? value === token?.raw || value === args['token'] : given;
          const shown = succeeded && !answersToken && !isToken;
          const told = veiled(hidden, () => ({
            value: shown ? plain(parts ? partsOf(parts, value) : value) : null,
            error: errorOf(how, value),
          }));
          push({ kind: 'settled', id, how, ...told, ms });
          // A failure may have ended the session.
          if (readWanted || (!answersToken && !(binding.keepsSession && succeeded))) readToken();
        },
        (how) => push({ kind: 'late', id, how }),
      );
    },
  };
}
