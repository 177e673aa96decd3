/** Drives one SDK instance: samples it, reads its token, observes the page's calls, runs operations. */

import type { Binding, Path } from '../sdk/dialects/dialect';
import type { OperationName } from '../sdk/operations';
import { getOwnPropertyDescriptor } from './builtins';
import type { Clock } from './clock';
import { makeChange, type Undo } from './cookie-jar';
import type { Detected } from './detect';
import type { News } from './mailbox';
import { hearListener, type ObservedCall, observe } from './observe';
import { concat, each, filter, includes, push as put, some, split } from './own';
import { contains } from './own-more';
import { createPageCalls, named } from './page-calls';
import { plain, veiled } from './plain';
import { createRunner } from './runner';
import { createSampler } from './sampler';
import { createTokenReader, PATIENCE } from './token-reader';
import { errorOf, partsOf, tokenFrom } from './values';
import type { AgentCommand } from './wire';

/** How long a client is looked at more often after something happened (ms). */
const BOOST = 3000;

type RunCommand = Extract<AgentCommand, { kind: 'run' }>;
type EditCommand = Extract<AgentCommand, { kind: 'edit' }>;

/** What the agent provides to the driver of a client. */
export interface DriverHost {
  readonly ref: number;
  /** When the client was found (ms since the agent started). */
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
  /** How soon the next look is due: `held` and `boosted` are sooner than `null`. */
  haste(time: number): 'held' | 'boosted' | null;
  /** One look: samples, and reads the token if a read is due. @param force a view wants everything reported again */
  look(force: boolean): void;
  /** Reads everything again because a person or the background requested it. */
  readAgain(): void;
  beat(time: number): void;
  watch(): void;
  unwatch(): void;
  run(command: RunCommand): void;
  /** Changes what the page stores (cookies and Web Storage). */
  edit(command: EditCommand): void;
}

/** Creates the driver of a client; the agent gets it from a separate script. */
export type Driving = typeof createClient;

/** Creates the driver of the SDK instance that `detect` found. */
export function createClient(found: Detected, { ref, at, clock, push, lookSoon }: DriverHost): Client {
  const { client: sdk, dialect, scope } = found;
  const { elapsed } = clock;
  const { bindings } = dialect;
  let revert: (() => void) | null = null;
  let unobserved: string[] = [];
  let boostUntil = 0;
  /** An operation of ours is running: no passive read at the same time. */
  let running = false;
  let pending: readonly ObservedCall[] = [];
  /** Until then (ms since the agent started), the client is looked at often until it has its first sample. */
  const freshUntil = elapsed() + PATIENCE;
  const pageCalls = createPageCalls(dialect, ref, clock, push);
  const runner = createRunner(found, clock);
  const tokens = createTokenReader(found, {
    ref,
    at,
    clock,
    runner,
    push,
    isBusy: () => running || some(pending, (its) => !its.superseded),
    sample: (force) => sampler.take(force),
  });
  const sampler = createSampler(found, {
    ref,
    clock,
    push,
    isHeld: tokens.holds,
    told: tokens.sampled,
  });

  /** Whether `method` is one of the alternatives in `path`. */
  const names = (path: Path, method: string): boolean => includes(split(path, '|'), method);

  /** A new call may cancel pending calls of the same method (facts §8): stop waiting for those. */
  function supersede(path: Path): void {
    each(pending, (its) => {
      if (names(path, its.method)) its.superseded = true;
    });
  }

  const isRetrieval = (method: string): boolean =>
    bindings.retrieveToken?.kind === 'native' && names(bindings.retrieveToken.method, method);

  /** Something happened: look more often for a while. */
  function boost(): void {
    boostUntil = elapsed() + BOOST;
    lookSoon();
    sampler.take();
  }

  function watch(): void {
    if (revert) return;
    // Another instance may share our wrappers through its class. On a member of a member, `this` isn't the client.
    const ours = ({ method, self }: ObservedCall) => self === sdk || contains(method, '.');
    const observed = observe(
      sdk as object,
      pageCalls.methods,
      {
        repeat: (its) => (ours(its) ? pageCalls.repeat(its.method) : undefined),
        called(its) {
          if (!ours(its)) return;
          supersede(its.method);
          // The page's call may cancel our own read, and its answer contains the token anyway.
          if (isRetrieval(its.method)) tokens.drop(true);
          pending = concat(pending, [its]);
          its.since = elapsed();
          pageCalls.called(its);
        },
        ended(its, succeeded, value) {
          if (!ours(its)) return;
          const { isGetter = false, answersToken = false } = pageCalls.ended(its, succeeded, value) ?? {};
          if (isGetter) {
            // The page requested the token itself: use its answer instead of making another call.
            if (succeeded && answersToken) tokens.answered(value);
          } else {
            boost();
            tokens.want(!its.awaited);
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
    if (pending.length < before) tokens.settle(false);
  }

  return {
    missing: runner.missing,
    unobserved: () => unobserved,
    haste: (time) => (tokens.isHeld(time) ? 'held' : boostUntil > time || (!sampler.hasTold() && freshUntil > time) ? 'boosted' : null),
    look: tokens.look,
    readAgain: tokens.readAgain,
    beat(time) {
      // Wait for a call only so long: some never end (facts §1.3).
      each(
        filter(pending as ObservedCall[], (its) => (its.since ?? 0) + PATIENCE <= time),
        (its) => {
          pageCalls.unanswered(its);
          over(its);
        },
      );
      tokens.beat(time);
    },
    watch,
    unwatch() {
      revert?.();
      revert = null;
    },
    edit({ id, origin, changes }) {
      const undo: Undo[] = [];
      const failed: string[] = [];
      each(changes, (change) => {
        let made: Undo | null = null;
        try {
          // The document may have a different origin by now; changes (and undone ones) are for `origin` only.
          made = location.origin === origin ? makeChange(change) : null;
        } catch {
          // Storage is full, or access is denied.
        }
        if (made) put(undo, made);
        else put(failed, change.name);
      });
      push({ kind: 'edited', id, undo, failed });
      boost();
    },
    run({ id, operation, args, deadline, secrets = [] }) {
      const binding = getOwnPropertyDescriptor(bindings, operation)?.value as Binding | undefined;
      if (!binding || binding.kind === 'unavailable') {
        push({ kind: 'settled', id, how: 'missing', value: null, error: null, ms: 0 });
        return;
      }
      // An operation takes precedence over a passive read, which some bridges would cancel anyway.
      tokens.drop(false);
      running = true;
      if (binding.kind === 'native') supersede(binding.method);
      sampler.take();
      push({ kind: 'started', id, client: ref });
      const { answersToken, reads: parts } = binding.kind === 'native' ? binding : ({} as Extract<Binding, { kind: 'native' }>);
      // Values typed into secret fields are never reported, even if the page repeats them.
      const hidden: string[] = [];
      each(secrets, (name) => {
        const value = args[name];
        if (typeof value === 'string' && value !== '') put(hidden, value);
      });
      runner.call(
        binding,
        args,
        deadline,
        ({ how, value, ms }) => {
          const succeeded = how === 'success';
          boost();
          running = false;
          const given = succeeded ? tokenFrom(dialect.token, value) : null;
          if (answersToken && succeeded) tokens.report(how, value);
          if (answersToken && succeeded && !given && !(dialect.token.mayBeNone && !value)) {
            const error = { code: null, message: 'The SDK returned no token.', detail: plain(value) };
            push({ kind: 'settled', id, how: 'error', value: null, error, ms });
            return;
          }
          // A token is reported separately, and appears masked in the token card.
          const isToken = dialect.token.raw === '' ? value === tokens.last()?.raw || value === args['token'] : given;
          const shown = succeeded && !answersToken && !isToken;
          const told = veiled(hidden, () => ({
            value: shown ? plain(parts ? partsOf(parts, value) : value) : null,
            error: errorOf(dialect, how, value),
          }));
          push({ kind: 'settled', id, how, ...told, ms });
          // A failure may have ended the session.
          tokens.settle(!answersToken && !(binding.keepsSession && succeeded));
        },
        (how) => push({ kind: 'late', id, how }),
      );
    },
  };
}
