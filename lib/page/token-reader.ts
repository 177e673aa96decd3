/** Reads an SDK's token: never twice at once, and never while an answer that the page waits for could be lost. */

import { page } from './builtins';
import type { Clock } from './clock';
import type { Detected } from './detect';
import type { News } from './mailbox';
import { peek } from './plain';
import type { Runner } from './runner';
import { errorOf, tokenFrom } from './values';
import type { Settlement, WireToken } from './wire';

// All durations in ms.
/** How long the first sample of a client waits for its first token. */
const HOLD = 100;
/** How long a passive `retrieveToken` is waited for. */
export const PATIENCE = 10_000;
/** After a call of the page whose end cannot be seen, the token is read again so much later. */
const LATER_READ = 1000;
/** So long after its SDK was first seen nothing is read that the page may be waiting for. */
const SETTLING = 2000;

export interface TokenReader {
  /** Nothing of the page's is pending any more: reads the token where that is wanted. @param must it is */
  settle(must: boolean): void;
  /** Tells a token that the SDK gave, or why it gave none. */
  report(how: Settlement, value: unknown): void;
  /** What may have changed it ended: it is read when nothing is pending. @param unseen its end cannot be seen: later, too */
  want(unseen?: boolean): void;
  /** The reading under way is let go of: a call of the page answers it, or an operation goes before it. @param again it is wanted still */
  drop(again: boolean): void;
  /** The page asked for it by itself, and was given this: nothing else needs to be asked. */
  answered(value: unknown): void;
  /** Whether the first sample waits for the first token at `time` (ms since we came). */
  isHeld(time: number): boolean;
  /** The token as it was told last. */
  last(): WireToken | null;
  /** Samples, and reads the token where that is due. @param force a view wants everything told again */
  look(force: boolean): void;
  /** Samples and reads, because a person or the background asks. */
  readAgain(): void;
  /** Whether a sample is to wait for the first token, which is then asked for. */
  holds(): boolean;
  /** A sample was told. @param first the first of all */
  sampled(first: boolean): void;
  beat(time: number): void;
}

export interface TokenReading {
  readonly ref: number;
  /** When the client was found (ms since the agent came). */
  readonly at: number;
  readonly clock: Clock;
  readonly runner: Runner;
  push(news: News): void;
  /** A call of the page, or an operation, is under way. */
  isBusy(): boolean;
  sample(force?: boolean): void;
}

export function createTokenReader({ dialect }: Detected, { ref, at, clock, runner, push, isBusy, sample }: TokenReading): TokenReader {
  const { elapsed } = clock;
  const binding = dialect.bindings.retrieveToken;
  /** Until then (ms since we came) an SDK that has just started may owe the page an answer, which our reading would cancel. */
  const readFrom = dialect.cancels && !isSettled() ? at + SETTLING : 0;
  /** Until then (ms since we came) the first sample waits for the first token, so that both show at once: longer where the SDK was there before us. */
  let heldUntil = (at < HOLD && readFrom > elapsed() ? readFrom : elapsed()) + HOLD;
  let token: WireToken | null = null;
  /** The expiry (epoch ms) after which the token was read again: once each. */
  let rereadAt: number | null = null;
  /** The passive read under way, if any, and since when: an answer to an older one is ignored. */
  let reading: { readonly since: number } | null = null;
  let wanted = false;
  /** A timer reads the token at `readFrom`: on a watched page nothing else looks so soon. */
  let isTimed = false;
  let reads = 0;
  /** A token is being told. */
  let telling = false;
  /** When the token is read for a call whose end was not seen (ms since we came). */
  let dueAt = Infinity;
  /** From when on (ms since we came) a reading may be followed by another at once. */
  let rereadFrom = 0;

  /** Whether we came to a page that had been there for long: what it called as its SDK started is over. */
  function isSettled(): boolean {
    const began = peek(peek(page, 'performance'), 'timeOrigin');
    return at < LATER_READ && typeof began === 'number' && clock.epoch() - began > 2 * SETTLING;
  }

  function read(): void {
    if (binding?.kind !== 'native') return;
    const isEarly = readFrom > elapsed();
    if (isEarly && !isTimed) {
      isTimed = true;
      clock.set(() => {
        if (wanted && !reading) read();
      }, readFrom - elapsed());
    }
    if (isEarly || reading || isBusy() || telling) {
      wanted = true;
      return;
    }
    const mine = { since: elapsed() };
    reads += 1;
    reading = mine;
    wanted = false;
    runner.call(binding, {}, PATIENCE, ({ how, value }) => {
      if (reading !== mine) return;
      reading = null;
      report(how, value);
    });
  }

  function report(how: Settlement, value: unknown): void {
    const succeeded = how === 'success';
    const given = succeeded ? tokenFrom(dialect.token, value) : null;
    const none = succeeded && !!dialect.token.mayBeNone && !value;
    heldUntil = 0;
    // What the sample may ask for is newer than this, and is told after it.
    telling = true;
    sample();
    telling = false;
    token = given ?? (none ? null : token);
    push({ kind: 'token', client: ref, how, token: given, none, error: errorOf(dialect, how, value) });
    if (!wanted) return;
    // At once, but not again and again where each reading changes what is sampled.
    if (rereadFrom <= elapsed()) {
      rereadFrom = elapsed() + LATER_READ;
      read();
    } else dueAt = rereadFrom;
  }

  return {
    report,
    settle(must) {
      if (must || wanted) read();
    },
    want(unseen = false) {
      if (unseen) dueAt = elapsed() + LATER_READ;
      wanted = true;
    },
    drop(again) {
      if (again && reading) wanted = true;
      reading = null;
    },
    answered(value) {
      const given = tokenFrom(dialect.token, value);
      // Sites ask for it with each request of theirs.
      if (!given || (!wanted && given.raw === token?.raw)) return;
      wanted = false;
      report('success', value);
    },
    isHeld: (time) => heldUntil > time,
    holds() {
      const isHeld = heldUntil > elapsed();
      if (isHeld && !reading) read();
      return isHeld;
    },
    // A first sample that came too late for the first token asks for it.
    sampled(first) {
      if (!first || !reads) read();
    },
    last: () => token,
    look(force) {
      const ends = token?.expiresAt ?? null;
      const ended = ends !== null && ends <= clock.epoch() && rereadAt !== ends;
      if (ended) rereadAt = ends;
      const before = reads;
      sample(force);
      if (ended || (force && !reading && reads === before)) read();
    },
    readAgain() {
      const before = reads;
      sample();
      if (reads === before) read();
    },
    beat(time) {
      if (reading && reading.since + 2 * PATIENCE <= time) reading = null;
      if (dueAt > time) return;
      dueAt = Infinity;
      read();
    },
  };
}
