/** Reads an SDK's token: never two reads at once, and never while a read could cancel an answer that the page waits for. */

import { page } from './builtins';
import type { Clock } from './clock';
import type { Detected } from './detect';
import type { News } from './mailbox';
import { peek } from './plain';
import type { Runner } from './runner';
import { errorOf, tokenFrom } from './values';
import type { Settlement, WireToken } from './wire';

// All durations in ms.
/** How long a client's first sample waits for its first token. */
const HOLD = 100;
/** How long to wait for the answer to a passive `retrieveToken`. */
export const PATIENCE = 10_000;
/** Delay before the token is read again after a page call whose end cannot be observed. */
const LATER_READ = 1000;
/** After an SDK is first seen, nothing that the page may be waiting for is read for this long. */
const SETTLING = 2000;

export interface TokenReader {
  /** No page call is pending any more: reads the token if a read is wanted. @param must read it in any case */
  settle(must: boolean): void;
  /** Reports the token that the SDK returned, or why it returned none. */
  report(how: Settlement, value: unknown): void;
  /**
   * Something that may have changed the token ended: reads it once nothing is pending.
   * @param unseen the end could not be observed: reads it again later, too
   */
  want(unseen?: boolean): void;
  /** Drops the current read: a page call will answer it, or an operation goes first. @param again the read is still wanted */
  drop(again: boolean): void;
  /** The page requested the token itself and got `value`: no read of ours is needed. */
  answered(value: unknown): void;
  /** Whether the first sample still waits for the first token at `time` (ms since the agent started). */
  isHeld(time: number): boolean;
  /** The last reported token; `null` if there is none. */
  last(): WireToken | null;
  /** Samples, and reads the token if a read is due. @param force a view wants everything reported again */
  look(force: boolean): void;
  /** Samples and reads the token, because a person or the background requested it. */
  readAgain(): void;
  /** Whether a sample must wait for the first token; if so, starts reading it. */
  holds(): boolean;
  /** A sample was reported. @param first the first one, or the first after a forced sample */
  sampled(first: boolean): void;
  beat(time: number): void;
}

export interface TokenReading {
  readonly ref: number;
  /** When the client was found (ms since the agent started). */
  readonly at: number;
  readonly clock: Clock;
  readonly runner: Runner;
  push(news: News): void;
  /** Whether a page call or an operation is running. */
  isBusy(): boolean;
  sample(force?: boolean): void;
}

export function createTokenReader({ dialect }: Detected, { ref, at, clock, runner, push, isBusy, sample }: TokenReading): TokenReader {
  const { elapsed } = clock;
  const binding = dialect.bindings.retrieveToken;
  /** Until then (ms since the agent started), an SDK that has just started may owe the page an answer that our read would cancel. */
  const readFrom = dialect.cancels && !isSettled() ? at + SETTLING : 0;
  /** Until then (ms since the agent started), the first sample waits for the first token, so that both appear at once; not for a read that must wait. */
  let heldUntil = readFrom > elapsed() ? 0 : elapsed() + HOLD;
  let token: WireToken | null = null;
  /** The expiry (epoch ms) after which the token was read again: once per expiry. */
  let rereadAt: number | null = null;
  /** The current passive read, if any, and when it began: the answer to an older read is ignored. */
  let reading: { readonly since: number } | null = null;
  let wanted = false;
  /** A timer is set to read the token at `readFrom`: on a watched page nothing else looks that soon. */
  let isTimed = false;
  let reads = 0;
  /** A token is about to be reported. */
  let telling = false;
  /** When a delayed read is due (ms since the agent started): after a call whose end was not observed, or soon after another read. */
  let dueAt = Infinity;
  /** From then on (ms since the agent started), one read may immediately follow another. */
  let rereadFrom = 0;

  /** Whether the page was open long before the agent came, so that the calls it made as its SDK started are over. */
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
        // The timer may fire before `elapsed()` has reached `readFrom`: `read` then sets another.
        isTimed = false;
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
    // A read that this sample requests is newer than this token, so it starts only after the token is reported.
    telling = true;
    sample();
    telling = false;
    token = given ?? (none ? null : token);
    push({ kind: 'token', client: ref, how, token: given, none, error: errorOf(dialect, how, value) });
    if (!wanted) return;
    // Immediately, but not in a loop if each read changes what is sampled.
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
      // Sites request the token with each of their own requests: an unchanged one isn't reported.
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
    // A changed sample triggers a read; the first one only if no read has started yet (it came too late to wait for the token).
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
