import type { ChangeName } from '../changes';
import type { Argument } from '../operation';
import type { OperationName } from '../operations';
import type { Plain } from '../plain-data';
import type { DialectName } from './names';

/**
 * A path to a value, as data: members joined by `.`; `name()` is called without arguments; a leading `^` starts at the
 * module that the SDK came in, otherwise at the page's globals; `a|b` is the first that exists; the empty path is the value itself.
 */
export type Path = string;

/**
 * How an SDK method is called, and how it returns its result. If it returns a promise, that settles the call too.
 * - `sync`: returns its value or throws.
 * - `callbacks`: arguments, then `onSuccess`, `onError`, by position.
 * - `named`: arguments, then one object `{ onSuccess, onError }`.
 * - `call`: returns an object whose `execute(onSuccess, onError)` makes the call.
 */
export type Convention = 'sync' | 'callbacks' | 'named' | 'call';

/** An object made of several arguments: a context, in the vendor's terms. */
export interface Made {
  /** Canonical names of its fields; only given ones are included. */
  readonly of: readonly string[];
  /** This SDK's names for some of them. */
  readonly called?: Readonly<Record<string, string>>;
  /** If it would be empty, `null` is passed instead. */
  readonly optional?: true;
}

/** Paths to read from a value, each under a name. */
export type Reads = { readonly [name: string]: Path | Reads };

/** One argument of a method: the canonical name of a value, or an object made of several. */
export type Passed = string | Made;

/** One step of an emulated operation. `args` name arguments of the run. */
export type Step =
  | { readonly do: 'call'; readonly method: Path; readonly args: readonly string[]; readonly optional?: true }
  | { readonly do: 'answer'; readonly value: Path }
  | { readonly do: 'give'; readonly arg: string }
  /** Removes the cookies whose names start with this, as far as scripts can, and returns those that remain. */
  | { readonly do: 'forget'; readonly cookies: string }
  | { readonly do: 'reload' };

/** How a view creates the argument `uuid` of an emulated operation: randomly, from an identifier, or the previous UUID. */
export type UuidSource = 'random' | 'recipe' | 'previous';

/** How a dialect performs one operation. */
export type Binding =
  | {
      readonly kind: 'native';
      /** Path from the client, such as `getUUID` or `jwt.getAccessToken`; `a|b` if the SDK renamed it. */
      readonly method: Path;
      /** The name to show, if it isn't the first one in `method`. */
      readonly written?: string;
      readonly convention: Convention;
      /** In the SDK's order. An argument that wasn't given is `null`. */
      readonly args: readonly Passed[];
      /** More properties for the callbacks object, by the SDK's names; those that weren't given are left out. */
      readonly named?: Readonly<Record<string, Passed>>;
      /** Values to pass for arguments that weren't given, if `null` causes problems. */
      readonly blank?: Readonly<Record<string, Plain>>;
      /** Overrides of the catalog's arguments for this SDK. */
      readonly asks?: Readonly<Record<string, Partial<Argument>>>;
      /** How to read the answer, if it is accessible only through methods. */
      readonly reads?: Reads;
      /** First SDK version with the method. */
      readonly since?: string;
      /** The success value is a token. */
      readonly answersToken?: true;
      /** Canonical names of arguments whose values are recorded: SDK constants that decide what the method does, never secret. */
      readonly tells?: readonly string[];
      /** Canonical names of arguments of which only their presence is recorded. */
      readonly given?: readonly string[];
      /** The session doesn't change, so the token isn't read afterwards. */
      readonly keepsSession?: true;
    }
  | {
      readonly kind: 'emulated';
      /** What the steps do together, in one sentence. */
      readonly about: string;
      readonly steps: readonly Step[];
      readonly uuid?: UuidSource;
      /** What is lost, if different from the operation's `loses`. */
      readonly loses?: readonly string[];
      /** Arguments besides the operation's own. */
      readonly asks?: readonly Argument[];
      readonly keepsSession?: true;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Where an SDK is on a page, and how to recognize it. */
export interface Stand {
  /** Names of globals. */
  readonly roots: readonly string[];
  /** The root whose name nothing else uses. */
  readonly proper?: string;
  /** A global that contains the name of the root, if sites can choose it. */
  readonly rootNamedBy?: string;
  /** The root's member that is the client; empty if the root is the client. */
  readonly member: string;
  /** Any of these on the root (`a&b`: both; `^a`: a global) shows the SDK, ready or not. If absent, the SDK is seen only when ready. */
  readonly marks?: readonly string[];
  /** Any of these on the root shows that it is a different SDK. */
  readonly lacks?: readonly string[];
  /** Members that only this SDK has, and how many of them a global with a common name must have before anything on it is called. */
  readonly sure?: { readonly members: readonly string[]; readonly least: number };
  /** Read from the root before its member is accessed: any value but `true` and `undefined` means not ready yet. */
  readonly awaits?: Path;
  /** Members of a ready client; all must exist. */
  readonly shape: readonly Path[];
  /** More members that must exist to recognize a client that is handed over without its root. */
  readonly bare?: readonly Path[];
}

/** How to read a token. If `raw` is `''`, the value itself is the token. */
export interface TokenPaths {
  readonly raw: Path;
  /** A `Date`, or a number in s or ms: 1e11 s lies beyond the year 5000, and 1e11 ms before 1974. */
  readonly expiresAt?: Path;
  readonly origin?: Path;
  readonly realm?: Path;
  readonly clientId?: Path;
  readonly customId?: Path;
  /** The SDK's own near-expiry flag. */
  readonly nearExpiry?: Path;
  /** A successful answer of `null` means that there is no token. */
  readonly mayBeNone?: true;
}

/** Everything known about one SDK shape, as data. The agent in the page receives and interprets it. */
export interface DialectTable {
  readonly name: DialectName;
  readonly stand: Stand;
  /** Sampled while a view shows the client. A promise is awaited, and no second call is made while it is pending. */
  readonly samples: { readonly uuid?: Path; readonly signedIn?: Path; readonly simpleAuth?: Path };
  /** Additional samples, each shown under its name. */
  readonly facts?: Readonly<Record<string, Path>>;
  /** Cookies whose names start with this are sampled. */
  readonly cookies?: string;
  /** Web Storage items whose keys contain one of these words, in any case, are sampled. */
  readonly stores?: readonly string[];
  readonly token: TokenPaths;
  readonly error: {
    readonly code: Path;
    readonly message: Path;
    /** Parts of an error object that are accessible only through methods, for its full detail. */
    readonly detail?: Reads;
  };
  /** Its Android bridge keeps one call of each kind: a second cancels the first, whose callbacks never fire (facts §1.3, §8). */
  readonly cancels?: true;
  /** Objects created for it (`Made`) have a getter `getName()` for each field. */
  readonly getters?: true;
  /** An operation that is absent here doesn't apply to this SDK. */
  readonly bindings: Readonly<Partial<Record<OperationName, Binding>>>;
  /** Methods outside the catalog that change the session when the page calls them, by path. */
  readonly alsoChange: Readonly<Record<Path, ChangeName>>;
  /** The method that takes the page's own listener for sign-in and sign-out, and the names of that listener's callbacks. */
  readonly listener?: { readonly method: Path; readonly signedIn: string; readonly signedOut: string };
}
