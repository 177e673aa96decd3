/** Types for the operations of the catalog and their arguments. */
import type { Plain } from './plain-data';

/**
 * What confirms that an operation worked. For `answer` and `nothing` the callback is enough; for `conditions` too, but the
 * session is read again before the verdict, because the call may have signed somebody in.
 */
export type Expectation =
  | 'new-uuid'
  | 'new-token'
  | 'no-token'
  | 'signed-in'
  | 'simple-auth'
  | 'signed-out'
  | 'conditions'
  | 'answer'
  | 'nothing';

/** The format that a text must have. */
export type Format = 'uuid' | 'jwt' | 'email' | 'phone' | 'date' | 'url';

/** One argument, by its canonical name. */
export type Argument = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Shown only while other arguments have one of these values. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /** Secondary: in a separate part of the form. */
  readonly aside?: true;
  /** `null` may be sent, to reset the field. */
  readonly resets?: true;
  /** The account's agreement that it overwrites; prefilled with the current value. */
  readonly agreement?: string;
} & (
  | {
      readonly type: 'text';
      readonly required: boolean;
      readonly format?: Format;
      /** Never shown while typed, never stored, and masked wherever the page repeats it. */
      readonly secret?: true;
    }
  | {
      readonly type: 'choice';
      readonly options: readonly string[];
      /** Labels for options that aren't canonical values of the SDK. */
      readonly words?: Readonly<Record<string, string>>;
      /** May be left out; otherwise the first option is preselected. */
      readonly optional?: true;
    }
  | { readonly type: 'flag' }
  /** Yes, no, or unchanged: sent as `null`, or left out if it is a field of a context. */
  | { readonly type: 'tristate' }
  /** Several tristates, by name: an object with those that are yes or no. */
  | { readonly type: 'tristates'; readonly of: readonly string[] }
  /** Texts, separated by commas when typed: an array. */
  | { readonly type: 'list'; readonly required?: false }
  /** Keys and JSON values: an object. */
  | { readonly type: 'map'; readonly required?: false }
);

export type ArgumentValue = string | boolean | null | readonly string[] | { readonly [key: string]: Plain };
export type ArgumentValues = Readonly<Record<string, ArgumentValue>>;

/** Facts about an operation on a customer's account (facts §1.2, §4). */
export interface AccountMatter {
  /** By the vendor's pages, `customer`: needs a signed-in customer; `anonymous`: has no effect for one; `anyone`: neither. */
  readonly needs: 'customer' | 'anonymous' | 'anyone';
  /** The permission that the API key must have; `null` if none is documented. */
  readonly permission: string | null;
  /** It may change what `getAccount` returns. */
  readonly changes?: true;
  /** Its fields are those of the account: prefilled with known values, and only changed ones are sent. */
  readonly edits?: true;
  /** The person must type the customer's email before it runs. */
  readonly confirmedByEmail?: true;
  /** At least one of these arguments is required; `otherwise` is the message if none is given. */
  readonly needsOne?: { readonly of: readonly string[]; readonly otherwise: string };
  /** The operations that follow, and where their arguments come from. */
  readonly leadsTo?: readonly {
    readonly operation: string;
    readonly about: string;
    /** Only after a conditional sign-in that returned this status; always if absent. */
    readonly when?: string;
  }[];
}

export interface Operation {
  readonly label: string;
  /** One sentence for the tooltip. */
  readonly about: string;
  readonly group: 'token' | 'uuid' | 'end' | AccountGroup;
  readonly args: readonly Argument[];
  expects(args: ArgumentValues): Expectation;
  /** What is lost by running it; empty if nothing. The person confirms a loss first. */
  loses(args: ArgumentValues): readonly string[];
  /** The vendor's pages say that it works for anonymous customers only. */
  readonly anonymousOnly?: true;
  /** Repeating it with the same argument may legitimately change nothing. */
  readonly seeded?: true;
  /** The argument that the customer's UUID or token should equal afterwards. */
  readonly aim?: 'uuid' | 'token';
  /** A caveat to show beforehand, such as one on which the vendor's pages and the SDKs disagree. */
  readonly note?: string;
  /** Set for operations on the customer's account. */
  readonly account?: AccountMatter;
}

export type AccountGroup = 'profile' | 'sign-in' | 'registration' | 'password' | 'email' | 'phone' | 'deletion';
