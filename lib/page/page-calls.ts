/** Reports the page's calls on one client: when they begin and end or, if they leave the session unchanged, once they are over. */

import type { ChangeName } from '../sdk/changes';
import type { DialectTable, Path } from '../sdk/dialects/dialect';
import type { OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import { OPEN_CALLS, SECRET_ARGUMENTS } from '../sdk/secrets';
import { pageNow } from './builtins';
import { keys } from './builtins-more';
import { placeOf } from './call-arguments';
import { enter } from './call-detail';
import type { Clock } from './clock';
import { isThenable } from './invoke';
import type { News } from './mailbox';
import type { ObservedCall } from './observe';
import { concat, each, filter, find, includes, push as put, split, table } from './own';
import { descending } from './own-more';
import { read } from './path';
import { CALL, plain, veiled } from './plain';
import { errorFrom, tokenFrom } from './values';
import type { CallDetail } from './wire';

/** Calls that leave the session unchanged and keep returning the same value are reported together once in this time (ms). */
const GATHER = 1000;
/** Further calls of one method in that time are only counted, whatever they return. */
const FLOOD = 20;
/** The arguments of at most this many calls are kept; without its arguments, a call's result isn't reported either. */
const MOST_ENTERED = 200;

/** What a call of an observed method means if it has at least `takes` arguments. */
interface Meaning {
  readonly does: ChangeName;
  readonly takes: number;
  told(args: readonly unknown[]): Record<string, Plain>;
  /** Paths of the secrets among the arguments. */
  readonly secretPlaces: readonly Path[];
  /** The call leaves the session unchanged. */
  readonly isGetter?: boolean;
  readonly answersToken?: boolean;
  /** What it returned isn't reported. */
  readonly isBridge?: boolean;
}

/** What a call returned, or what it failed with. */
interface Came {
  readonly ok: boolean;
  readonly value: unknown;
}

/** The recent calls of one method. `news` covers those that were only counted and are not yet reported. */
interface Gathered {
  value: unknown;
  /** How many were reported individually. */
  told: number;
  news: LookNews | null;
}
type LookNews = { -readonly [K in keyof Look]: Look[K] };
type Look = Extract<News, { kind: 'look' }>;

type CallNews = Extract<News, { kind: 'call' }>;

export interface PageCalls {
  /** The methods to observe. */
  readonly methods: readonly Path[];
  /** See `Observer.repeat`. */
  repeat(method: string): ((answer: unknown) => boolean) | undefined;
  called(its: ObservedCall): void;
  /** Returns what the call meant. */
  ended(its: ObservedCall, succeeded: boolean, value: unknown): Pick<Meaning, 'isGetter' | 'answersToken'> | undefined;
  /** The call only created a call object. */
  dropped(its: ObservedCall): void;
  /** The call is no longer waited for. */
  unanswered(its: ObservedCall): void;
}

/** The name of a constant or of an enum object (Kotlin, Dart); `null` for any other text, which may be personal data. */
export function named(value: unknown, pattern = /^[A-Z][A-Za-z_]{1,40}$/): string | null {
  const name = typeof value === 'object' ? read(value, 'name()|name') : value;
  try {
    return typeof name === 'string' && pattern.test(name) ? name : null;
  } catch {
    // The page replaced regular expressions.
    return null;
  }
}

/** A method as bridges name it: `Client/destroySession`. */
const METHOD = /^[\w/.]{3,99}$/;

/** Creates the reporter for one client: calls are numbered within it. */
export function createPageCalls(dialect: DialectTable, ref: number, clock: Clock, push: (news: News) => void): PageCalls {
  const { bindings } = dialect;
  /** How many calls of the page were reported. */
  let calls = 0;
  const gathered = table<Gathered>();
  /** The calls whose arguments are kept, oldest first. */
  let open: ObservedCall[] = [];
  const close = (its: ObservedCall) => {
    its.entered = undefined;
    open = filter(open, (one) => one !== its);
  };
  const meanings = table<Meaning[]>();
  each(keys(dialect.alsoChange), (method) => {
    const does = dialect.alsoChange[method] as ChangeName;
    const isBridge = does === 'internalMethod';
    meanings[method] = [
      {
        does,
        takes: 0,
        // Of a bridge, the method that the app is to call.
        told: (args) => (isBridge ? { method: named(args[0], METHOD) } : {}),
        // The first argument is a password, a provider's token or an API key; a bridge's are those of any method, and so is its result.
        secretPlaces: isBridge ? ['0', '1', '2', '3'] : includes(OPEN_CALLS, does) ? [] : ['0'],
        isBridge,
      },
    ];
  });
  each(keys(bindings) as OperationName[], (name) => {
    const binding = bindings[name];
    if (binding?.kind !== 'native') return;
    const { args: names, tells = [], given: gives = [], answersToken = false } = binding;
    const told = (args: readonly unknown[]) => {
      const values = table<Plain>();
      const at = (argument: string) => read(args, placeOf(binding, argument) ?? 'none');
      each(tells, (argument) => {
        values[argument] = named(at(argument));
      });
      each(gives, (argument) => {
        values[argument] = !!at(argument);
      });
      return values;
    };
    const secretPlaces: Path[] = [];
    each(SECRET_ARGUMENTS, (argument) => {
      const place = placeOf(binding, argument);
      if (place) put(secretPlaces, place);
    });
    const isGetter = answersToken || binding.keepsSession === true;
    // The one with the most arguments first.
    each(split(binding.method, '|'), (method) => {
      const all = concat(meanings[method] ?? [], [{ does: name, takes: names.length, told, secretPlaces, isGetter, answersToken }]);
      meanings[method] = descending(all, ({ takes }) => takes);
    });
  });
  const meaningOf = ({ method, args }: ObservedCall): Meaning | undefined => {
    const all = meanings[method] ?? [];
    // One method may perform two operations, depending on its arguments.
    let given = 0;
    while (given < args.length && typeof args[given] !== 'function' && args[given] !== undefined) given += 1;
    return find(all, ({ takes }) => takes <= given) ?? all[all.length - 1];
  };
  const cameOut = (came: Came | null): CallDetail =>
    came ? (came.ok ? { value: plain(came.value, CALL) } : { error: errorFrom(dialect.error, came.value) }) : {};
  /** The result of a call, with secret arguments and a token masked. */
  const outOf = (its: ObservedCall, { answersToken, isBridge }: Meaning, came: Came | null): CallDetail => {
    const known = its.entered;
    // Its secrets are no longer known, so nothing that may repeat them is reported.
    if (!known || (isBridge && came?.ok)) return {};
    const token = came?.ok && answersToken ? tokenFrom(dialect.token, came.value)?.raw : undefined;
    return veiled(concat(known.secrets, token ? [token] : []), () => cameOut(came));
  };
  const wentIn = (its: ObservedCall): CallDetail => {
    const { args } = its.entered ?? {};
    return args === undefined ? {} : { args, site: its.site() };
  };
  const numberOf = (its: ObservedCall): number => {
    if (its.number === undefined) {
      calls += 1;
      its.number = calls;
    }
    return its.number;
  };
  const tell = (its: ObservedCall, phase: CallNews['phase'], value?: unknown) => {
    const meaning = meaningOf(its);
    if (!meaning || meaning.isGetter) return;
    const over = phase === 'succeeded' || phase === 'failed' || phase === 'returned';
    const came = over ? { ok: phase !== 'failed', value } : null;
    const detail = phase === 'called' ? wentIn(its) : outOf(its, meaning, came);
    push({ kind: 'call', client: ref, call: numberOf(its), does: meaning.does, phase, told: its.entered?.told ?? {}, detail });
  };
  /** Reports a call that leaves the session unchanged. @param came `null`: no answer came */
  const tellLook = (its: ObservedCall, meaning: Meaning, came: Came | null) => {
    const endedAt = came ? pageNow() : null;
    // A promise isn't awaited to learn its outcome: that would hide its rejection from the page.
    const ok = came && (came.ok && !its.awaited && isThenable(came.value) ? null : came.ok);
    const { method } = its;
    gathered[method] ??= windowOf(method);
    const mine = gathered[method];
    // A site may call this for every frame that it draws: repeated results are only counted, and so are floods of calls.
    const isCounted = (ok && !its.args.length && isSame(mine, came?.value)) || mine.told >= FLOOD;
    if (isCounted && mine.news) {
      count(mine.news, ok, endedAt);
      return;
    }
    const news: LookNews = {
      kind: 'look',
      client: ref,
      call: numberOf(its),
      does: meaning.does,
      begun: its.begun,
      endedAt,
      ok,
      times: 1,
      detail: { ...wentIn(its), ...outOf(its, meaning, came) },
    };
    if (isCounted) {
      mine.news = news;
      return;
    }
    if (mine.news) push(mine.news);
    push(news);
    mine.news = null;
    mine.value = came?.value;
    mine.told += 1;
  };
  const isSame = ({ told, value }: Gathered, next: unknown) => told > 0 && value === next && (next === null || typeof next !== 'object');
  const count = (news: LookNews, ok: boolean | null, endedAt: number | null): void => {
    news.endedAt = endedAt;
    if (news.ok !== ok) news.ok = null;
    news.times += 1;
  };
  /** Starts the window in which calls of one method are gathered. */
  const windowOf = (method: string): Gathered => {
    const mine: Gathered = { value: undefined, told: 0, news: null };
    clock.set(() => {
      delete gathered[method];
      if (mine.news) push(mine.news);
    }, GATHER);
    return mine;
  };

  return {
    methods: keys(meanings),
    repeat(method) {
      const mine = gathered[method];
      return mine?.news
        ? (answer) => {
            // The method may have called itself, and that call been reported.
            if (!mine.news || !isSame(mine, answer)) return false;
            count(mine.news, true, pageNow());
            return true;
          }
        : undefined;
    },
    called(its) {
      const meaning = meaningOf(its);
      // In a flood, arguments are not read.
      if (meaning && !(meaning.isGetter && (gathered[its.method]?.told ?? 0) >= FLOOD)) {
        its.entered = { ...enter(its.args, meaning.secretPlaces), told: meaning.told(its.args) };
        put(open, its);
      }
      // Some calls never end (facts §1.3).
      if (open.length > MOST_ENTERED) close(open[0] as ObservedCall);
      tell(its, 'called');
    },
    ended(its, succeeded, value) {
      const meaning = meaningOf(its);
      if (meaning?.isGetter) tellLook(its, meaning, { ok: succeeded, value });
      else tell(its, !succeeded ? 'failed' : its.awaited ? 'succeeded' : 'returned', value);
      close(its);
      return meaning;
    },
    dropped(its) {
      tell(its, 'dropped');
      close(its);
    },
    unanswered(its) {
      const meaning = meaningOf(its);
      if (meaning?.isGetter) tellLook(its, meaning, null);
      else tell(its, 'unanswered');
    },
  };
}
