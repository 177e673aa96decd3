import type { ChangeName } from '../changes';
import type { Argument } from '../operation';
import type { OperationName } from '../operations';
import type { Plain } from '../plain-data';
import type { DialectName } from './names';

/**
 * The way to a value, as data: members joined by `.`; `name()` is called without arguments; a leading `^` starts at the
 * module that the SDK came in, else at the page's globals; `a|b` is the first of both that is there; the empty path is the value itself.
 */
export type Path = string;

/**
 * How an SDK method is called and answers. A promise that it returns settles it too.
 * - `sync`: returns its value or throws.
 * - `callbacks`: arguments, then `onSuccess`, `onError`, by position.
 * - `named`: arguments, then one object `{ onSuccess, onError }`.
 * - `call`: returns an object whose `execute(onSuccess, onError)` makes the call.
 */
export type Convention = 'sync' | 'callbacks' | 'named' | 'call';

/** An object that is made of several arguments: a context, in the vendor's words. */
export interface Made {
  /** Canonical names of its fields: those that were given are in it. */
  readonly of: readonly string[];
  /** What this SDK calls some of them. */
  readonly called?: Readonly<Record<string, string>>;
  /** `null` takes its place where nothing is in it. */
  readonly optional?: true;
}

/** What is read of a value, each under its name. */
export type Reads = { readonly [name: string]: Path | Reads };

/** One argument of a method: the canonical name of a value, or an object made of several. */
export type Passed = string | Made;

/** One step of an emulated operation. `args` name arguments of the run. */
export type Step =
  | { readonly do: 'call'; readonly method: Path; readonly args: readonly string[]; readonly optional?: true }
  | { readonly do: 'answer'; readonly value: Path }
  | { readonly do: 'give'; readonly arg: string }
  /** Removes the cookies whose name begins so, as far as script reaches them, and answers what is left. */
  | { readonly do: 'forget'; readonly cookies: string }
  | { readonly do: 'reload' };

/** How a view makes the argument `uuid` of an emulated operation: at random, from an identifier, or the UUID before. */
export type UuidSource = 'random' | 'recipe' | 'previous';

/** How a dialect performs one operation. */
export type Binding =
  | {
      readonly kind: 'native';
      /** From the client, such as `getUUID` or `jwt.getAccessToken`; `a|b` where the SDK renamed it. */
      readonly method: Path;
      /** How its name is written for people, where that is not the first of the path. */
      readonly written?: string;
      readonly convention: Convention;
      /** In the SDK's own order. What was not given is `null`. */
      readonly args: readonly Passed[];
      /** More that goes into the object of the callbacks, by the SDK's names; what was not given is left out. */
      readonly named?: Readonly<Record<string, Passed>>;
      /** What takes the place of an argument that was not given, where `null` does harm. */
      readonly blank?: Readonly<Record<string, Plain>>;
      /** How this SDK asks for an argument where that differs from the catalog. */
      readonly asks?: Readonly<Record<string, Partial<Argument>>>;
      /** How the answer is read where it tells itself through methods only. */
      readonly reads?: Reads;
      /** First SDK version that has the method. */
      readonly since?: string;
      /** The success value is a token. */
      readonly answersToken?: true;
      /** Canonical names of arguments that decide what the method does, and are no secret: constants of the SDK. */
      readonly tells?: readonly string[];
      /** The same of arguments of which only that they were given is told. */
      readonly given?: readonly string[];
      /** The session stays as it is: no token is read after it. */
      readonly keepsSession?: true;
    }
  | {
      readonly kind: 'emulated';
      /** What the steps do together, in a sentence. */
      readonly about: string;
      readonly steps: readonly Step[];
      readonly uuid?: UuidSource;
      /** What is lost, where that is not what the operation's own method loses. */
      readonly loses?: readonly string[];
      /** Arguments beside the operation's own. */
      readonly asks?: readonly Argument[];
      readonly keepsSession?: true;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Where an SDK stands on a page, and by what it is known. */
export interface Stand {
  /** Names of globals. */
  readonly roots: readonly string[];
  /** The one of them that nothing else is called by. */
  readonly proper?: string;
  /** A global that holds the name of the root, where a site may choose it. */
  readonly rootNamedBy?: string;
  /** The client's member of the root; empty where the root is the client. */
  readonly member: string;
  /** Any of these on the root (`a&b`: both; `^a`: a global) tells that the SDK stands there, ready or not; without, it stands there when it is ready. */
  readonly marks?: readonly string[];
  /** Any of these on the root tells that another SDK stands there. */
  readonly lacks?: readonly string[];
  /** Members that only this SDK has, and how many of them must be there before anything of a global with a common name is called. */
  readonly sure?: { readonly members: readonly string[]; readonly least: number };
  /** Asked of the root before its member is touched: anything but `true` and `undefined` means not yet. */
  readonly awaits?: Path;
  /** What a ready client has, all of them. */
  readonly shape: readonly Path[];
  /** What tells such a client from others where it is handed over by itself. */
  readonly bare?: readonly Path[];
}

/** How a token is read. `raw` of `''` is the value itself. */
export interface TokenPaths {
  readonly raw: Path;
  /** A `Date`, or a number in s or ms: 1e11 s lies beyond the year 5000, and 1e11 ms before 1974. */
  readonly expiresAt?: Path;
  readonly origin?: Path;
  readonly realm?: Path;
  readonly clientId?: Path;
  readonly customId?: Path;
  /** What the SDK itself says of a near expiry. */
  readonly nearExpiry?: Path;
  /** True where a successful answer of null says that there is no token. */
  readonly mayBeNone?: true;
}

/** One SDK shape: all that is known of it, as data. The agent in the page is given it and interprets it. */
export interface DialectTable {
  readonly name: DialectName;
  readonly stand: Stand;
  /** Sampled while a view shows the client; a promise is waited for, and never asked for twice at once. */
  readonly samples: { readonly uuid: Path; readonly signedIn?: Path; readonly simpleAuth?: Path };
  /** More that is sampled, each shown under its name. */
  readonly facts?: Readonly<Record<string, Path>>;
  /** Cookies whose names begin so are sampled. */
  readonly cookies?: string;
  /** What Web Storage has under keys that contain one of these words, whatever their case, is sampled. */
  readonly stores?: readonly string[];
  readonly token: TokenPaths;
  readonly error: {
    readonly code: Path;
    readonly message: Path;
    /** What an error object tells only through methods, for its whole. */
    readonly detail?: Reads;
  };
  /** Its Android bridge keeps one call of a kind: a second cancels the first, whose callbacks never come (facts §1.3, §8). */
  readonly cancels?: true;
  /** Objects that are made for it (`Made`) have a getter `getName()` for each field. */
  readonly getters?: true;
  /** An operation that is missing here is none of this SDK's matter. */
  readonly bindings: Readonly<Partial<Record<OperationName, Binding>>>;
  /** Methods outside the catalog that change the session when the page calls them. */
  readonly alsoChange: Readonly<Record<Path, ChangeName>>;
  /** The method that takes the page's own listener for sign-in and sign-out, and the names of that listener's callbacks. */
  readonly listener?: { readonly method: Path; readonly signedIn: string; readonly signedOut: string };
}
