/** What an operation of the catalog is, and what it asks for. */
import type { Plain } from './plain-data';

/**
 * What shows that an operation did its work. `answer` and `nothing` are shown by the callback alone;
 * `conditions` too, and the session is read again before it is told, since such an answer may have signed somebody in.
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

/** What a text must look like. */
export type Format = 'uuid' | 'jwt' | 'email' | 'phone' | 'date' | 'url';

/** One argument, by its canonical name. */
export type Argument = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Asked only while other arguments have one of these values. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /** Not what the operation is about: asked for aside. */
  readonly aside?: true;
  /** `null` may be sent, which resets the field. */
  readonly resets?: true;
  /** The agreement of the account that it sets anew: filled in as it is. */
  readonly agreement?: string;
} & (
  | {
      readonly type: 'text';
      readonly required: boolean;
      readonly format?: Format;
      /** Never shown as it is typed, never kept, and masked wherever the page repeats it. */
      readonly secret?: true;
    }
  | {
      readonly type: 'choice';
      readonly options: readonly string[];
      /** Words for options that are no canonical values of the SDK. */
      readonly words?: Readonly<Record<string, string>>;
      /** May be left out; else the first option is chosen. */
      readonly optional?: true;
    }
  | { readonly type: 'flag' }
  /** Yes, no, or left as it is: then `null` is sent, or nothing where it is a field of a context. */
  | { readonly type: 'tristate' }
  /** Several of the kind, by name: an object of those that are yes or no. */
  | { readonly type: 'tristates'; readonly of: readonly string[] }
  /** Texts, separated by commas as they are typed: an array. */
  | { readonly type: 'list'; readonly required?: false }
  /** Keys and JSON values: an object. */
  | { readonly type: 'map'; readonly required?: false }
);

export type ArgumentValue = string | boolean | null | readonly string[] | { readonly [key: string]: Plain };
export type ArgumentValues = Readonly<Record<string, ArgumentValue>>;

/** What is known of an operation on a customer's account (facts §1.2, §4). */
export interface AccountMatter {
  /** `customer`: the vendor's pages say that it needs a signed-in customer; `anonymous`: that it does nothing for one; `anyone`: neither. */
  readonly needs: 'customer' | 'anonymous' | 'anyone';
  /** The permission that the API key must have; `null` where none is documented. */
  readonly permission: string | null;
  /** It may change what `getAccount` answers. */
  readonly changes?: true;
  /** Its fields are those of the account: filled in with what is known, and only what changed is sent. */
  readonly edits?: true;
  /** The customer's e-mail is typed before it runs. */
  readonly confirmedByEmail?: true;
  /** At least one of these arguments is needed, and what to say where none is given. */
  readonly needsOne?: { readonly of: readonly string[]; readonly otherwise: string };
  /** What follows it, and where what it asks for comes from. */
  readonly leadsTo?: readonly {
    readonly operation: string;
    readonly about: string;
    /** The status that a conditional sign-in answered; else always. */
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
  /** What running it loses; empty where nothing is. A loss is confirmed first. */
  loses(args: ArgumentValues): readonly string[];
  /** The vendor's pages say that it works for anonymous customers only. */
  readonly anonymousOnly?: true;
  /** Repeating it with the same argument may rightly change nothing. */
  readonly seeded?: true;
  /** The argument that the customer's UUID, or token, is to be afterwards. */
  readonly aim?: 'uuid' | 'token';
  /** What to know beforehand, where the vendor's pages and the SDKs disagree. */
  readonly note?: string;
  /** Set for what works on the customer's account. */
  readonly account?: AccountMatter;
}

export type AccountGroup = 'profile' | 'sign-in' | 'registration' | 'password' | 'email' | 'phone' | 'deletion';
